"""The warehouse in other forms: one ordered Parquet file a mart, and results as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from platform_employment.dbt.artifacts import Artifacts
from platform_employment.release.dictionary import Described
from platform_employment.release.errors import ReleaseError
from platform_employment.release.marts_file import order_by
from platform_employment.release.table_hashes import TableSummary, quoted_table, read_relation

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def write_parquet(
    connection: DuckDBPyConnection,
    marts: Sequence[Described],
    tables: Mapping[str, TableSummary],
    folder: Path,
) -> None:
    """Write one Parquet file a mart, rows as people read them, and read each back.

    Its footer says what it holds. The same rows give the same bytes, so the footer names the
    hash of the table, not the release. Raises ReleaseError where Parquet cannot hold a mart
    exactly.
    """
    folder.mkdir()
    for mart in marts:
        path = folder / f"{mart.name}.parquet"
        footer = {
            "description": mart.comment,
            "sha256": tables[mart.table].sha256,
            "columns": json.dumps(
                {column.name: column.comment for column in mart.columns}, ensure_ascii=False
            ),
        }
        entries = ", ".join(f"{key}: {_literal(text)}" for key, text in footer.items())
        connection.execute(
            f"copy (select * from {quoted_table(mart.table)} as t {order_by(mart, marts)})"
            f" to {_literal(path)}"
            f" (format parquet, compression zstd, kv_metadata {{{entries}}})"
        )
        back = read_relation(connection, mart.table, parquet_relation(path))
        if back.sha256 != tables[mart.table].sha256:
            reason = back.fault or _changed_types(tables[mart.table], back)
            raise ReleaseError(
                f"{mart.table}: Parquet does not hold it exactly: {reason}; nothing was "
                "published: cast the column in the model"
            )


def write_validation(
    artifacts: Artifacts, expectations: Sequence[Mapping[str, Any]], folder: Path
) -> None:
    """Write the results of all expectations and of all dbt tests."""
    folder.mkdir()
    write_json(folder / "expectations.json", expectations)
    tests = [
        {
            "unique_id": result.unique_id,
            "name": artifacts.nodes[result.unique_id].name,
            "description": artifacts.nodes[result.unique_id].description,
            "status": result.status,
            "message": result.message,
        }
        for result in sorted(artifacts.results.values(), key=lambda result: result.unique_id)
        if result.unique_id in artifacts.nodes
        and artifacts.nodes[result.unique_id].resource_type in {"test", "unit_test"}
    ]
    write_json(folder / "tests.json", tests)


def write_json(path: Path, value: object) -> None:
    """Write JSON for people and programs: sorted keys, UTF-8, a line end at the end."""
    path.write_bytes(json_bytes(value))


def json_bytes(value: object) -> bytes:
    """Give JSON in the one form in which this package writes it."""
    text = json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True, default=str)
    return f"{text}\n".encode()


def parquet_relation(path: Path) -> str:
    """SQL that reads one Parquet file."""
    return f"read_parquet({_literal(path)}, hive_partitioning = false)"


def _changed_types(table: TableSummary, back: TableSummary) -> str:
    for (name, kind), (_, kind_back) in zip(table.columns, back.columns, strict=True):
        if kind != kind_back:
            return f"column {name} is {kind} and comes back as {kind_back}"
    return "the values read back differ"


def _literal(text: Path | str) -> str:
    return "'" + str(text).replace("'", "''") + "'"
