"""The traps of docs/bi.md: what a careless sum gives in today's rows; run by `make reference`."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb

PROJECT_DIR = Path(__file__).resolve().parents[2]
PAGE = PROJECT_DIR / "docs/bi.md"
# the careless query, what it gives, what is right, the query that gives it
TRAP = re.compile(r"^\| `(.+?)` \| ([\d.]+) \| ([\d.]+) \| `(.+?)` \|$", re.MULTILINE)


def value_of(connection: duckdb.DuckDBPyConnection, query: str) -> str:
    """Return the one number of a query, as the page writes it."""
    ((found,),) = connection.execute(f"select {query}").fetchall()
    return f"{float(found):.4f}"


def rewritten(text: str, connection: duckdb.DuckDBPyConnection) -> str:
    """Return the page with what the careless queries give today."""
    return TRAP.sub(
        lambda trap: f"| `{trap[1]}` | {value_of(connection, trap[1])} | {trap[3]} | `{trap[4]}` |",
        text,
    )


if __name__ == "__main__":
    with duckdb.connect(str(PROJECT_DIR / "dev.duckdb"), read_only=True) as opened:
        PAGE.write_text(rewritten(PAGE.read_text(encoding="utf-8"), opened), encoding="utf-8")
