"""Calculations with numbers in them, in as many digits as make them true when recomputed."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation

from platform_employment.formatting import DIGITS, plain, significant, significant_digits
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
    if all(significant_digits(number) <= TYPED_DIGITS for number in numbers):
        return calculation
    places = iter(range(len(numbers)))
    formula = _NUMBER.sub(lambda _: f"n{next(places)}", calculation)
    exact = value_of(formula, _named(numbers))
    if exact is None:
        return calculation
    for kept in range(DIGITS, MAX_DIGITS):
        shown = [_shown(number, kept) for number in numbers]
        found = value_of(formula, _named(shown))
        if found is not None and significant(found, digits) == significant(exact, digits):
            return _with_numbers(calculation, shown)
    return calculation


def _shown(number: Decimal, kept: int) -> Decimal:
    """A typed number as it is; of a computed one so many digits, and its whole part."""
    if significant_digits(number) <= TYPED_DIGITS:
        return number
    return significant(number, max(kept, number.adjusted() + 1))


def _with_numbers(calculation: str, numbers: Iterable[Decimal]) -> str:
    texts = iter(numbers)
    return _NUMBER.sub(lambda _: plain(next(texts)), calculation)


def _named(numbers: Sequence[Decimal]) -> dict[str, Decimal]:
    return {f"n{place}": number for place, number in enumerate(numbers)}


def value_of(formula: str, values: Mapping[str, Decimal]) -> Decimal | None:
    """Return the value of a formula; None for a division by zero, a `sum` or a root.

    Unlike the evaluator of methods it knows no elements, and needs no numpy to start.
    """

    def leaf(name: str | int) -> Decimal:
        return Decimal(name) if isinstance(name, int) else values[name]

    def apply(operation: str, operands: Sequence[Decimal]) -> Decimal:
        return _OPERATIONS[operation](*operands)

    try:
        return evaluate_tree(parse(formula, is_limited=False).tree, leaf, apply)
    except (FormulaError, KeyError, InvalidOperation, ZeroDivisionError):
        return None
