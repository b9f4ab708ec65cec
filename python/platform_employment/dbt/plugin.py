"""What dbt's DuckDB connection is given: input checks as functions, and access to input files.

dbt loads `Plugin` because `profiles.yml` names this module. SQL can then call the functions
below, and reads only the files of the project's seeds, of the folder of own data, and those
that the environment names.
"""

from __future__ import annotations

import gc
import os
import re
from pathlib import Path
from typing import Any

import duckdb
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt.flags import get_flags
from dbt_common.exceptions import DbtRuntimeError
from duckdb import DuckDBPyConnection

from platform_employment.dbt.build_inputs import (
    SPOOL_FILE,
    BuildInputs,
    named_inputs,
    previous_checks,
    refuse_unknown_variables,
)
from platform_employment.dbt.connection import InputFunctions, limit_memory
from platform_employment.errors import UserError, in_one_line
from platform_employment.formatting import masked, quoted
from platform_employment.project import DATABASE_VARIABLE
from platform_employment.validation.postgres import is_address

_SCHEME = re.compile(r"\w+:")


class Plugin(BasePlugin):
    """Prepares the connection before dbt uses it."""

    def initialize(self, plugin_config: dict[str, Any]) -> None:
        """Find what the environment names; a mistake in it is the first finding."""
        gc.freeze()  # dbt keeps its project to the end: the collector need not search it again
        project = Path(_flag("PROJECT_DIR", "."))
        if self.creds is not None:
            named = os.environ.get(DATABASE_VARIABLE, self.creds.path)
            if refusal := unusable_database(project, named):
                raise DbtRuntimeError(refusal)
            # profiles.yml has its name alone
            self.creds.path = str(project / named)
        self._fault: str | None = None
        self._previous: Path | None = None
        try:
            variables = _flag("VARS", {})
            refuse_unknown_variables(project, variables)
            spool = spool_folder(project) / SPOOL_FILE
            self._inputs = named_inputs(project, spool, variables=variables)
            self._previous = previous_checks(project)
        except (UserError, OSError) as error:
            self._inputs = BuildInputs(project / "seeds")
            self._fault = in_one_line(error)

    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        """Register the functions, then restrict SQL to the input files."""
        functions = InputFunctions(self._inputs, self._previous)
        conn.create_function("input_findings", self.findings, [], "varchar[]")
        conn.create_function("input_notes", self.notes, [], "varchar[]")
        functions.register(conn)
        self._fault = self._fault or limit_memory(conn)
        functions.restrict_file_access(conn)

    def findings(self) -> list[str]:
        """Run validation over every file that this build reads: one line per finding."""
        return [self._fault] if self._fault else list(self._inputs.findings())

    def notes(self) -> list[str]:
        """Describe which rows this build leaves out, as they were published later."""
        return list(self._inputs.notes)


def unusable_database(project: Path, named: str) -> str | None:
    """Return the reason why dbt cannot write to a database; without this it prints tracebacks.

    named: its file, a relative one is seen from the project.
    """
    file = project / named
    problem = None
    if is_address(named) or _SCHEME.match(named):
        problem = "an address; name a file on this machine"
    elif file.is_dir():
        problem = "a folder; name a file in it"
    elif not file.parent.is_dir():
        problem = "no such folder; make it, or name another file"
    elif file.exists():
        problem = _opening_problem(file)
    return f"{DATABASE_VARIABLE}: {quoted(masked(named))}: {problem}" if problem else None


def _opening_problem(file: Path) -> str | None:
    try:
        duckdb.connect(str(file)).close()
    except duckdb.Error as error:
        text = str(error)
        if "lock on file" not in text:
            return "not a database of this DuckDB; name another file"
        holder = re.search(r"PID [0-9]+", text)
        other = f"another program ({holder[0]})" if holder else "another program"
        return f"open in {other}; close it there, or name another file"
    return None


def spool_folder(project: Path) -> Path:
    """Return the folder of dbt's artefacts: one build at a time writes there."""
    return project / str(_flag("TARGET_PATH", "target"))


def _flag(name: str, default: Any) -> Any:
    """Return an option of the dbt command that runs."""
    flags = get_flags()  # type: ignore[no-untyped-call]
    return getattr(flags, name, None) or default
