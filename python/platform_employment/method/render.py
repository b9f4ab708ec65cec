"""A method in other words: its JavaScript, and a formula with values substituted.

Both are read off the tree that the evaluator works on. Nothing in the warehouse is computed by
them: tests compare them with the evaluator.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import reduce
from importlib.resources import files

from platform_employment.method.evaluate import Values, each
from platform_employment.method.formula import FUNCTIONS, MINUS, SCALAR, evaluate_tree
from platform_employment.method.methods import Method, Step

_STRENGTH = {"+": 1, "-": 1, "*": 2, "/": 2, MINUS: 3, "**": 4}
_ATOM = 5
# the names that the operations have in scripts/operations.js
_SPELLED = {
    "+": "add",
    "-": "sub",
    "*": "mul",
    "/": "div",
    "**": "pow",
    MINUS: "neg",
    "smaller_root": "smallerRoot",
}
# a text and how strongly its outermost operator binds
_Text = tuple[str, int]


def _within(text: _Text, strength: int) -> str:
    """Return a text, in brackets where an operator around it binds more strongly."""
    return text[0] if text[1] >= strength else f"({text[0]})"


def _join(operation: str, *operands: _Text) -> _Text:
    if operation in FUNCTIONS:
        return f"{operation}({', '.join(text for text, _ in operands)})", _ATOM
    strength, first = _STRENGTH[operation], operands[0]
    if operation == MINUS:
        return f"-{_within(first, _ATOM)}", strength
    if operation == "**":
        return f"{_within(first, _ATOM)} ** {operands[1][0]}", strength
    # a * (b / c) keeps its brackets, and so the order of its roundings
    left, right = _within(first, strength), _within(operands[1], strength + 1)
    return f"{left} {operation} {right}", strength


def calculation(step: Step, values: Mapping[str, Mapping[str, Decimal]]) -> dict[str, str]:
    """Return the formula of a step with values substituted, by element; a sum is written out."""

    def leaf(name: str | int) -> Values:
        if isinstance(name, int):
            return {SCALAR: (str(name), _ATOM)}
        return {e: (printed(x), _ATOM if x >= 0 else 0) for e, x in values[name].items()}

    def apply(operation: str, operands: Sequence[Values]) -> Values:
        if operation == "sum":
            parts = [text for _, text in sorted(operands[0].items())]
            return {SCALAR: reduce(lambda one, other: _join("+", one, other), parts)}
        return each(lambda *texts: _join(operation, *texts), *operands)

    return {e: text for e, (text, _) in evaluate_tree(step.formula.tree, leaf, apply).items()}


def printed(value: Decimal) -> str:
    """Return a number with at most ten decimals and no zeros at its end."""
    text = f"{value:.10f}"
    return text.rstrip("0").rstrip(".") if value.quantize(Decimal("1e-10")) else "0"


def javascript(method: Method) -> str:
    """Return a function that calculates all steps from given values, as the text of an expression.

    `(given, isRounded = true) => values`: values by name, numbers, arrays of numbers or objects of
    these by element. Without rounding only the steps with `is_rounding` are rounded. The formulas
    are calls of the operations in `scripts/operations.js`; no text is parsed in a page.
    """
    operations = files(__package__) / "scripts/operations.js"
    lines = [
        *operations.read_text(encoding="utf-8").splitlines(),
        "return (given, isRounded = true) => {",
        "  const round = (x, decimals, isRounding) =>",
        "    isRounded || isRounding ? halfUp(x, decimals) : x;",
        "  const v = { ...given };",
        *(_javascript_step(step) for step in method.steps.values()),
        "  return v;",
        "};",
    ]
    return "\n".join(["(() => {", *(f"  {line}" for line in lines), "})()"])


def _javascript_step(step: Step) -> str:
    def call(operation: str, operands: Sequence[str]) -> str:
        return f"{_SPELLED.get(operation, operation)}({', '.join(operands)})"

    leaf: Callable[[str | int], str] = lambda x: f"v.{x}" if isinstance(x, str) else str(x)  # noqa: E731
    text = evaluate_tree(step.formula.tree, leaf, call)
    if step.decimals is not None:
        text = f"round({text}, {step.decimals}, {str(step.is_rounding).lower()})"
    given = f"given.{step.name} ?? " if step.can_be_overridden else ""
    return f"  v.{step.name} = {given}{text};"
