"""Lays the tables of the own folder over the shipped ones.

Own rows are next to the shipped ones and replace the ones of the same key. `inputs.yml` in the
folder can leave shipped rows out:

    shipped: none               the ones of the shipped platforms and reports, and the sample
    without:                    single rows, by their keys
      reference/scenarios: [[platform, scenario]]
    private: [source]           sources whose tables are not copied into releases
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from platform_employment.errors import UserError
from platform_employment.reading import MEBIBYTE, ReadError, read_yaml
from platform_employment.validation.cells import Rejection, Row, Value
from platform_employment.validation.judge import judge, shape
from platform_employment.validation.schemas import SeedSchema

SETTINGS_FILE = "inputs.yml"
_MAX_SETTINGS_BYTES = MEBIBYTE
_SHOWN_ROWS = 5

Key = tuple[Value, ...]


@dataclass(frozen=True)
class Settings:
    """The content of `inputs.yml`.

    without: keys of shipped rows by file of their table; private: sources whose tables are not
    copied into releases.
    """

    shipped: bool = True
    without: Mapping[str, frozenset[Key]] = field(default_factory=dict)
    private: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Layer:
    """One file of a table: what of it is loaded, and which of its lines are not.

    file: the name that traces show; path: where it is; name: as findings show it.
    """

    file: str
    path: Path
    name: str
    rows: tuple[Row, ...]
    left_out: tuple[int, ...] = ()

    def keep(self, kept: Iterable[Row]) -> Layer:
        """Leave out all rows but some; a layer may be laid more than once."""
        rows = tuple(kept)
        lines = {row.line for row in rows}
        more = (row.line for row in self.rows if row.line not in lines)
        return replace(self, rows=rows, left_out=tuple(sorted((*self.left_out, *more))))


@dataclass(frozen=True)
class Replacement:
    """A shipped row that an own row replaced."""

    line: int
    shipped: Layer
    shipped_line: int
    key: Key


@dataclass(frozen=True)
class Table:
    """A table as it is loaded: the shipped layer, then the own one.

    unknown: keys of the rows that were not known on the day of the build.
    """

    schema: SeedSchema
    layers: tuple[Layer, ...]
    replaced: tuple[Replacement, ...] = ()
    unknown: tuple[Key, ...] = ()

    def rows(self) -> Iterator[tuple[Layer, Row]]:
        """Return the rows that are loaded, with where they stand."""
        for layer in self.layers:
            for row in layer.rows:
                yield layer, row

    def keys(self, columns: Sequence[str]) -> set[Key]:
        """Return the values of some columns."""
        return {row.key(columns) for _, row in self.rows()}

    def note(self) -> str:
        """Describe what the own rows do to the shipped ones."""
        shipped_keys = {replaced.line for replaced in self.replaced}
        own = self.layers[-1]
        added = sum(row.line not in shipped_keys for row in own.rows)
        if not self.replaced:
            return f"{added} added"
        first = "; ".join(
            f"line {found.line} ({', '.join(map(str, found.key))}) replaces "
            f"{found.shipped.file} line {found.shipped_line}"
            for found in self.replaced[:_SHOWN_ROWS]
        )
        more = len(self.replaced) - _SHOWN_ROWS
        others = f"; and {more} more" if more > 0 else ""
        return f"{added} added, {len(self.replaced)} shipped ones replaced: {first}{others}"


def read_settings(folder: Path, schemas: Sequence[SeedSchema]) -> Settings:
    """Read `inputs.yml`; all is shipped if it does not exist. Raises UserError for a wrong one."""
    path = folder / SETTINGS_FILE
    if not os.path.lexists(path):
        return Settings()
    try:
        document = read_yaml(path, _MAX_SETTINGS_BYTES, inside=folder)
    except ReadError as error:
        raise UserError(f"{error.problem}; {error.remedy}") from None
    if not isinstance(document, dict) or not set(document) <= {"shipped", "without", "private"}:
        raise UserError("it may hold `shipped`, `without` and `private`, and nothing else")
    if document.get("shipped", "all") not in ("all", "none"):
        raise UserError("shipped must be all or none")
    private = document.get("private", [])
    if not isinstance(private, list) or not all(isinstance(name, str) for name in private):
        raise UserError("private must be a list of sources")
    without = document.get("without", {})
    if not isinstance(without, dict):
        raise UserError("without must list keys by table")
    tables = {schema.file.removesuffix(".csv"): schema for schema in schemas}
    keys: dict[str, frozenset[Key]] = {}
    for table, rows in without.items():
        if table not in tables:
            raise UserError(f"without: no table {table}; write one like reference/scenarios")
        if not isinstance(rows, list):
            raise UserError(f"without: {table}: write a list of keys")
        keys[tables[table].file] = frozenset(_keys(rows, tables[table]))
    return Settings(document.get("shipped", "all") == "all", keys, frozenset(private))


def _keys(rows: Sequence[Any], schema: SeedSchema) -> Iterator[Key]:
    """Type keys as the cells of a table are; what its column refuses is the key of no row."""
    keys = [list(map(_cell, row)) if isinstance(row, list) else [] for row in rows]
    for row, key in zip(rows, keys, strict=True):
        if len(key) != len(schema.unique_key):
            table, names = schema.file.removesuffix(".csv"), ", ".join(schema.unique_key)
            raise UserError(f"without: {table}: a key is a list of {names}, not {row}")
    rules = {column.name: column for column in schema.columns}
    columns = [rules[name] for name in schema.unique_key]
    outcomes = judge(zip(columns, zip(*keys, strict=True), strict=True)) if keys else {}
    for key in keys:
        values = [outcomes[shape(rule)][cell] for rule, cell in zip(columns, key, strict=True)]
        yield tuple(None if isinstance(value, Rejection) else value for value in values)


def _cell(value: Any) -> str:
    return "" if value is None else str(value)


def merge_overrides(
    shipped: Mapping[str, Layer],
    own: Mapping[str, Layer],
    schemas: Sequence[SeedSchema],
    settings: Settings,
) -> dict[str, Table]:
    """Lay the own tables, by file, over the shipped ones.

    Raises UserError when a row that is to be left out is not there.
    """
    tables = {
        schema.file: _lay(shipped[schema.file], own.get(schema.file), schema, settings)
        for schema in schemas
    }
    if not settings.shipped:
        for schema in schemas:
            if schema.only_cited:
                tables[schema.file] = _only_cited(tables, schema)
    return tables


def _lay(shipped: Layer, own: Layer | None, schema: SeedSchema, settings: Settings) -> Table:
    without = settings.without.get(schema.file, frozenset())
    if unknown := without - {row.key(schema.unique_key) for row in shipped.rows}:
        named = ", ".join(map(str, min(unknown, key=str)))
        raise UserError(f"without: {shipped.file} has no row {named}")
    lines: dict[Key, int] = {}
    for row in own.rows if own else ():
        lines.setdefault(row.key(schema.replaces_by), row.line)
    kept: list[Row] = []
    replaced: list[Replacement] = []
    for row in shipped.rows:
        if row.key(schema.unique_key) in without:
            continue
        if not settings.shipped and schema.belongs_to and row.values[schema.belongs_to]:
            continue
        if line := lines.get(row.key(schema.replaces_by)):
            replaced.append(Replacement(line, shipped, row.line, row.key(schema.unique_key)))
            continue
        kept.append(row)
    layers = (shipped.keep(kept), own) if own else (shipped.keep(kept),)
    return Table(schema, layers, tuple(replaced))


def _only_cited(tables: Mapping[str, Table], schema: SeedSchema) -> Table:
    """Leave out the shipped rows that no row of any table cites."""
    table = tables[schema.file]
    cited: dict[tuple[str, ...], set[Key]] = {}
    for citing in tables.values():
        for reference in citing.schema.references:
            if reference.file == schema.file:
                keys = citing.keys(reference.columns)
                cited.setdefault(reference.key, set()).update(keys)
    shipped, *own = table.layers
    kept = [
        row
        for row in shipped.rows
        if any(row.key(columns) in keys for columns, keys in cited.items())
    ]
    return replace(table, layers=(shipped.keep(kept), *own))
