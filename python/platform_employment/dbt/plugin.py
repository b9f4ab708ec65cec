"""What dbt's DuckDB connection is given: the input gates as functions, and a fence.

dbt loads `Plugin` because `profiles.yml` names this module. SQL can then call the functions
below, and reads only the files of the project's seeds, of the folder of own data, and those
that the environment names.
"""

from __future__ import annotations

import difflib
import json
import os
import re
from pathlib import Path
from typing import Any

import duckdb
import yaml
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt.flags import get_flags
from dbt_common.exceptions import DbtRuntimeError
from duckdb import DuckDBPyConnection

from platform_employment.dbt.build_inputs import (
    SAMPLE,
    SPOOL_FILE,
    BuildInputs,
    named_inputs,
    previous_checks,
)
from platform_employment.errors import UserError, in_one_line
from platform_employment.gates.postgres import is_address
from platform_employment.gates.rows import RULE_VERSION
from platform_employment.gates.sql import rejection_expression
from platform_employment.printable import masked, quoted
from platform_employment.project import DATABASE_VARIABLE

MEMORY_VARIABLE = "PLATFORM_EMPLOYMENT_MEMORY_LIMIT"

_SCHEME = re.compile(r"\w+:")
_SIZE = re.compile(r"[0-9]*[1-9][0-9]*(\.[0-9]+)? ?([KMGT]i?B|%)", re.IGNORECASE)
_MERCHANT_FILE = """struct(
    file_number bigint, file varchar, file_sha256 varchar, file_bytes bigint, lines bigint,
    first_line bigint, rule_version bigint
)[]"""


class Plugin(BasePlugin):
    """Prepares the connection before dbt uses it."""

    def initialize(self, plugin_config: dict[str, Any]) -> None:
        """Find what the environment names; a mistake in it is the first finding."""
        project = Path(_flag("PROJECT_DIR", "."))
        if self.creds is not None:
            if refusal := unusable_database(project, self.creds.path):
                raise DbtRuntimeError(refusal)
            # in profiles.yml it would be part of what tells dbt to parse everything again
            self.creds.path = str(project / self.creds.path)
        self._fault: str | None = None
        self._previous: Path | None = None
        try:
            _refuse_unknown_variables(project)
            self._inputs = named_inputs(project, spool_folder(project) / SPOOL_FILE)
            self._previous = previous_checks(project)
        except (UserError, OSError) as error:
            self._inputs = BuildInputs(project / "seeds")
            self._fault = in_one_line(error)

    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        """Register the functions, then fence SQL in to the input files."""
        conn.create_function("input_findings", self.findings, [], "varchar[]")
        conn.create_function("input_layers", self.layers, ["varchar"], "varchar")
        conn.create_function("merchant_format", self.merchant_format, [], "varchar")
        conn.create_function("merchant_paths", self.merchant_paths, [], "varchar[]")
        conn.create_function("merchant_files", self.merchant_files, [], _MERCHANT_FILE)
        conn.create_function("merchant_rejections", self.merchant_rejections, [], "varchar")
        conn.create_function("previous_checks", self.previous_checks, [], "varchar")
        files = [*self._inputs.files, *([self._previous] if self._previous else [])]
        folders = [f"{folder.resolve()}/" for folder in self._inputs.folders]
        self._limit_memory(conn)
        conn.execute("set allowed_paths = ?", [list(map(str, files))])
        conn.execute("set allowed_directories = ?", [folders])
        conn.execute("set enable_external_access = false")
        conn.execute("set lock_configuration = true")

    def _limit_memory(self, conn: DuckDBPyConnection) -> None:
        """Set the memory above which DuckDB works on disk."""
        if not (limit := os.environ.get(MEMORY_VARIABLE)):
            return
        try:
            # DuckDB takes a negative size, and the word none, for no limit
            if not _SIZE.fullmatch(limit):
                raise ValueError
            conn.execute("set memory_limit = ?", [limit])
        except (duckdb.Error, ValueError):
            self._fault = f"{MEMORY_VARIABLE}: {quoted(limit)}: write a size such as 2GB"

    def findings(self) -> list[str]:
        """Run the gates over every file that this build reads: one line a finding."""
        return [self._fault] if self._fault else list(self._inputs.findings())

    def layers(self, file: str) -> str:
        """Give the files that a table is loaded from, and the lines that are not, as JSON."""
        return json.dumps(
            [
                {"file": layer.file, "path": str(layer.path.resolve()), "left_out": layer.left_out}
                for layer in self._inputs.layers(file)
            ]
        )

    def merchant_format(self) -> str:
        """Give csv or parquet for microdata of its own, seed for the table merchant_sample."""
        return self._inputs.merchants.format if self._inputs.merchants else "seed"

    def merchant_paths(self) -> list[str]:
        """Give the files of merchant microdata in the order in which they are read."""
        return [str(path) for path in self._inputs.files]

    def merchant_files(self) -> list[dict[str, Any]]:
        """Give what the gates know of each file of merchant microdata."""
        merchants = self._inputs.merchants
        layers = [] if merchants else self._inputs.layers(SAMPLE)
        paths = self._inputs.files or [layer.path for layer in layers]
        loaded = [len(layer.rows) for layer in layers]
        return [
            {
                "file_number": number,
                "file": Path(report.file).name,
                "file_sha256": report.sha256,
                "file_bytes": path.stat().st_size,
                "lines": loaded[number - 1] if layers else report.records,
                "first_line": merchants.first_line if merchants else 2,
                "rule_version": RULE_VERSION,
            }
            for number, (report, path) in enumerate(
                zip(self._inputs.microdata, paths, strict=True), start=1
            )
        ]

    def merchant_rejections(self) -> str:
        """Give an SQL expression of the reason code for each column of microdata, as JSON."""
        columns = self._inputs.sample.columns
        return json.dumps({column.name: rejection_expression(column) for column in columns})

    def previous_checks(self) -> str:
        """Give the file with the distributions of the release before, empty if none is named."""
        return str(self._previous or "")


def unusable_database(project: Path, named: str) -> str | None:
    """Say in one line why dbt cannot write to a database; without this it prints tracebacks.

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


def _refuse_unknown_variables(project: Path) -> None:
    """Raise UserError for a variable of dbt that the project does not have: it would do nothing."""
    declared = yaml.safe_load((project / "dbt_project.yml").read_text("utf-8")).get("vars") or {}
    for name in _flag("VARS", {}):
        if name not in declared:
            near = difflib.get_close_matches(name, declared, n=1)
            guess = f"perhaps {near[0]} is meant; " if near else ""
            raise UserError(
                f"--vars: {quoted(name)}: no variable of this project; {guess}"
                f"it has {', '.join(sorted(declared))}"
            )


def spool_folder(project: Path) -> Path:
    """Give the folder of dbt's artefacts: one build at a time writes there."""
    return project / str(_flag("TARGET_PATH", "target"))


def _flag(name: str, default: Any) -> Any:
    """Give an option of the dbt command that runs."""
    flags = get_flags()  # type: ignore[no-untyped-call]
    return getattr(flags, name, None) or default
