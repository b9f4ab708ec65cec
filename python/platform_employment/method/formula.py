"""The grammar of formulas: Python's own, limited to a short list, and read once.

    expr  = term  {("+" | "-") term}          term = power {("*" | "/") power}
    power = atom ["**" exponent]              exponent = "2" | "3" | name
    atom  = name | "1" | "2" | "(" expr ")" | "-" atom | call
    call  = ("min" | "max") "(" expr "," expr ")" | "sum" "(" expr ")"
            | "smaller_root" "(" expr "," expr "," expr ")"

A formula is read into nested tuples, `("+", "a", ("*", "b", 2))`. What they mean is in `evaluate`
(numbers), `units` (units and element sets) and `render` (text, JavaScript).
"""

from __future__ import annotations

import ast
import itertools
import keyword
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

SCALAR = "-"  # the element of a value without a set
MINUS = "minus"  # the sign before one operand
FUNCTIONS = {"min": 2, "max": 2, "sum": 1, "smaller_root": 3}
LIMITS = {"characters": 120, "brackets deep": 6, "names": 12}
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
PARTS = "+ - * / ** ( ) " + " ".join(FUNCTIONS)
_PIECES = re.compile(r"[\w.]+|\*\*|//|[^ ]")
_ODD = re.compile(r", \)|[123] \(|\*\* [^a-z23]|\*\* \w+ (?:\*\*|\()|(?<!\*\* )\b3\b")
_PIECE = re.compile(rf"{NAME.pattern}|[123]|\*\*|[-+*/(),]")
_SIGNS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}
# a name, one of the numbers 1 to 3, or an operation and its operands
Tree = str | int | tuple["Tree", ...]
T = TypeVar("T")


class FormulaError(ValueError):
    """A text that is no formula, or a formula without a value."""


@dataclass(frozen=True)
class Formula:
    """A text of the grammar, the names in it and the ones of them that are exponents."""

    text: str
    tree: Tree = field(repr=False, compare=False)
    names: tuple[str, ...]
    exponents: tuple[str, ...]


def parse(text: str, *, is_limited: bool = True) -> Formula:
    """Read a formula; only a sum that the engine writes itself has no limit of size.

    Raises:
        FormulaError: the text is not a formula, or too large.
    """
    pieces = _PIECES.findall(text)
    refused = [p for p in pieces if not _PIECE.fullmatch(p) or keyword.iskeyword(p)]
    for odd in refused or [found.group() for found in _ODD.finditer(" ".join(pieces))]:
        raise FormulaError(f"{odd!r} is not a part of a formula: {PARTS}")
    depths = itertools.accumulate((piece == "(") - (piece == ")") for piece in pieces)
    names = tuple(dict.fromkeys(p for p in pieces if NAME.fullmatch(p) and p not in FUNCTIONS))
    sizes = (len(text), max(depths, default=0), len(names))
    for (what, most), size in zip(LIMITS.items(), sizes, strict=True):
        if is_limited and size > most:
            raise FormulaError(f"{size} {what}, at most {most}: make two steps")
    text = text.strip(" ")
    try:
        expression = ast.parse(text, mode="eval").body
    except SyntaxError:
        raise FormulaError(f"{text!r} is no formula") from None

    def read(node: ast.expr) -> Tree:
        match node:
            case ast.Name(id=name) if name not in FUNCTIONS:
                return name
            case ast.Constant(value=int(number)):
                return number
            case ast.BinOp(left=left, op=sign, right=right):
                return (_SIGNS[type(sign)], read(left), read(right))
            case ast.Call(func=ast.Name(id=name), args=args) if len(args) == FUNCTIONS.get(name):
                return (name, *map(read, args))
            case ast.UnaryOp(op=ast.USub(), operand=of):
                if isinstance(of, ast.BinOp) and text[: of.col_offset].strip()[-1] == "-":
                    raise FormulaError("- before a power: bracket the power or its base")
                return (MINUS, read(of))
        raise FormulaError(f"{ast.unparse(node)!r} is not a part of a formula: {PARTS}")

    exponents = tuple(b for a, b in itertools.pairwise(pieces) if a == "**" and b in names)
    return Formula(text, read(expression), names, exponents)


def evaluate_tree(
    tree: Tree, leaf: Callable[[str | int], T], apply: Callable[[str, Sequence[T]], T]
) -> T:
    """Evaluate a tree from its leaves up.

    Args:
        leaf: the value of a name or a number; apply: the value of an operation on values.
    """
    if isinstance(tree, tuple):
        operation, *operands = tree
        return apply(str(operation), [evaluate_tree(operand, leaf, apply) for operand in operands])
    return leaf(tree)
