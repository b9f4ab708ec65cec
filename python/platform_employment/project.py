"""Where the dbt project is."""

from __future__ import annotations

from pathlib import Path

from platform_employment.errors import UserError


def find_project(given: Path | None) -> Path:
    """Give the folder with dbt_project.yml: the given one, or the nearest from here upwards.

    Raises UserError when there is none.
    """
    if given is not None:
        if (given / "dbt_project.yml").is_file():
            return given
        raise UserError(f"{given}: no dbt_project.yml in this folder")
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "dbt_project.yml").is_file():
            return folder
    raise UserError("no dbt_project.yml here or above; give --project-dir")
