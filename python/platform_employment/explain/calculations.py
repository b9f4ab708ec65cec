"""Calculations with numbers in them, in as many digits as make them true when recomputed."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal, InvalidOperation

from platform_employment.formatting import DIGITS, plain, significant
from platform_employment.method.formula import MINUS, FormulaError, evaluate_tree, parse

TYPED_DIGITS = 5  # a number with more is computed; one with fewer is shown as it was typed
MAX_DIGITS = 16
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.])")
_OPERATIONS: dict[str, Callable[..., Decimal]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": operator.pow,
    MINUS: operator.neg,
    "min": min,
    "max": max,
}


def shortened(calculation: str, digits: int | None = DIGITS) -> str:
    """Return a calculation whose computed numbers have as few digits as its result allows.

    Args:
        calculation: a formula with values substituted, such as `6168 / 16.5406275141`.
        digits: significant digits of the result as it is shown; None keeps the text.

    Returns:
        The text with at least three significant digits for each number, and the same result to
        `digits`. What is no such formula, and a root, is unchanged.
    """
    if digits is None:
        return calculation
    numbers = [Decimal(text) for text in _NUMBER.findall(calculation)]
    if all(_digits(number) <= TYPED_DIGITS for number in numbers):
        return calculation
    places = iter(range(len(numbers)))
    formula = _NUMBER.sub(lambda _: f"n{next(places)}", calculation)
    exact = _result(formula, numbers)
    if exact is None:
        return calculation
    for kept in range(DIGITS, MAX_DIGITS):
        shown = [_shown(number, kept) for number in numbers]
        found = _result(formula, shown)
        if found is not None and significant(found, digits) == significant(exact, digits):
            return _with_numbers(calculation, shown)
    return calculation


def _shown(number: Decimal, kept: int) -> Decimal:
    """A typed number as it is; of a computed one so many digits, and its whole part."""
    if _digits(number) <= TYPED_DIGITS:
        return number
    return significant(number, max(kept, number.adjusted() + 1))


def _with_numbers(calculation: str, numbers: Iterable[Decimal]) -> str:
    texts = iter(numbers)
    return _NUMBER.sub(lambda _: plain(next(texts)), calculation)


def _digits(number: Decimal) -> int:
    return len(number.normalize().as_tuple().digits)


def _result(formula: str, numbers: Sequence[Decimal]) -> Decimal | None:
    """The value of a formula of `n0`, `n1`, ...; None where it cannot be calculated."""

    values = {f"n{place}": number for place, number in enumerate(numbers)}

    def leaf(name: str | int) -> Decimal:
        if isinstance(name, int):
            return Decimal(name)
        if name not in values:
            raise FormulaError(name)
        return values[name]

    def apply(operation: str, operands: Sequence[Decimal]) -> Decimal:
        if operation not in _OPERATIONS:
            raise FormulaError(operation)
        return _OPERATIONS[operation](*operands)

    try:
        return evaluate_tree(parse(formula, is_limited=False).tree, leaf, apply)
    except (FormulaError, InvalidOperation, ZeroDivisionError):
        return None
