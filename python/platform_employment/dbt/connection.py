"""What a DuckDB connection is given to read inputs: the gates as functions, and a fence."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from platform_employment.dbt.build_inputs import SAMPLE, BuildInputs
from platform_employment.dbt.hand_over import SUMS, quantile_edges
from platform_employment.formatting import quoted
from platform_employment.validation.cells import RULE_VERSION
from platform_employment.validation.sql import SPARK, SPARK_KINDS, TEXT, column_expressions

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MEMORY_VARIABLE = "PLATFORM_EMPLOYMENT_MEMORY_LIMIT"

_SIZE = re.compile(r"[0-9]*[1-9][0-9]*(\.[0-9]+)? ?([KMGT]i?B|%)", re.IGNORECASE)
_MERCHANT_FILE = """struct(
    file_number bigint, file varchar, partition_number bigint, partition_name varchar,
    file_sha256 varchar, file_bytes bigint, lines bigint, first_line bigint, rule_version bigint
)[]"""
_ANSWERS = "struct(question varchar, answer varchar)[]"


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
        conn.create_function("merchant_partitions", self.merchant_partitions, [], "varchar")
        conn.create_function("merchant_files", self.merchant_files, [], _MERCHANT_FILE)
        conn.create_function("merchant_rules", self.merchant_rules, ["varchar"], "varchar")
        conn.create_function("previous_checks", self.previous_checks, [], "varchar")
        conn.create_function("handed_over", self.handed_over, ["varchar"], "varchar")
        conn.create_function("hand_over_folder", self.hand_over_folder, ["varchar"], "varchar")
        conn.create_function("counts_here", self.counts_here, [], "boolean")
        conn.create_function("counted_files", self.counted_files, [], "bigint")
        conn.create_function("kept_tables", self.kept_tables, [], "varchar")
        conn.create_function("kept_rows", self.kept_rows, [], "varchar")
        conn.create_function("keeps_rows", self.keeps_rows, [], "boolean")
        conn.create_function("ledger", self.ledger, [], "varchar")
        conn.create_function("gate_rules", lambda: self._inputs.rules, [], "varchar")
        conn.create_function("fingerprint", lambda: self._inputs.fingerprint, [], "varchar")
        conn.create_function("hand_over_inputs", self.hand_over_inputs, [], "varchar")
        conn.create_function("hand_over_fits", self.hand_over_fits, [], "varchar")
        conn.create_function("spark_answers", self.spark_answers, [], _ANSWERS)
        conn.create_function("quantile_edges", quantile_edges, [], "double[]")

    def fence(self, conn: DuckDBPyConnection) -> None:
        """Let SQL read the input files and nothing else, for good."""
        files = [*self._inputs.files, *([self._previous] if self._previous else [])]
        folders = [f"{folder.resolve()}/" for folder in self._inputs.folders]
        if self._inputs.hand_over:
            folders.append(f"{self._inputs.hand_over.folder.resolve()}/")
        conn.execute("set allowed_paths = ?", [list(map(str, files))])
        conn.execute("set allowed_directories = ?", [folders])
        conn.execute("set enable_external_access = false")
        conn.execute("set lock_configuration = true")

    def layers(self, file: str) -> str:
        """Give the files that a table is loaded from, and the lines that are not, as JSON."""
        return json.dumps(
            [
                {"file": layer.file, "path": str(layer.path.resolve()), "left_out": layer.left_out}
                for layer in self._inputs.layers(file)
            ]
        )

    def merchant_format(self) -> str:
        """Give csv or parquet for microdata of its own, seed for the table merchant_sample.

        It is handed_over where another engine counts the merchants.
        """
        if self._inputs.hand_over and not self._inputs.hand_over.counts_here:
            return "handed_over"
        return self._inputs.merchants.format if self._inputs.merchants else "seed"

    def merchant_paths(self) -> list[str]:
        """Give the files of merchant microdata in the order in which they are read."""
        return [str(path) for path in self._inputs.files]

    def merchant_partitions(self) -> str:
        """Give the number of the partition of each of these files, from 1, as JSON."""
        merchants = self._inputs.merchants
        return json.dumps((merchants.partition_numbers if merchants else []) or [1])

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
                "partition_number": partition_number,
                "partition_name": partition_name,
                "file_sha256": report.sha256,
                "file_bytes": path.stat().st_size,
                "lines": loaded[number - 1] if layers else report.records,
                "first_line": merchants.first_line if merchants else 2,
                "rule_version": RULE_VERSION,
            }
            for number, (report, path, partition_number, partition_name) in enumerate(
                zip(
                    self._inputs.microdata,
                    paths,
                    merchants.partition_numbers if merchants else [1] * len(paths),
                    merchants.partitions if merchants else [""] * len(paths),
                    strict=True,
                ),
                start=1,
            )
        ]

    def handed_over(self, name: str) -> str:
        """Give the files of a table that Spark has handed over, or why there are none, as JSON."""
        hand_over = self._inputs.hand_over
        if hand_over is None:
            return json.dumps({"files": [], "problem": ""})
        table = hand_over.tables.get(name)
        problem = ""
        if table is None:
            problem = f"Spark has not handed over {name} in {hand_over.folder}: see docs/size.md"
        elif hand_over.steps[SUMS].fingerprint != self._inputs.fingerprint:
            problem = (
                f"{hand_over.folder} rests on tables that have changed since: take a new folder and"
                " begin anew"
            )
        return json.dumps(
            {"files": list(map(str, table.files if table else ())), "problem": problem}
        )

    def counts_here(self) -> bool:
        """Say whether DuckDB counts the merchants and hands over what it has counted."""
        return self._inputs.hand_over is not None and self._inputs.hand_over.counts_here

    def counted_files(self) -> int:
        """Give how many files were counted before; none where another engine counts."""
        return self._counted_files() if self.counts_here() else 0

    def _counted_files(self) -> int:
        return len(self._inputs.increment.files) if self._inputs.increment else 0

    def kept_tables(self) -> str:
        """Give the files of each table that is kept of the days before, as JSON."""
        hand_over = self._inputs.hand_over
        return json.dumps(hand_over.kept_tables() if self._inputs.increment and hand_over else {})

    def kept_rows(self) -> str:
        """Give what is known of the typed rows that are kept, as JSON."""
        increment = self._inputs.increment
        return json.dumps([asdict(rows) for rows in increment.kept.kept_rows] if increment else [])

    def ledger(self) -> str:
        """Give the name of what another engine reads the merchants from, or the next build."""
        merchants = self._inputs.merchants
        return (
            merchants.lake_table
            if merchants and merchants.lake_table
            else " ".join(self.merchant_paths())
        )

    def keeps_rows(self) -> bool:
        """Say whether the ledger is in partitions, whose typed rows are kept for the next one."""
        merchants = self._inputs.merchants
        return merchants is not None and merchants.format == "parquet" and all(merchants.partitions)

    def hand_over_folder(self, below: str) -> str:
        """Make a folder of the hand-over."""
        assert self._inputs.hand_over is not None  # nothing else asks
        folder = self._inputs.hand_over.folder / below
        folder.mkdir(parents=True, exist_ok=True)
        return str(folder)

    def hand_over_inputs(self) -> str:
        """Give the folder for what Spark reads besides the merchants."""
        return str(self._inputs.hand_over.folder / "inputs") if self._inputs.hand_over else ""

    def hand_over_fits(self) -> str:
        """Give the folder for the fits from the sums of Spark."""
        return str(self._inputs.hand_over.fits) if self._inputs.hand_over else ""

    def spark_answers(self) -> list[dict[str, str]]:
        """Give what Spark asks this plugin for, by the names of its functions."""
        merchants = self._inputs.merchants
        kinds = {
            rule.name: {
                kind: asdict(column_expressions(rule, data_type, SPARK))
                for kind, data_type in SPARK_KINDS.items()
            }
            for rule in self._inputs.sample.columns
        }
        answers = {
            "merchant_format": merchants.format if merchants else "seed",
            "merchant_paths": json.dumps(self.merchant_paths()),
            "merchant_partitions": self.merchant_partitions(),
            "merchant_table": merchants.lake_table if merchants else "",
            "merchant_rules": json.dumps(kinds),
            "rule_version": str(RULE_VERSION),
            "fingerprint": self._inputs.fingerprint,
            "gate_rules": self._inputs.rules,
            "ledger": self.ledger(),
            "counted_files": str(self._counted_files()),
            "kept_tables": self.kept_tables(),
            "kept_rows": self.kept_rows(),
            "keeps_rows": "true" if self.keeps_rows() else "",
        }
        return [{"question": name, "answer": answer} for name, answer in answers.items()]

    def merchant_rules(self, source_format: str) -> str:
        """Give SQL expressions for each column of microdata, as JSON: see ColumnExpressions."""
        columns = self._inputs.sample.columns
        types = parquet_types(self._inputs.files) if source_format == "parquet" else {}
        rules = {
            rule.name: column_expressions(rule, types.get(rule.name, TEXT)) for rule in columns
        }
        return json.dumps({name: asdict(expressions) for name, expressions in rules.items()})

    def previous_checks(self) -> str:
        """Give the file with the distributions of the release before, empty if none is named."""
        return str(self._previous or "")


def parquet_types(files: Sequence[Path]) -> dict[str, str]:
    """Give the DuckDB type of each column of Parquet files, which the gates have found alike."""
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
