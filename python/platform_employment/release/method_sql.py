"""Each method as one query, for readers who would rather see SQL than rows of formulas."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_HEAD = """-- Method {name}: every step of every estimate, from the inputs in this release.
-- A witness of the build, which works the same formulas out in decimals:
--   duckdb platform_employment.duckdb < method/{name}.sql
"""


def write_methods(connection: DuckDBPyConnection, folder: Path) -> None:
    """Write `<method>.sql` for each method of a warehouse; none for one without methods."""
    from platform_employment.method.render import sql  # noqa: PLC0415
    from platform_employment.method.tables import SEEDS, seed_methods  # noqa: PLC0415

    known = {
        name
        for (name,) in connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'raw'"
        ).fetchall()
    }
    if not set(SEEDS) <= known:
        return
    methods = seed_methods({name: connection.table(f"raw.{name}") for name in SEEDS})
    folder.mkdir()
    for name, method in methods.items():
        query = sql(method).replace("int_chain__inputs", "intermediate.int_chain__inputs")
        (folder / f"{name}.sql").write_text(f"{_HEAD.format(name=name)}{query}", encoding="utf-8")
