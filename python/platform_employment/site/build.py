"""The docs folder of a build: one function and the command `docs`."""

from __future__ import annotations

import argparse
import hashlib
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from platform_employment.errors import UserError
from platform_employment.project import add_project_dir, find_project
from platform_employment.site import column_lineage
from platform_employment.site.pages import (
    COLUMNS_PAGE,
    DBT_PAGE,
    Release,
    default_database,
    write_pages,
)
from platform_employment.site.queries import Table

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

DBT_FILES = ("manifest.json", "catalog.json", "static_index.html")


def build_docs(target: Path, database: Path, folder: Path, release: Release | None = None) -> None:
    """Write the docs of a build into a folder that opens from disk without a network.

    target: what `dbt docs generate --static` wrote; database: the built warehouse, only read;
    folder: made if need be, pages in it are replaced; release: what the pages say of the build,
    by default when dbt wrote its manifest.

    Raises:
        UserError: something of this is not there or does not fit the rest.
    """
    for path in (target / name for name in DBT_FILES):
        if not path.is_file():
            raise UserError(f"{path}: no such file: run `dbt docs generate --static` first")
    colibri = column_lineage.find_colibri()
    folder.mkdir(parents=True, exist_ok=True)
    column_lineage.write_page(colibri, target, folder / COLUMNS_PAGE)
    shutil.copyfile(target / "static_index.html", folder / DBT_PAGE)
    write_own_pages(target, database, folder, release)


def write_own_pages(
    target: Path, database: Path, folder: Path, release: Release | None = None
) -> None:
    """Write our own pages into a folder that exists, as `build_docs` does."""
    manifest = column_lineage.read_manifest(target)
    metadata = manifest["metadata"]
    write_pages(
        database,
        folder,
        metadata["project_name"],
        release or Release(metadata["generated_at"][:10]),
        seed_files(manifest),
    )


def seed_files(manifest: Mapping[str, Any]) -> Table:
    """The files that the seeds were read from, with their hashes."""
    rows: list[list[Any]] = []
    for node in manifest["nodes"].values():
        path = Path(node.get("root_path") or "") / node["original_file_path"]
        if node["resource_type"] == "seed" and path.is_file():
            content = path.read_bytes()
            lines = max(content.count(b"\n") - 1, 0)
            rows.append([node["original_file_path"], lines, hashlib.sha256(content).hexdigest()])
    return Table(["file", "rows", "sha256"], sorted(rows))


def add_parser(subparsers: Subparsers) -> None:
    """Add the command `docs`."""
    parser = subparsers.add_parser(
        "docs",
        help="write the pages of a build into a folder",
        description="Writes the docs of a build; run `dbt docs generate --static` before.",
    )
    add_project_dir(parser)
    parser.add_argument(
        "--target-path",
        metavar="DIR",
        type=Path,
        help="folder of dbt's artefacts (default: target in the project)",
    )
    parser.add_argument(
        "--database",
        metavar="FILE",
        type=Path,
        help="the built warehouse (default: that of the profile)",
    )
    parser.add_argument(
        "--output",
        metavar="DIR",
        type=Path,
        help="folder to write (default: docs/site in the project)",
    )
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    project = find_project(arguments.project_dir)
    folder = arguments.output or project / "docs" / "site"
    build_docs(
        arguments.target_path or project / "target",
        arguments.database or default_database(project),
        folder,
    )
    print(f"open {folder / 'index.html'}")
    return 0
