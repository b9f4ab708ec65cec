"""Judge the cells of small tables, all at once, by the SQL that judges merchant microdata."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from platform_employment.validation.cells import Rejection, RowCode, Value, rejection, value_of
from platform_employment.validation.schemas import ColumnRule
from platform_employment.validation.sql import (
    further_conditions,
    pattern_condition,
    rejection_expression,
)

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_CELL = "cell"

# what came of each text
Outcomes = Mapping[str, Value | Rejection]


def judge(columns: Iterable[tuple[ColumnRule, Iterable[str]]]) -> dict[ColumnRule, Outcomes]:
    """Type each text exactly, or say why not.

    Args:
        columns: rules with the texts of their cells.

    Returns:
        What came of each text, by `shape` of its rule. An empty optional cell is not one.
    """
    texts: dict[ColumnRule, set[str]] = {}
    for rule, cells in columns:
        texts.setdefault(shape(rule), set()).update(cells)
    outcomes: dict[ColumnRule, Outcomes] = {}
    with _database().cursor() as connection:
        refused = _refused(connection, texts)
        for rule, cells in texts.items():
            codes = _codes(connection, rule, refused[rule]) if rule in refused else {}
            outcomes[rule] = {
                text: rejection(rule, text, codes[text]) if text in codes else value_of(rule, text)
                for text in cells
            }
    return outcomes


def typed(rule: ColumnRule, text: str) -> Value | Rejection:
    """Type one cell exactly, or say why not."""
    return judge([(rule, [text])])[shape(rule)][text]


def shape(rule: ColumnRule) -> ColumnRule:
    """Return a rule without what does not judge, so that equal rules are judged together."""
    return replace(rule, name=_CELL, description="")


@cache
def _database() -> DuckDBPyConnection:
    """Return an empty database, which takes longer to make than small tables to judge."""
    import duckdb  # noqa: PLC0415  the command line must start fast

    return duckdb.connect(config={"threads": 1})


def _refused(
    connection: DuckDBPyConnection, texts: Mapping[ColumnRule, Collection[str]]
) -> dict[ColumnRule, list[str]]:
    """Return the texts that are not accepted.

    The query has each expression once: making it ready takes longer than all its matches.
    """
    rules = list(texts)
    patterns: dict[str, list[str]] = {}
    conditions: dict[str, list[str]] = {}
    for number, rule in enumerate(rules):
        patterns.setdefault(pattern_condition(_CELL, rule), []).append(str(number))
        also = " and ".join(further_conditions(_CELL, rule)) or "true"
        conditions.setdefault(also, []).append(str(number))
    optional = {number for number, rule in enumerate(rules) if not rule.required}
    cells = [
        (number, text)
        for number, rule in enumerate(rules)
        for text in texts[rule]
        if text or number not in optional
    ]
    refused: dict[ColumnRule, list[str]] = {}
    if not cells:
        return refused
    found = connection.execute(
        f"""
        select rule, coalesce({_CELL}, '')
        from (select unnest($1) as rule, nullif(unnest($2), '') as {_CELL})
        where not coalesce(({_by_rule(patterns)}) and ({_by_rule(conditions)}), false)
        """,
        [[number for number, _ in cells], [text for _, text in cells]],
    ).fetchall()
    for number, text in found:
        refused.setdefault(rules[number], []).append(text)
    return refused


def _by_rule(conditions: Mapping[str, list[str]]) -> str:
    branches = " ".join(
        f"when rule in ({', '.join(numbers)}) then {condition}"
        for condition, numbers in conditions.items()
    )
    return f"case {branches} end"


def _codes(
    connection: DuckDBPyConnection, rule: ColumnRule, texts: list[str]
) -> dict[str, RowCode]:
    """Return the reason code of each text that is not accepted."""
    found = connection.execute(
        f"select text, {rejection_expression(rule)}"
        f" from (select unnest($1) as text), lateral (select nullif(text, '') as {_CELL})",
        [texts],
    ).fetchall()
    return {text: RowCode(code) for text, code in found}
