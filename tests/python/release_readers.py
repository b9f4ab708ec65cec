"""Readers of releases, each a separate process, for the stress test of publishes.

    python release_readers.py duckdb|sqlalchemy RELEASES STOP

reads what `current` shows until the file STOP is there, and prints JSON: how many reads, and
how many of them failed, were a mixture of two generations, or went back to an earlier one.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb

from platform_employment.release.store import DATABASE_FILE, PARQUET_FOLDER

GENERATIONS = (
    "select min(generation), max(generation), count(*) from"
    " (select generation from marts.first union all select generation from marts.second)"
)
ROWS = 2_000


def with_duckdb(database: Path) -> tuple[int, int, int]:
    """Read with DuckDB's own client."""
    with duckdb.connect(str(database), read_only=True) as connection:
        row = connection.execute(GENERATIONS).fetchone()
    assert row is not None
    return row[0], row[1], row[2]


def with_sqlalchemy(database: Path) -> tuple[int, int, int]:
    """Read as BI tools do."""
    import sqlalchemy  # noqa: PLC0415  not installed everywhere

    engine = sqlalchemy.create_engine(
        f"duckdb:///{database}",
        connect_args={"read_only": True},
        poolclass=sqlalchemy.pool.NullPool,
    )
    with engine.connect() as connection:
        row = connection.execute(sqlalchemy.text(GENERATIONS)).one()
    engine.dispose()
    return row[0], row[1], row[2]


def read_until(stop: Path, releases: Path, read: Callable[[Path], tuple[int, int, int]]) -> None:
    """Read again and again; print what came of it."""
    counts = {"reads": 0, "errors": 0, "mixed": 0, "backwards": 0}
    last, seen = -1, set()
    while not stop.exists():
        counts["reads"] += 1
        try:
            # one look at the link, then all files of that release
            folder = (releases / "current").resolve(strict=True)
            first, second, rows = read(folder / DATABASE_FILE)
            parquet = folder / PARQUET_FOLDER / "first.parquet"
            row = duckdb.execute(
                f"select min(generation) from read_parquet('{parquet}')"
            ).fetchone()
        except Exception as error:
            print(repr(error), file=sys.stderr)
            counts["errors"] += 1
            continue
        counts["mixed"] += first != second or rows != 2 * ROWS or row != (first,)
        counts["backwards"] += first < last
        last = first
        seen.add(first)
    print(json.dumps({**counts, "generations": len(seen)}))


if __name__ == "__main__":
    client, folder_name, stop_name = sys.argv[1:]
    reader = with_sqlalchemy if client == "sqlalchemy" else with_duckdb
    read_until(Path(stop_name), Path(folder_name), reader)
