"""How large a method may be: bounds that no method of a report comes near.

Without them the time and memory of a build, and the size of its pages, would depend on a few cells.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from platform_employment.validation.cells import Row
from platform_employment.validation.errors import Finding
from platform_employment.validation.files import FileCode
from platform_employment.validation.overrides import Key, Table

MAX_FORMULA_CHARACTERS = 2_000
MAX_COMPONENT_LEVELS = 20
_COMPONENTS = "method/components.csv"
_STEPS = "method/steps.csv"


@dataclass(frozen=True)
class _Limit:
    """So many rows of a table that are equal in some columns."""

    table: str
    columns: tuple[str, ...]
    most: int
    what: str


_LIMITS = (
    _Limit(_STEPS, ("method_id",), 500, "steps of a method"),
    _Limit("method/inputs.csv", ("method_id",), 500, "inputs of a method"),
    _Limit(_COMPONENTS, ("method_id",), 500, "components of a method"),
    _Limit("method/choices.csv", ("method_id",), 500, "options of a method"),
    _Limit(
        "platform/input_values.csv",
        ("platform_id", "scenario_id", "window_start", "window_end", "input_name"),
        1_000,
        "elements of an input",
    ),
)


def limit_findings(tables: Mapping[str, Table]) -> Iterator[Finding]:
    """Yield one error for each method or input that is larger than any honest one.

    tables: by file.
    """
    for limit in _LIMITS:
        if limit.table in tables:
            yield from _too_many(tables[limit.table], limit)
    if _STEPS in tables:
        yield from _long_formulas(tables[_STEPS])
    if _COMPONENTS in tables:
        yield from _deep_components(tables[_COMPONENTS])


def _too_many(table: Table, limit: _Limit) -> Iterator[Finding]:
    columns = [name for name in limit.columns if name in table.schema.header]
    counts: Counter[tuple[object, ...]] = Counter()
    for layer, row in table.rows():
        key = row.key(columns)
        counts[key] += 1
        if counts[key] == limit.most + 1:
            yield _finding(
                layer.name,
                row,
                ", ".join(columns),
                " ".join(str(part) for part in key if part is not None),
                f"more than {limit.most} {limit.what}",
                "split the method, or remove rows",
            )


def _long_formulas(table: Table) -> Iterator[Finding]:
    for layer, row in table.rows():
        formula = str(row.values.get("formula") or "")
        if len(formula) > MAX_FORMULA_CHARACTERS:
            yield _finding(
                layer.name,
                row,
                "formula",
                formula,
                f"longer than {MAX_FORMULA_CHARACTERS} characters",
                "write parts of it as separate steps",
            )


def _deep_components(table: Table) -> Iterator[Finding]:
    """Follow each component to its root once; a circle is reported with the formulas."""
    rows = {row.key(("method_id", "component_id")): (layer, row) for layer, row in table.rows()}
    levels: dict[Key, int] = {}
    for key in rows:
        path: list[Key] = []
        at: Key = key
        while at in rows and at not in levels and len(path) <= len(rows):
            path.append(at)
            _, row = rows[at]
            at = (row.values["method_id"], row.values["parent_component_id"])
        level = levels.get(at, 0)
        for step in reversed(path):
            level += 1
            levels[step] = level
    for key, (layer, row) in rows.items():
        # the first of a branch speaks for those below it
        if levels[key] == MAX_COMPONENT_LEVELS + 1:
            yield _finding(
                layer.name,
                row,
                "parent_component_id",
                str(row.values["component_id"]),
                f"a component below more than {MAX_COMPONENT_LEVELS} others",
                "give it a parent nearer to the total",
            )


def _finding(file: str, row: Row, column: str, raw: str, message: str, remedy: str) -> Finding:
    return Finding(file, FileCode.TOO_LARGE_METHOD, message, remedy, row.line, column, raw)
