"""Fill the folder of a release: exports, changes, manifest, checksums."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from platform_employment.dbt.artifacts import MANIFEST, RUN_RESULTS, Artifacts
from platform_employment.dbt.run import DbtRun
from platform_employment.release.audit import Audit
from platform_employment.release.changelog import new_lines
from platform_employment.release.checksums import checksums, hash_files
from platform_employment.release.datapackage import write_datapackage
from platform_employment.release.dictionary import in_order, read_dictionary, read_words
from platform_employment.release.diff import Difference, Move, Side, compare, read_side, unnamed
from platform_employment.release.export import json_bytes, write_parquet, write_validation
from platform_employment.release.inputs import sha256_of
from platform_employment.release.manifest import Previous, Provenance, make_statement
from platform_employment.release.marts_file import ReleaseRow, extras, write_marts_file
from platform_employment.release.method_sql import write_methods
from platform_employment.release.openlineage import write_lineage
from platform_employment.release.printed import difference_lines
from platform_employment.release.signature import sign
from platform_employment.release.stops import ReleaseError
from platform_employment.release.store import (
    CHANGELOG_FILE,
    CHANGES_FILE,
    CHECKSUMS_FILE,
    CSV_FOLDER,
    DATABASE_FILE,
    DBT_FOLDER,
    ENVELOPE_FILE,
    LINEAGE_FOLDER,
    MANIFEST_FILE,
    MARTS_FILE,
    METHOD_FOLDER,
    METRICS_FILE,
    PARQUET_FOLDER,
    SUPERSET_FOLDER,
    VALIDATION_FOLDER,
    WORKBOOK_FILE,
    Store,
)
from platform_employment.release.summaries import connect
from platform_employment.release.sums import check_sums
from platform_employment.release.superset import write_superset
from platform_employment.release.workbook import write_workbook

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_ARTIFACTS = (MANIFEST, RUN_RESULTS, "catalog.json", METRICS_FILE)


@dataclass(frozen=True)
class Changes:
    """What moved since the release before; fault says why that could not be found out."""

    moves: int = 0
    unnamed: tuple[Move, ...] = ()
    fault: str | None = None


def write_exports(
    dbt: DbtRun,
    artifacts: Artifacts,
    audit: Audit,
    release: ReleaseRow,
    committed: int,
    folder: Path,
) -> None:
    """Write the warehouse in all its forms, and move the database itself, into a folder.

    artifacts: of the run; committed: time of the commit in seconds since 1970, for what must
    not hold the time of the build.
    """
    database = dbt.database
    with connect(database) as connection:
        described = read_dictionary(connection, artifacts)
        made = extras(described, read_words(connection), release)
    write_parquet(database, described, audit.tables, folder / PARQUET_FOLDER)
    small = folder / MARTS_FILE
    write_marts_file(database, described, made, small)
    tables = in_order([*described, *(extra.described for extra in made)])
    check_sums(small, tables)
    write_datapackage(small, tables, release, folder / CSV_FOLDER)
    write_superset(tables, release, folder / SUPERSET_FOLDER)
    write_workbook(small, tables, release, committed, folder / WORKBOOK_FILE)
    write_methods(database, folder / METHOD_FOLDER)
    write_validation(artifacts, audit.expectations, folder / VALIDATION_FOLDER)
    write_lineage(artifacts, audit.tables, audit.expectations, committed, folder / LINEAGE_FOLDER)
    (folder / DBT_FOLDER).mkdir()
    for name in _ARTIFACTS:
        shutil.copyfile(dbt.target / name, folder / DBT_FOLDER / name)
    if (dbt.project / CHANGELOG_FILE).is_file():
        shutil.copyfile(dbt.project / CHANGELOG_FILE, folder / CHANGELOG_FILE)
    database.rename(folder / DATABASE_FILE)


def write_changes(store: Store, provenance: Provenance, folder: Path) -> Changes:
    """Write down what moved since the release before, if there was one."""
    if provenance.previous is None:
        return Changes()
    previous = provenance.previous.release_id
    after = Side(folder / DATABASE_FILE, provenance.artifacts, make_statement(provenance, {}))
    try:
        difference = compare(read_side(store.folder(previous)), after)
    except ReleaseError as error:
        return Changes(fault=str(error))
    lines = difference_lines(previous, provenance.release_id, difference, show_all=True)
    text = "".join(f"{line}\n" for line in lines)
    (folder / CHANGES_FILE).write_text(text, encoding="utf-8")
    return Changes(len(difference.moves), _not_in_changelog(store, previous, difference, folder))


def _not_in_changelog(
    store: Store, previous: str, difference: Difference, folder: Path
) -> tuple[Move, ...]:
    if difference.rests_on_own:
        # the CHANGELOG of the project says nothing of other people's figures
        return ()
    earlier = store.folder(previous) / CHANGELOG_FILE
    return tuple(unnamed(difference.moves, new_lines(folder / CHANGELOG_FILE, earlier)))


def write_manifest(provenance: Provenance, key: Ed25519PrivateKey | None, folder: Path) -> None:
    """Write the manifest, its signature if there is a key, and the checksums of all files."""
    statement = json_bytes(make_statement(provenance, hash_files(folder)))
    (folder / MANIFEST_FILE).write_bytes(statement)
    if key:
        (folder / ENVELOPE_FILE).write_bytes(sign(statement, key))
    (folder / CHECKSUMS_FILE).write_bytes(checksums(hash_files(folder)))


def previous_release(store: Store) -> Previous | None:
    """Give the release that is current now."""
    release_id = store.current_id()
    if release_id is None:
        return None
    manifest = store.folder(release_id) / MANIFEST_FILE
    return Previous(release_id, sha256_of(manifest)) if manifest.is_file() else None


def database_settings(database: Path) -> dict[str, str]:
    """Give the settings that are kept in a database file."""
    with connect(database) as connection:
        row = connection.execute(
            "select tags['storage_version'] from duckdb_databases()"
            " where database_name = current_database()"
        ).fetchone()
    return {"storage_version": str(row[0]) if row else "unknown"}
