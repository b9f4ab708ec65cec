"""Units of a formula by dimension and scale, and the set of elements that its value has.

A unit is a product of base dimensions and a scale: 10 thousand jobs is `jobs` times 10000. Added
and compared are like units alone. Both algebras are exact and say what is wrong in one line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from platform_employment.method.formula import (
    FUNCTIONS,
    MINUS,
    SCALAR,
    Formula,
    FormulaError,
    evaluate_tree,
)

_BASE = re.compile(r"([a-z_]+)(?:\^(-?[1-9]))?")
_WORDS = {Fraction(10) ** 4: "万", Fraction(10) ** 8: "亿", Fraction(10) ** 12: "万亿"}
_VERBS = {"+": "plus", "-": "minus", "*": "times", "/": "divided by", "**": "to the power of"}


@dataclass(frozen=True)
class Unit:
    """Powers of base dimensions, sorted, and the amount of the base in one unit."""

    dimension: tuple[tuple[str, int], ...]
    scale: Fraction

    @property
    def base(self) -> str:
        """The dimension as it is in units.csv."""
        ordered = sorted(self.dimension, key=lambda part: part[1] < 0)
        powers = [base if power == 1 else f"{base}^{power}" for base, power in ordered]
        return " ".join(powers) or "1"

    def __str__(self) -> str:
        """The dimension after its scale: `jobs`, `万 jobs`."""
        if self.scale == 1:
            return self.base
        scale = _WORDS.get(self.scale, _number(self.scale))
        return f"{scale} {self.base}" if self.dimension else scale

    def times(self, other: Unit, power: int = 1) -> Unit:
        """The product with a power of another unit."""
        powers = dict(self.dimension)
        for base, exponent in other.dimension:
            powers[base] = powers.get(base, 0) + power * exponent
        left = sorted((base, exponent) for base, exponent in powers.items() if exponent)
        return Unit(tuple(left), self.scale * other.scale**power)


ONE = Unit((), Fraction(1))


def read_unit(dimension: str, scale: str) -> Unit:
    """A unit from its cells of units.csv.

    Raises:
        FormulaError: the cells are no dimension and scale.
    """
    unit = ONE
    for part in dimension.split() if dimension != "1" else []:
        found = _BASE.fullmatch(part)
        if not found:
            raise FormulaError(f"{part!r} is no dimension: write such as yuan jobs^-1")
        unit = unit.times(Unit(((found[1], 1),), Fraction(1)), int(found[2] or 1))
    try:
        amount = Fraction(Decimal(scale))
    except (InvalidOperation, ValueError, OverflowError):
        amount = Fraction(0)
    if amount <= 0 or not dimension:
        raise FormulaError(f"dimension {dimension!r}, scale {scale!r}: both are needed, scale > 0")
    return Unit(unit.dimension, amount)


def unit_of(formula: Formula, units: Mapping[str, Unit]) -> Unit:
    """The unit that a formula gives.

    Raises:
        FormulaError: its operands do not go together.
    """

    def leaf(name: str | int) -> tuple[str, Unit]:
        return str(name), units[name] if isinstance(name, str) else ONE

    def apply(operation: str, operands: Sequence[tuple[str, Unit]]) -> tuple[str, Unit]:
        return _written(operation, operands), _unit(operation, operands)

    return evaluate_tree(formula.tree, leaf, apply)[1]


def elements_of(formula: Formula, sets: Mapping[str, str]) -> str:
    """The element set that a formula gives.

    Raises:
        FormulaError: its operands have different sets, or it sums what has no set.
    """

    def leaf(name: str | int) -> tuple[str, str]:
        return str(name), sets[name] if isinstance(name, str) else SCALAR

    def apply(operation: str, operands: Sequence[tuple[str, str]]) -> tuple[str, str]:
        text = _written(operation, operands)
        many = [operand for operand in operands if operand[1] != SCALAR]
        if operation == "sum":
            if not many:
                raise FormulaError(f"{text}: {operands[0][0]} is one value and needs no sum")
            return text, SCALAR
        for other, elements in many[1:]:
            first, one = many[0]
            if elements != one:
                verb = _VERBS.get(operation, "beside")
                raise FormulaError(
                    f"{first} ({one}) {verb} {other} ({elements}): sum one of them first"
                )
        return text, many[0][1] if many else SCALAR

    return evaluate_tree(formula.tree, leaf, apply)[1]


def compare_units(given: Unit, declared: Unit) -> str | None:
    """What is wrong where a formula gives one unit and its step declares another."""
    if given.dimension != declared.dimension:
        return f"gives {given.base}, {declared.base} is declared"
    if given.scale != declared.scale:
        factor = _number(declared.scale / given.scale)
        return f"gives {given}, {declared} is declared: factor {factor}"
    return None


def _unit(operation: str, operands: Sequence[tuple[str, Unit]]) -> Unit:
    unit, last = operands[0][1], operands[-1][1]
    match operation:
        case "*" | "/":
            return unit.times(last, 1 if operation == "*" else -1)
        case "**" if operands[1][0].isdigit():
            return unit.times(unit, int(operands[1][0]) - 1)
        case "**":
            for text, one in operands:
                if one != ONE:
                    raise FormulaError(f"{text} is in {one}: a power by name takes numbers")
            return ONE
        case "smaller_root":
            (a, constant), (_, linear), (c, square) = operands
            root = constant.times(linear, -1)
            _alike("adds", (a, constant), (f"{c} x ** 2", square.times(root, 2)))
            return root
        case "+" | "-" | "min" | "max":
            return _alike({"+": "adds", "-": "subtracts"}.get(operation, "compares"), *operands)
    return unit


def _alike(verb: str, left: tuple[str, Unit], right: tuple[str, Unit]) -> Unit:
    (first, one), (second, other) = left, right
    if one.dimension != other.dimension:
        places = f"{one.base} ({first}) and {other.base} ({second})"
        raise FormulaError(f"{verb} {places}: convert one by a step")
    if one.scale != other.scale:
        factor = _number(max(one.scale, other.scale) / min(one.scale, other.scale))
        raise FormulaError(f"{verb} {one} ({first}) and {other} ({second}): factor {factor}")
    return one


def _written(operation: str, operands: Sequence[tuple[str, object]]) -> str:
    """An operation as text, for messages."""
    texts = [text for text, _ in operands]
    if operation in FUNCTIONS:
        return f"{operation}({', '.join(texts)})"
    return f"-{texts[0]}" if operation == MINUS else f"({f' {operation} '.join(texts)})"


def _number(number: Fraction) -> str:
    """10000, 0.0001, or 1/3 where decimals do not end."""
    if number.denominator == 1:
        return str(number.numerator)
    text = f"{Decimal(number.numerator) / Decimal(number.denominator):f}"
    return text.rstrip("0") if Fraction(text) == number else str(number)
