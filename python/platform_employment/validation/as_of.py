"""What was known on a day: rows that were published later, and what cites them, are left out."""

from __future__ import annotations

import calendar
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from platform_employment.errors import UserError
from platform_employment.settings import pairs
from platform_employment.validation.cells import Row, Value
from platform_employment.validation.overrides import Key, Layer, Table

_DAY = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_SHOWN_KEYS = 10
SOURCES = "reference/sources.csv"
CHOICES, SCENARIOS = "method/choices.csv", "reference/scenarios.csv"
OVERLAYS = "method/overlays.csv"
# the options of this decision are named after rows of tables: those with this value in this column
TABLE_DECISION = "table"
_TABLES = (
    ("economy/input_output_totals.csv", "table_year"),
    ("economy/input_output_tables.csv", "table_year"),
    ("economy/input_output_tables.csv", "table_id"),
)


def day_of(text: str) -> date:
    """Return a day, or the last one of a month or year. Raises ValueError for another text."""
    found = _DAY.fullmatch(text)
    if found is None:
        raise ValueError(text)
    year, month, day = (int(part) if part else None for part in found.groups())
    assert year is not None  # the expression has it
    month = month or 12
    return date(year, month, day or calendar.monthrange(year, month)[1])


def known_on(tables: Mapping[str, Table], day: date) -> dict[str, Table]:
    """Leave out what was not known on a day: by its own dates, or because it depends on such a row.

    tables: by file. Raises UserError when a date cannot be read.
    """
    dated = {
        row.values["source_id"]
        for _, row in tables[SOURCES].rows()
        if row.values["published_on"] is not None
    }
    known = {file: _without(table, _later(table, day, dated)) for file, table in tables.items()}
    while True:
        lost = {
            (table.schema.file, key)
            for table in known.values()
            for key in _citing(table, tables, known)
        }
        lost.update(_undecided(tables, known))
        if not lost:
            return known
        for file in {file for file, _ in lost}:
            known[file] = _without(known[file], {key for at, key in lost if at == file})


def notes(tables: Iterable[Table], day: date) -> Iterator[str]:
    """Name what is left out, a line for each table."""
    for table in tables:
        if table.unknown:
            keys = sorted(" ".join(str(part) for part in key) for key in table.unknown)
            more = f" and {len(keys) - _SHOWN_KEYS} more" if len(keys) > _SHOWN_KEYS else ""
            named = ", ".join(keys[:_SHOWN_KEYS])
            yield f"as of {day}: {table.schema.file} is without {named}{more}"


def _later(table: Table, day: date, dated: Collection[Value]) -> set[Key]:
    """Return the rows of later dates; dated: sources that have a date."""
    if not table.schema.known_from:
        return set()
    return {
        row.key(table.schema.unique_key)
        for layer, row in table.rows()
        if any(at > day for at in _dates(table, layer, row, dated))
    }


def _dates(table: Table, layer: Layer, row: Row, dated: Collection[Value]) -> Iterator[date]:
    years = table.schema.years_until_known
    if years and row.values["source_id"] in dated:
        years = 0
    for column in table.schema.known_from:
        value: Value = row.values[column]
        try:
            if isinstance(value, date):
                at = value
            elif value is not None:
                at = day_of(str(value))
            else:
                continue
            yield date(at.year + years, at.month, at.day)
        except ValueError:
            raise UserError(
                f"{layer.name}, line {row.line}, column {column}: {value!r}: write a year, a month"
                " or a day, such as 2022-03"
            ) from None


def _citing(table: Table, before: Mapping[str, Table], known: Mapping[str, Table]) -> Iterator[Key]:
    """Return the rows that cite what was there and is not known."""
    for reference in table.schema.references:
        cited = known[reference.file]
        if not cited.unknown:
            continue
        gone = before[reference.file].keys(reference.key) - cited.keys(reference.key)
        for _, row in table.rows():
            if row.key(reference.columns) in gone:
                yield row.key(table.schema.unique_key)


def _undecided(
    before: Mapping[str, Table], known: Mapping[str, Table]
) -> Iterator[tuple[str, Key]]:
    """Return the options that take what is not known, and the scenarios that depend on one of them.

    What an option of a report represents cannot be distinguished without it: with it goes its
    method.
    """
    if CHOICES not in known:
        return
    gone = {
        str(value)
        for file, name in _TABLES
        for (value,) in before[file].keys((name,)) - known[file].keys((name,))
    }
    choices = before[CHOICES]
    options = known[CHOICES].keys(choices.schema.unique_key)
    lost_options = choices.keys(choices.schema.unique_key) - options
    lost_methods = {
        row.values["method_id"]
        for _, row in choices.rows()
        if row.values["is_report"] and row.key(choices.schema.unique_key) in lost_options
    }
    for _, row in known[CHOICES].rows():
        is_gone = row.values["decision_id"] == TABLE_DECISION and row.values["option_id"] in gone
        if row.values["method_id"] in lost_methods or is_gone:
            yield CHOICES, row.key(choices.schema.unique_key)
    overlays = known[OVERLAYS]
    for _, row in overlays.rows():
        needed = pairs(str(row.values["options"])).items()
        if not lost_options.isdisjoint((row.values["method_id"], *pair) for pair in needed):
            yield OVERLAYS, row.key(overlays.schema.unique_key)
    scenarios = known[SCENARIOS]
    for _, row in scenarios.rows():
        method = row.values["method_id"]
        taken = {(method, *pair) for pair in pairs(str(row.values["choices"] or "")).items()}
        if method in lost_methods or not lost_options.isdisjoint(taken):
            yield SCENARIOS, row.key(scenarios.schema.unique_key)


def _without(table: Table, unknown: set[Key]) -> Table:
    if not unknown:
        return table
    key = table.schema.unique_key
    layers = tuple(
        layer.keep(row for row in layer.rows if row.key(key) not in unknown)
        for layer in table.layers
    )
    return replace(table, layers=layers, unknown=(*table.unknown, *sorted(unknown, key=str)))
