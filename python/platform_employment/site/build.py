"""The docs folder of a build: one function and the command `docs`."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from platform_employment.command_help import add_command
from platform_employment.errors import UserError
from platform_employment.project import (
    DATABASE_VARIABLE,
    DEFAULT_DATABASE,
    add_project_dir,
    find_project,
)
from platform_employment.site.pages import DBT_PAGE, Release, write_pages

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

DBT_FILES = ("manifest.json", "catalog.json", "static_index.html")


def build_docs(target: Path, database: Path, folder: Path, release: Release | None = None) -> None:
    """Write the docs of a build into a folder that opens from disk without a network.

    Parameters
    ----------
    target
        Folder that `dbt docs generate --static` wrote.
    database
        The built warehouse, opened read-only.
    folder
        Created if it is missing; pages in it are replaced.
    release
        What the pages show of the build, by default the day on which dbt wrote its manifest.

    Raises
    ------
    UserError
        One of these is missing or does not fit the others.
    """
    for path in (target / name for name in DBT_FILES):
        if not path.is_file():
            raise UserError(f'{path} is missing. Run "dbt docs generate --static" first.')
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(target / "static_index.html", folder / DBT_PAGE)
    write_own_pages(target, database, folder, release)


def write_own_pages(
    target: Path, database: Path, folder: Path, release: Release | None = None
) -> None:
    """Write the pages of this package into a folder that exists, as `build_docs` does."""
    manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    metadata = manifest["metadata"]
    write_pages(
        database,
        folder,
        metadata["project_name"],
        release or Release(metadata["generated_at"][:10]),
        seed_hashes(manifest),
    )


def seed_hashes(manifest: Mapping[str, Any]) -> dict[str, str]:
    """Return the sha256 of each file that a seed was read from, by its path."""
    found = {}
    for node in manifest["nodes"].values():
        path = Path(node.get("root_path") or "") / node["original_file_path"]
        if node["resource_type"] == "seed" and path.is_file():
            found[node["original_file_path"]] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def default_database(project: Path) -> Path:
    """Return the warehouse that the profile of the project names."""
    return project / os.environ.get(DATABASE_VARIABLE, DEFAULT_DATABASE)


def add_parser(subparsers: Subparsers) -> None:
    """Add the command `docs`."""
    parser = add_command(
        subparsers,
        "docs",
        "write the pages of a build into a folder",
        "Writes the pages of a build. Run `dbt docs generate --static` before.",
        ["docs --output pages"],
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
        help="the built warehouse (default: the database of the profile)",
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
