"""Open database files and write SQL for them: the one place where a warehouse is opened."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def connect(path: Path) -> DuckDBPyConnection:
    """Open the database of a build or a release, which no one may write meanwhile.

    Raises duckdb.Error; `warehouse.open_warehouse` turns it into one line for users.
    """
    import duckdb  # noqa: PLC0415  the command line must start fast

    connection: DuckDBPyConnection = duckdb.connect(str(path), read_only=True)
    return connection


def quoted_table(name: str) -> str:
    """Quote a name built from schema and table."""
    schema, _, table = name.partition(".")
    return f"{quoted(schema)}.{quoted(table)}"


def quoted(name: str) -> str:
    """Quote a name for SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: Path | str) -> str:
    """Quote a text for SQL."""
    return "'" + str(text).replace("'", "''") + "'"
