"""The rules of `rows` as SQL, for tables of any size.

The expressions, codes and limits are those of `cell_rule` and of the yml: nothing about a
column is written a second time. The dialect is DuckDB's; an engine with another name for
`regexp_full_match` or `try_cast` needs another version of this module.
"""

from __future__ import annotations

from collections.abc import Iterator

from platform_employment.gates.rows import MOST_DIGITS, RowCode, cell_rule
from platform_employment.gates.schemas import ColumnRule


def rejection_expression(rule: ColumnRule) -> str:
    """Give an SQL expression of a text column: its reason code, null for an accepted cell.

    It agrees with `rows.typed` for every text, where null is the empty cell.
    """
    branches = " ".join(f"when {condition} then {code}" for condition, code in _branches(rule))
    return f"case {branches} end"


def _branches(rule: ColumnRule) -> Iterator[tuple[str, str]]:
    column = f'"{rule.name}"'
    if rule.required:
        yield f"{column} is null", _literal(RowCode.BLANK)
    expressions = cell_rule(rule)
    yield f"not {_matches(column, expressions.accepts)}", _reason(column, rule)
    match rule.type:
        case "integer" | "decimal":
            yield from _range_branches(rule)
        case "date":
            yield f"try_cast({column} as date) is null", _literal(RowCode.BAD_DATE)
        case "text" | "code" if rule.values:
            # not `not in (...)`: DuckDB makes a join of that, and rows lose their order
            others = " and ".join(f"{column} != {_literal(value)}" for value in rule.values)
            yield others, _literal(RowCode.NOT_ALLOWED)


def _reason(column: str, rule: ColumnRule) -> str:
    """Give the code for a text that is not accepted; the last reason matches everything."""
    *reasons, last = cell_rule(rule).reasons
    branches = " ".join(
        f"when {_matches(column, reason.pattern)} then {_literal(reason.code)}"
        for reason in reasons
    )
    return f"case {branches} else {_literal(last.code)} end"


def _range_branches(rule: ColumnRule) -> Iterator[tuple[str, str]]:
    # what is accepted so far has at most MOST_DIGITS digits before the point, so it can be cast
    number = f'try_cast("{rule.name}" as decimal({MOST_DIGITS + rule.decimals}, {rule.decimals}))'
    if rule.minimum is not None:
        too_low = f"{number} {'<=' if rule.exclusive_minimum else '<'} {rule.minimum:f}"
        yield f"{too_low} and {number} = 0", _literal(RowCode.ZERO)
        if rule.minimum >= 0:
            yield f"{too_low} and {number} < 0", _literal(RowCode.NEGATIVE)
        yield too_low, _literal(RowCode.BELOW_MINIMUM)
    if rule.maximum is not None:
        yield f"{number} > {rule.maximum:f}", _literal(RowCode.ABOVE_MAXIMUM)


def _matches(column: str, pattern: str) -> str:
    return f"regexp_full_match({column}, {_literal(_in_ascii(pattern))})"


def _in_ascii(pattern: str) -> str:
    """Escape what cannot be seen, or not be typed, in compiled SQL; RE2 reads it alike."""
    return "".join(sign if sign.isascii() else f"\\x{{{ord(sign):x}}}" for sign in pattern)


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
