"""A release as BI tools see it: the small database, csv, Parquet, workbook and metrics."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Project, shared_folder

from platform_employment.database import connect
from platform_employment.dbt.artifacts import read_artifacts
from platform_employment.release.dictionary import Described, in_order, read_dictionary, read_words
from platform_employment.release.exports import write_parquet
from platform_employment.release.formats.marts_file import ReleaseRow, extras, write_marts_file
from platform_employment.release.formats.spreadsheets import write_datapackage, write_workbook
from platform_employment.release.formats.superset import write_superset
from platform_employment.release.store import MARTS_FILE, WORKBOOK_FILE
from platform_employment.release.table_hashes import read_relation

RELEASE = ReleaseRow("20260101T000000Z-abcdef01", "2026-01-01T00:00:00Z", "abc", "def")


@pytest.fixture(scope="session")
def release_root(built_project: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one release, of what BI tools read alone."""
    return shared_folder(tmp_path_factory, "star", lambda root: write_release(built_project, root))


def write_release(built_project: Project, root: Path) -> None:
    """Write one release of what BI tools read."""
    folder = root / "releases" / RELEASE.release_id
    folder.mkdir(parents=True)
    (root / "releases/current").symlink_to(folder.name)
    with connect(built_project.database) as connection:
        described = read_dictionary(connection, read_artifacts(built_project.folder / "target"))
        made = extras(described, read_words(connection), RELEASE)
        headline = [table for table in described if table.name == "headline"]
        summaries = {table.table: read_relation(connection, table.table) for table in headline}
        write_parquet(connection, headline, summaries, folder / "parquet")
    small = folder / MARTS_FILE
    write_marts_file(built_project.database, described, made, small)
    tables = in_order([*described, *(extra.described for extra in made)])
    with connect(small) as connection:
        write_datapackage(connection, tables, RELEASE, folder / "csv")
        write_workbook(connection, tables, RELEASE, 0, folder / WORKBOOK_FILE)
    write_superset(tables, RELEASE, folder / "superset")


@pytest.fixture(scope="session")
def star(release_root: Path) -> Path:
    """The small database of the project."""
    return release_root / "releases" / RELEASE.release_id / MARTS_FILE


@pytest.fixture(scope="session")
def tables(built_project: Project) -> list[Described]:
    """Its tables, in order."""
    with connect(built_project.database) as connection:
        described = read_dictionary(connection, read_artifacts(built_project.folder / "target"))
        made = extras(described, read_words(connection), RELEASE)
    return in_order([*described, *(extra.described for extra in made)])
