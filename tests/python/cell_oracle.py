"""The rules of cells read by Python, which the SQL of the package must agree with."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from platform_employment.validation.cells import RowCode, Value, cell_rule, value_of
from platform_employment.validation.schemas import ColumnRule


def outcome_of(rule: ColumnRule, text: str) -> Value | RowCode:
    """Return the value of a cell, or the code of the reason why it is refused."""
    code = code_of(rule, text)
    return code if code is not None else value_of(rule, text)


def code_of(rule: ColumnRule, text: str) -> RowCode | None:
    """Return why a cell is refused."""
    if not text:
        return RowCode.BLANK if rule.required else None
    expressions = cell_rule(rule)
    if not re.fullmatch(expressions.accepts, text):
        return next(r.code for r in expressions.reasons if re.fullmatch(r.pattern, text))
    match rule.type:
        case "integer" | "decimal":
            return _range_code(rule, Decimal(text))
        case "date":
            return None if _is_date(text) else RowCode.BAD_DATE
    return RowCode.NOT_ALLOWED if rule.values and text not in rule.values else None


def _range_code(rule: ColumnRule, number: Decimal) -> RowCode | None:
    low, high = rule.minimum, rule.maximum
    if low is not None and (number < low or (rule.exclusive_minimum and number == low)):
        if number == 0:
            return RowCode.ZERO
        return RowCode.NEGATIVE if number < 0 <= low else RowCode.BELOW_MINIMUM
    return RowCode.ABOVE_MAXIMUM if high is not None and number > high else None


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
