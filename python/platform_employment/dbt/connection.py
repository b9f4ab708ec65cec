"""What a DuckDB connection is given to read inputs: validation as functions, and its files."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from platform_employment.dbt.build_inputs import SAMPLE, BuildInputs
from platform_employment.formatting import quoted
from platform_employment.validation.cells import RULE_VERSION
from platform_employment.validation.sql import TEXT, column_expressions

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MEMORY_VARIABLE = "PLATFORM_EMPLOYMENT_MEMORY_LIMIT"

_SIZE = re.compile(r"[0-9]*[1-9][0-9]*(\.[0-9]+)? ?([KMGT]i?B|%)", re.IGNORECASE)
_MERCHANT_FILE = """struct(
    file_number bigint, file varchar, file_sha256 varchar, file_bytes bigint, lines bigint,
    first_line bigint, rule_version bigint
)[]"""


class InputFunctions:
    """Functions of SQL that know what a build reads.

    previous: the file with the distributions of the release before.
    """

    def __init__(self, inputs: BuildInputs, previous: Path | None) -> None:
        """Keep what the functions answer from."""
        self._inputs = inputs
        self._previous = previous

    def register(self, conn: DuckDBPyConnection) -> None:
        """Make the functions known to a connection."""
        conn.create_function("input_layers", self.layers, ["varchar"], "varchar")
        conn.create_function("merchant_format", self.merchant_format, [], "varchar")
        conn.create_function("merchant_paths", self.merchant_paths, [], "varchar[]")
        conn.create_function("merchant_files", self.merchant_files, [], _MERCHANT_FILE)
        conn.create_function("merchant_rules", self.merchant_rules, ["varchar"], "varchar")
        conn.create_function("previous_checks", self.previous_checks, [], "varchar")

    def restrict_file_access(self, conn: DuckDBPyConnection) -> None:
        """Allow SQL to read the input files and nothing else."""
        files = [*self._inputs.files, *([self._previous] if self._previous else [])]
        folders = [f"{folder.resolve()}/" for folder in self._inputs.folders]
        conn.execute("set allowed_paths = ?", [list(map(str, files))])
        conn.execute("set allowed_directories = ?", [folders])
        conn.execute("set enable_external_access = false")
        conn.execute("set lock_configuration = true")

    def layers(self, file: str) -> str:
        """Return the files that a table is loaded from, and the lines that are not, as JSON."""
        return json.dumps(
            [
                {"file": layer.file, "path": str(layer.path.resolve()), "left_out": layer.left_out}
                for layer in self._inputs.layers(file)
            ]
        )

    def merchant_format(self) -> str:
        """Return csv or parquet for microdata files, seed for the table merchant_sample."""
        return self._inputs.merchants.format if self._inputs.merchants else "seed"

    def merchant_paths(self) -> list[str]:
        """Return the files of merchant microdata in the order in which they are read."""
        return [str(path) for path in self._inputs.files]

    def merchant_files(self) -> list[dict[str, Any]]:
        """Return what validation knows of each file of merchant microdata."""
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

    def merchant_rules(self, source_format: str) -> str:
        """Return SQL expressions for each column of microdata, as JSON: see ColumnExpressions."""
        columns = self._inputs.sample.columns
        types = parquet_types(self._inputs.files) if source_format == "parquet" else {}
        rules = {
            rule.name: column_expressions(rule, types.get(rule.name, TEXT)) for rule in columns
        }
        return json.dumps({name: asdict(expressions) for name, expressions in rules.items()})

    def previous_checks(self) -> str:
        """Return the file with the distributions of the release before, empty if none is named."""
        return str(self._previous or "")


def parquet_types(files: Sequence[Path]) -> dict[str, str]:
    """Return the DuckDB type of each column of Parquet files, which validation has found alike."""
    import duckdb  # noqa: PLC0415  the command line must start fast

    with duckdb.connect() as connection:
        relation = connection.read_parquet(str(files[0]), hive_partitioning=False)
        return dict(zip(relation.columns, map(str, relation.types), strict=True))


def limit_memory(conn: DuckDBPyConnection) -> str | None:
    """Set the memory above which DuckDB works on disk; say what is wrong with what is named."""
    import duckdb  # noqa: PLC0415  the command line must start fast

    if not (limit := os.environ.get(MEMORY_VARIABLE)):
        return None
    try:
        # DuckDB takes a negative size, and the word none, for no limit
        if not _SIZE.fullmatch(limit):
            raise ValueError
        conn.execute("set memory_limit = ?", [limit])
    except (duckdb.Error, ValueError):
        return f"{MEMORY_VARIABLE}: {quoted(limit)}: write a size such as 2GB"
    return None
