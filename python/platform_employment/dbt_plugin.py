"""What dbt's DuckDB connection is given: the input gates as a function, and a fence.

dbt loads `Plugin` because `profiles.yml` names this module. SQL can then call `input_findings`,
and reads only the files of the project's seeds and of the folder of own data.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from dbt.adapters.duckdb.plugins import BasePlugin

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

INPUTS_VARIABLE = "PLATFORM_EMPLOYMENT_INPUTS"
SEEDS = Path("seeds")


class Plugin(BasePlugin):
    """Prepares the connection before dbt uses it; the working folder is the dbt project."""

    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        """Register the functions of this module, then fence SQL in to the input folders."""
        conn.create_function("input_findings", input_findings, [], "VARCHAR[]", side_effects=True)
        conn.create_function("input_file", input_file, ["VARCHAR"], "VARCHAR")
        folders = [SEEDS.resolve()]
        if inputs := own_inputs():
            folders.append(inputs.resolve())
        conn.execute("set allowed_directories = ?", [[f"{folder}/" for folder in folders]])
        conn.execute("set enable_external_access = false")
        conn.execute("set lock_configuration = true")


def own_inputs() -> Path | None:
    """Give the folder of own data that the environment names, if it names one."""
    folder = os.environ.get(INPUTS_VARIABLE)
    return Path(folder) if folder else None


def input_file(table: str) -> str:
    """Give the path of a table such as `platform/institutions.csv`: own data before the seed."""
    inputs = own_inputs()
    if inputs and (inputs / table).is_file():
        return str((inputs / table).resolve())
    return str((SEEDS / table).resolve())


def input_findings() -> list[str]:
    """Run the gates over every table that this build reads: one line a finding, empty if none."""
    # imported here: dbt loads this module whenever it starts
    from platform_employment.gates.errors import UserError  # noqa: PLC0415
    from platform_employment.gates.report import check_tables  # noqa: PLC0415
    from platform_employment.gates.schemas import load_schemas  # noqa: PLC0415

    try:
        report = check_tables(SEEDS, load_schemas(SEEDS), own_inputs())
    except UserError as error:
        return [str(error)]
    return [str(finding) for finding in report.findings]
