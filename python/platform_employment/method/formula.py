"""The evaluator: a formula of a method is text of a closed grammar, worked out and nothing else.

    expr  = term  {("+" | "-") term}          term = power {("*" | "/") power}
    power = atom ["**" exponent]              exponent = "2" | "3" | name
    atom  = name | "1" | "2" | "(" expr ")" | "-" atom | call
    call  = ("min" | "max") "(" expr "," expr ")" | "sum" "(" expr ")"
            | "smaller_root" "(" expr "," expr "," expr ")"

A value is a number for each element of a set, or one number whose element is "-". Operands are
aligned by element. Numbers are Decimals of 34 digits, rounded half up, or numpy arrays of floats.
A fifth function, a condition or line 151 here: see docs/decisions/0014-method-as-data.md.
"""

from __future__ import annotations

import ast
import itertools
import keyword
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Context, localcontext
from functools import reduce
from typing import Any, Protocol, TypeVar

import numpy as np

ALONE = "-"  # the element of a value without a set
MINUS = "minus"  # the sign before one operand
FUNCTIONS = {"min": 2, "max": 2, "sum": 1, "smaller_root": 3}
LIMITS = {"characters": 120, "brackets deep": 6, "names": 12}
CONTEXT = Context(prec=34, rounding=ROUND_HALF_UP)
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
PARTS = "+ - * / ** ( ) " + " ".join(FUNCTIONS)
_PIECES = re.compile(r"[\w.]+|\*\*|//|[^ ]")
_ODD = re.compile(r", \)|[123] \(|\*\* [^a-z23]|\*\* \w+ (?:\*\*|\()|(?<!\*\* )\b3\b")
_PIECE = re.compile(rf"{NAME.pattern}|[123]|\*\*|[-+*/(),]")
_SIGNS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}
Values = Mapping[str, Any]
T = TypeVar("T")


class FormulaError(ValueError):
    """A text that is no formula, or a formula without a value."""


class _Algebra(Protocol[T]):
    """What the parts of a formula mean: numbers, units, a text of SQL."""

    def name(self, name: str) -> T: ...
    def number(self, number: int) -> T: ...
    def apply(self, operation: str, operands: Sequence[T]) -> T: ...


@dataclass(frozen=True)
class Formula:
    """A text of the grammar, the names in it and those of them that are exponents."""

    text: str
    tree: ast.expr = field(repr=False, compare=False)
    names: tuple[str, ...]
    exponents: tuple[str, ...]


def parse(text: str, *, is_limited: bool = True) -> Formula:
    """Read a formula; only a sum that the engine writes itself has no limit of size."""
    pieces = _PIECES.findall(text)
    refused = [p for p in pieces if not _PIECE.fullmatch(p) or keyword.iskeyword(p)]
    for odd in refused or [found.group() for found in _ODD.finditer(" ".join(pieces))]:
        raise FormulaError(f"{odd!r} is no part of a formula: {PARTS}")
    depth = max(np.cumsum([(piece == "(") - (piece == ")") for piece in ["", *pieces]]))
    names = tuple(dict.fromkeys(p for p in pieces if NAME.fullmatch(p) and p not in FUNCTIONS))
    for (what, most), size in zip(LIMITS.items(), (len(text), depth, len(names)), strict=True):
        if is_limited and size > most:
            raise FormulaError(f"{size} {what}, at most {most}: make two steps")
    try:
        tree = ast.parse(text.strip(" "), mode="eval").body
    except SyntaxError:
        raise FormulaError(f"{text!r} is no formula") from None
    exponents = tuple(b for a, b in itertools.pairwise(pieces) if a == "**" and b in names)
    formula = Formula(text.strip(" "), tree, names, exponents)
    evaluate(formula, {name: {ALONE: np.float64(1)} for name in names}, np.float64)
    return formula


def fold(formula: Formula, algebra: _Algebra[T]) -> T:
    """Work a formula out from its names and numbers up."""

    def value(node: ast.expr) -> T:
        match node:
            case ast.Name(id=name) if name not in FUNCTIONS:
                return algebra.name(name)
            case ast.Constant(value=int(number)):
                return algebra.number(number)
            case ast.BinOp(left=left, op=sign, right=right):
                return algebra.apply(_SIGNS[type(sign)], [value(left), value(right)])
            case ast.Call(func=ast.Name(id=name), args=args) if len(args) == FUNCTIONS.get(name):
                return algebra.apply(name, [value(argument) for argument in args])
            case ast.UnaryOp(op=ast.USub(), operand=of):
                if isinstance(of, ast.BinOp) and formula.text[: of.col_offset].strip()[-1] == "-":
                    raise FormulaError("- before a power: bracket the power or its base")
                return algebra.apply(MINUS, [value(of)])
        raise FormulaError(f"{ast.unparse(node)!r} is no part of a formula: {PARTS}")

    return value(formula.tree)


class _Numbers:
    """Arithmetic element by element, with Decimals or with floats."""

    def __init__(self, values: Mapping[str, Values], kind: Callable[[int], Any]) -> None:
        self.name, self.kind = values.__getitem__, kind

    def number(self, number: int) -> Values:
        return {ALONE: self.kind(number)}

    def apply(self, operation: str, operands: Sequence[Values]) -> Values:
        if operation == "sum":
            return {ALONE: reduce(operator.add, (x for _, x in sorted(operands[0].items())))}
        return each(_OPERATIONS[operation], *operands)


def each(operation: Any, *operands: Values) -> Values:
    """Apply an operation to each element of its operands."""
    elements = sorted(set().union(*operands) - {ALONE}) or [ALONE]
    for odd in [e for e in elements for o in operands if e not in o and ALONE not in o]:
        raise FormulaError(f"no value for {odd} in one of the operands")
    return {e: operation(*(o.get(e, o.get(ALONE)) for o in operands)) for e in elements}


def _root(a: Any, b: Any, c: Any) -> Any:
    """The x nearer to zero of a + b x + c x^2 = 0; the form that keeps its digits for small c."""
    width = np.sqrt(b * b - 4 * a * c)
    return -2 * a / np.where(b >= 0, b + width, b - width)[()]


_BY_SIGN = (operator.add, operator.sub, operator.mul, operator.truediv, operator.pow)
_OPERATIONS: dict[str, Any] = dict(zip(_SIGNS.values(), _BY_SIGN, strict=True))
_OPERATIONS |= {MINUS: operator.neg, "min": np.minimum, "max": np.maximum, "smaller_root": _root}


def evaluate(formula: Formula, values: Mapping[str, Values], kind: Callable[[int], Any]) -> Values:
    """The value of a formula; `kind` is Decimal or np.float64, as the values are."""
    with localcontext(CONTEXT), np.errstate(all="ignore"):
        try:
            return fold(formula, _Numbers(values, kind))
        except ArithmeticError as error:
            reason = "divides by zero" if isinstance(error, ZeroDivisionError) else "has no value"
            raise FormulaError(reason) from None
