"""Where the dbt project is, and what is named from there."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from platform_employment.errors import UserError

DATABASE_VARIABLE = "PLATFORM_EMPLOYMENT_DATABASE"
DEFAULT_DATABASE = "dev.duckdb"


def add_project_dir(parser: argparse.ArgumentParser) -> None:
    """Add the option that `find_project` takes."""
    parser.add_argument(
        "--project-dir",
        metavar="DIR",
        type=Path,
        help="folder with dbt_project.yml; by default this folder or the nearest above it",
    )


def find_project(given: Path | None) -> Path:
    """Return the folder with dbt_project.yml: the given one, or the nearest from here upwards.

    Raises UserError when it does not exist.
    """
    if given is not None:
        if (given / "dbt_project.yml").is_file():
            return given.absolute()
        raise UserError(f"{given}: no dbt_project.yml in this folder")
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "dbt_project.yml").is_file():
            return folder
    raise UserError("no dbt_project.yml here or above; give --project-dir")


def named_path(project: Path, named: str) -> Path:
    """Return the path that a variable names: `~` is home, a relative one begins at the project."""
    # unlike the one of pathlib this leaves a name like ~$lock.csv alone
    return project / os.path.expanduser(named)  # noqa: PTH111
