"""The rules of cells as SQL, for tables of any size.

The expressions, codes and limits come from `cell_rule` and the yml: nothing about a
column is written a second time. A number that a file stores as one is judged as it is: text is
written from it only for a row that is rejected. What engines spell differently is a Dialect.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from platform_employment.database import literal
from platform_employment.validation.cells import MAX_DIGITS, RowCode, cell_rule
from platform_employment.validation.schemas import ColumnRule

TEXT = "VARCHAR"

_INTEGER = re.compile(r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?")
_DECIMAL = re.compile(r"DECIMAL\(([0-9]+),([0-9]+)\)")
# digits of a decimal of the warehouse
_WIDTH = 18
# DuckDB writes a smaller double with an exponent, which no column accepts
_LEAST_PLAIN_DOUBLE = "0.0001"
_FLOATS = frozenset({"FLOAT", "DOUBLE"})
# zeros behind the point that no digit follows
_PADDING = r"\.0*$|(\.[0-9]*[1-9])0+$"


@dataclass(frozen=True)
class ColumnExpressions:
    """What SQL says of one column of a table.

    source: of the column as it is stored, a number or text; the others are of `source` under the
    name of the column. accepted: whether a cell is accepted, null being no; value: an accepted
    cell, typed; text: a cell as text, null for an empty one; rejection: of that text under the
    same name, its reason code, null for an accepted cell; decimals: the column may have.
    """

    source: str
    accepted: str
    value: str
    text: str
    rejection: str
    decimals: int


def column_expressions(rule: ColumnRule, data_type: str = TEXT) -> ColumnExpressions:
    """Return the expressions of a column that is stored as this type, by its name in DuckDB."""
    column = f'"{rule.name}"'
    typed = _typed_acceptance(column, rule, data_type)
    return ColumnExpressions(
        source=column if typed or data_type == TEXT else _text(column, data_type),
        accepted=typed or _text_acceptance(column, rule),
        value=_value(column, rule),
        text=_text(column, data_type if typed else TEXT),
        rejection=rejection_expression(rule),
        decimals=rule.decimals or 0,
    )


def rejection_expression(rule: ColumnRule) -> str:
    """Return an SQL expression of a text column: its reason code, null for an accepted cell.

    Null is the empty cell.
    """
    branches = " ".join(f"when {condition} then {code}" for condition, code in _branches(rule))
    return f"case {branches} end"


def pattern_condition(column: str, rule: ColumnRule) -> str:
    """Return the condition that the expression of a column matches all of a text."""
    return _matches(column, cell_rule(rule).accepts)


def further_conditions(column: str, rule: ColumnRule) -> list[str]:
    """Return what a text that the expression matches must also be: in range, a day, listed."""
    match rule.type:
        case "integer" | "decimal":
            return _in_range(_number(column, rule), rule)
        case "date":
            return [f"try_cast({column} as date) is not null"]
        case _ if rule.values:
            allowed = " or ".join(f"{column} = {literal(value)}" for value in rule.values)
            return [f"({allowed})"]
    return []


def _text(column: str, data_type: str) -> str:
    """Return the text of a column; a number without the zeros that its type pads it with."""
    text = column if data_type == TEXT else _number_text(column, data_type)
    return f"nullif({text}, '')"


def _value(column: str, rule: ColumnRule) -> str:
    match rule.type:
        case "integer":
            return f"cast({column} as bigint)"
        case "decimal":
            return f"cast({column} as decimal({_WIDTH}, {rule.decimals}))"
    return column


def _text_acceptance(column: str, rule: ColumnRule) -> str:
    """Return the condition under which a text is accepted; null for no text."""
    conditions = [pattern_condition(column, rule), *further_conditions(column, rule)]
    accepted = " and ".join(conditions)
    return accepted if rule.required else f"({column} is null or ({accepted}))"


def _typed_acceptance(column: str, rule: ColumnRule, data_type: str) -> str | None:
    """Return the condition under which a number of this type is accepted, None if only text tells.

    It agrees with the rules for its text: no digits but those that the column may have, and within
    its range.
    """
    if rule.type not in {"integer", "decimal"} or not rule.required:
        return None
    conditions = _in_range(column, rule)
    rounded = f"try_cast({column} as decimal({_WIDTH}, {rule.decimals}))"
    if decimal := _DECIMAL.fullmatch(data_type):
        width, scale = map(int, decimal.groups())
        if scale > rule.decimals:
            if width > _WIDTH:
                return None
            conditions.append(f"{rounded} = {column}")
    elif data_type == "DOUBLE":
        conditions.append(f"cast({rounded} as double) = {column}")
        conditions.append(f"({column} = 0 or abs({column}) >= {_LEAST_PLAIN_DOUBLE})")
    elif not _INTEGER.fullmatch(data_type):
        return None
    return " and ".join(conditions)


def _in_range(number: str, rule: ColumnRule) -> list[str]:
    """Return the conditions of the range of a column; without a limit, the one of its digits."""
    low, high = rule.minimum, rule.maximum
    above = ">" if rule.exclusive_minimum else ">="
    return [
        f"{number} > -1{'0' * MAX_DIGITS}" if low is None else f"{number} {above} {low:f}",
        f"{number} < 1{'0' * MAX_DIGITS}" if high is None else f"{number} <= {high:f}",
    ]


def _branches(rule: ColumnRule) -> Iterator[tuple[str, str]]:
    column = f'"{rule.name}"'
    if rule.required:
        yield f"{column} is null", literal(RowCode.BLANK)
    expressions = cell_rule(rule)
    yield f"not {_matches(column, expressions.accepts)}", _reason(column, rule)
    match rule.type:
        case "integer" | "decimal":
            yield from _range_branches(column, rule)
        case "date":
            yield f"try_cast({column} as date) is null", literal(RowCode.BAD_DATE)
        case "text" | "code" if rule.values:
            # not `not in (...)`: DuckDB makes a join of that, and rows lose their order
            others = " and ".join(f"{column} != {literal(value)}" for value in rule.values)
            yield others, literal(RowCode.NOT_ALLOWED)


def _reason(column: str, rule: ColumnRule) -> str:
    """Return the code for a text that is not accepted; the last reason matches everything."""
    *reasons, last = cell_rule(rule).reasons
    branches = " ".join(
        f"when {_matches(column, reason.pattern)} then {literal(reason.code)}" for reason in reasons
    )
    return f"case {branches} else {literal(last.code)} end"


def _number(column: str, rule: ColumnRule) -> str:
    # what is accepted so far has at most MAX_DIGITS digits before the point, so it can be cast
    return f"try_cast({column} as decimal({MAX_DIGITS + rule.decimals}, {rule.decimals}))"


def _range_branches(column: str, rule: ColumnRule) -> Iterator[tuple[str, str]]:
    number = _number(column, rule)
    if rule.minimum is not None:
        too_low = f"{number} {'<=' if rule.exclusive_minimum else '<'} {rule.minimum:f}"
        yield f"{too_low} and {number} = 0", literal(RowCode.ZERO)
        if rule.minimum >= 0:
            yield f"{too_low} and {number} < 0", literal(RowCode.NEGATIVE)
        yield too_low, literal(RowCode.BELOW_MINIMUM)
    if rule.maximum is not None:
        yield f"{number} > {rule.maximum:f}", literal(RowCode.ABOVE_MAXIMUM)


def _matches(column: str, pattern: str) -> str:
    """Return the condition that a pattern matches all of a text."""
    return f"regexp_full_match({column}, {literal(_in_ascii(pattern))})"


def _number_text(column: str, data_type: str) -> str:
    """Return what is no text as text, without the zeros that its type pads it with."""
    text = f"cast({column} as varchar)"
    if data_type in _FLOATS or data_type.startswith("DECIMAL"):
        text = f"regexp_replace({text}, '{_PADDING}', '\\1')"
    return text


def _in_ascii(pattern: str) -> str:
    """Escape what cannot be seen, or not be typed, in compiled SQL; RE2 reads it alike."""
    return "".join(sign if sign.isascii() else f"\\x{{{ord(sign):x}}}" for sign in pattern)
