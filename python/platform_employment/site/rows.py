"""Read the rows of a built warehouse that the pages show.

Tables that a build does not have read as empty, so that pages of an older release can be written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from platform_employment.errors import UserError
from platform_employment.quantities import Unit
from platform_employment.warehouse import Row, Warehouse, open_warehouse


class Cell(NamedTuple):
    """A line of a seed."""

    file: str
    line: int


@dataclass(frozen=True)
class Rows:
    """One open warehouse; columns: of its tables, by schema and name."""

    warehouse: Warehouse
    columns: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def has(self, table: str, *columns: str) -> bool:
        """Whether a table of this name, with its schema, has these columns."""
        return set(columns) <= self.columns.get(table, frozenset()) and table in self.columns

    def read(self, query: str, *values: object) -> list[Row]:
        """Return the rows of a query by column name."""
        return self.warehouse.rows(query, *values)

    def table(self, name: str, order: str = "all") -> list[Row]:
        """Return all rows of a table; none where the build does not have it."""
        return self.read(f"from {name} order by {order}") if self.has(name) else []

    def by_report(self, table: str, order: str = "all") -> dict[str, list[Row]]:
        """Return the rows of a table of estimates that belong to a report, by report."""
        if not self.has(table):
            return {}
        query = f"""
            select report_id, rows.* from {table} as rows
            inner join marts.dim_reports using (platform_id, window_end, scenario_id)
            order by {order}
        """
        return grouped(self.read(query), "report_id")

    def units(self) -> dict[str, Unit]:
        """Return the units by name."""
        return {
            row["unit"]: Unit(row["dimension"], row["scale"], row["name_zh"], row["name_en"])
            for row in self.table("marts.dim_units")
        }

    def seeds(self) -> dict[str, list[Row]]:
        """Return the raw rows of every seed by its name: cells as text, with file and line."""
        return {
            name.removeprefix("raw."): self.table(name, "seed_line")
            for name in sorted(self.columns)
            if name.startswith("raw.") and self.has(name, "seed_file", "seed_line")
        }


@contextmanager
def open_rows(database: Path) -> Iterator[Rows]:
    """Open a built warehouse; see `open_warehouse`. Raises UserError where it has no marts."""
    with open_warehouse(database) as warehouse:
        columns: dict[str, set[str]] = defaultdict(set)
        for row in warehouse.rows(
            "select table_schema, table_name, column_name from information_schema.columns"
        ):
            columns[f"{row['table_schema']}.{row['table_name']}"].add(row["column_name"])
        if not any(name.startswith("marts.") for name in columns):
            raise UserError(f'{database} has no marts. Run "dbt build" again.')
        yield Rows(warehouse, {name: frozenset(found) for name, found in columns.items()})


def grouped(rows: list[Row], key: str) -> dict[str, list[Row]]:
    """Return rows by the value of a column, in their order."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[key]].append(row)
    return dict(found)


def cell_of(row: Row) -> Cell | None:
    """Return the line of a seed that a row names, if it names one."""
    file, line = row.get("seed") or row.get("seed_file"), row.get("seed_line")
    return Cell(file, line) if file and line else None


def plain(value: Any) -> Any:
    """Return a cell as JSON has it: a number, text, true or false, or null; a date as text."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if isinstance(value, date | datetime) else value
