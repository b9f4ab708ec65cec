"""The evaluator: a method is rows of formulas, calculated from the numbers that it is given.

A value is a number for each element of a set, or one number whose element is "-". A number is a
Decimal of 34 digits, rounded half up, or a float, or an array of floats: draws, corners,
combinations and reference periods at once, NaN for a missing one. Operands are aligned by
element.
"""

from __future__ import annotations

import operator
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation, localcontext
from functools import lru_cache, reduce
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from platform_employment.method.formula import MINUS, SCALAR, Formula, FormulaError, evaluate_tree
from platform_employment.method.methods import Method, Plan

DRAWS = 10_000
SEED = 20220201  # the month of the report; another seed moves the limits slightly
CONFIDENCE_LEVEL = 0.95
MAX_ELEMENTS = 1_000  # of an input
CONTEXT = Context(prec=34, rounding=ROUND_HALF_UP)
# digits before the point: the ones of decimal(38, 10) in fct_steps that rounding leaves exact, and
# of the jobs of a component, decimal(18, 4) in 万 of persons or more
MAX_DIGITS = 24
MAX_DIGITS_OF_COMPONENT = 14

Values = Mapping[str, Any]  # a number for each element
Floats = npt.NDArray[np.float64]
Cell = tuple[str, str]  # name of an input or a given step, and element


def smaller_root(a: Any, b: Any, c: Any) -> Any:
    """Return the x nearer to zero of a + b x + c x^2 = 0.

    The form keeps its digits for small c.
    """
    width = np.sqrt(b * b - 4 * a * c)
    return -2 * a / np.where(b >= 0, b + width, b - width)[()]


OPERATIONS: dict[str, Callable[..., Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": operator.pow,
    MINUS: operator.neg,
    "min": np.minimum,
    "max": np.maximum,
    "smaller_root": smaller_root,
}
# what the value of an input or a step is allowed to be, and how a message says it
ALLOWED: dict[str, tuple[Callable[[Any], Any], str]] = {
    "any": (lambda _: np.True_, "a number"),
    "positive": (lambda x: x > 0, "above 0"),
    "not_negative": (lambda x: x >= 0, "at least 0"),
    "share": (lambda x: (x >= 0) & (x <= 1), "from 0 to 1"),
}


def each(operation: Callable[..., Any], *operands: Values) -> dict[str, Any]:
    """Apply an operation to each element; a value without elements goes with every element.

    Raises:
        FormulaError: one operand lacks an element that another one has.
    """
    elements = sorted(set().union(*operands) - {SCALAR}) or [SCALAR]
    for odd in (e for e in elements for o in operands if e not in o and SCALAR not in o):
        raise FormulaError(f"no value for {odd} in one of the operands")
    return {e: operation(*(o.get(e, o.get(SCALAR)) for o in operands)) for e in elements}


def evaluate(
    formula: Formula, values: Mapping[str, Values], number: Callable[[int], Any] = Decimal
) -> dict[str, Any]:
    """Return the value of a formula.

    Args:
        values: of its names; number: makes a number of 1, 2 or 3, of the kind of the values.

    Raises:
        FormulaError: it divides by zero or has no value; floats are NaN or infinite instead.
    """

    def leaf(name_or_number: str | int) -> Values:
        if isinstance(name_or_number, str):
            return values[name_or_number]
        return {SCALAR: number(name_or_number)}

    def apply(operation: str, operands: Sequence[Values]) -> Values:
        if operation == "sum":
            return {SCALAR: reduce(operator.add, (x for _, x in sorted(operands[0].items())))}
        return each(OPERATIONS[operation], *operands)

    with localcontext(CONTEXT), np.errstate(all="ignore"):
        try:
            value: Values = evaluate_tree(formula.tree, leaf, apply)
        except ArithmeticError as error:
            reason = "divides by zero" if isinstance(error, ZeroDivisionError) else "has no value"
            raise FormulaError(reason) from None
    return dict(value)


class Problem(str):
    """What is wrong with a name; element: of the value that is given and wrong, or missing."""

    element: str | None

    def __new__(cls, text: str, element: str | None = None) -> Self:
        """Make the problem."""
        problem = super().__new__(cls, text)
        problem.element = element
        return problem


@dataclass(frozen=True)
class Run:
    """The values of a method by name, and what is wrong with them; only Decimals have problems."""

    values: dict[str, Mapping[str, Any]]
    problems: dict[str, Problem]


def run(
    method: Method,
    given: Mapping[str, Values],
    *,
    plan: Plan | None = None,
    number: Callable[[int], Any] = Decimal,
    is_rounded: bool = True,
) -> Run:
    """Calculate all that a method needs and that its inputs allow.

    A step that may be given is calculated only where it is not given: in an array, where its value
    is NaN. A step without one of its inputs, or with an input that has a problem, has no value.

    Args:
        given: values of inputs and of steps that may be given; plan: what is calculated, by
            default what these values leave; number: Decimal or np.float64, as the values are;
            is_rounded: round each step to its decimals. Without it only a step that is part of
            the method as rounding (`is_rounding`) is rounded: decimals of the others are for
            print, and would make limits jump.

    Returns:
        The values. A Decimal that is not what it must be, or of more digits than the tables hold,
        is a problem; a float that is not what it must be becomes NaN.
    """
    if plan is None:
        plan = method.plan(name for name, value in given.items() if not _has_gaps(value))
    found: dict[str, Mapping[str, Any]] = {}
    problems: dict[str, Problem] = {}

    def accept(name: str, value: Values, value_constraint: str, *, is_overridden: bool) -> None:
        is_allowed, words = ALLOWED[value_constraint]
        digits = MAX_DIGITS_OF_COMPONENT if name in method.components else MAX_DIGITS
        kept = dict(value)
        for element, x in value.items():
            of = "" if element == SCALAR else f" of {element}"
            if not isinstance(x, Decimal):
                allowed = np.isfinite(x) & is_allowed(x)
                if not np.all(allowed):
                    kept[element] = np.where(allowed, x, np.nan)
            elif x and x.adjusted() >= digits:
                shown = f"{x:.3e}{of} has more than {digits} digits before the point"
                problems[name] = Problem(shown, element if is_overridden else None)
                break
            elif not is_allowed(x):
                shown = f"{x.normalize():f}{of} must be {words}"
                problems[name] = Problem(shown, element if is_overridden else None)
                break
        found[name] = kept

    for name in plan.inputs:
        if given.get(name):
            known = method.inputs.get(name) or method.steps[name]
            accept(name, given[name], known.value_constraint, is_overridden=True)
            problem = _misplaced(known.element_set, given[name])
            if problem and name not in problems:
                problems[name] = problem
    for step in plan.steps:
        given_value = given.get(step.name) if step.can_be_overridden else None
        if any(name not in found or name in problems for name in step.formula.names):
            if given_value:
                accept(step.name, given_value, step.value_constraint, is_overridden=True)
            continue
        try:
            value = evaluate(step.formula, found, number)
            if step.decimals is not None and (is_rounded or step.is_rounding):
                value = {element: half_up(x, step.decimals) for element, x in value.items()}
        except FormulaError as error:
            operands = [found[name] for name in step.formula.names]
            problems[step.name] = Problem(str(error), _missing_element(operands))
            continue
        if given_value:
            value = each(lambda x, y: np.where(np.isnan(x), y, x), given_value, value)
        accept(step.name, value, step.value_constraint, is_overridden=False)
    return Run(found, problems)


def _has_gaps(value: Values) -> bool:
    return any(not isinstance(x, Decimal) and np.any(np.isnan(x)) for x in value.values())


def half_up(value: Any, decimals: int) -> Any:
    """Return a number or an array rounded half up.

    Raises:
        FormulaError: a Decimal needs more than 34 digits for that.
    """
    if isinstance(value, Decimal):
        try:
            return value.quantize(Decimal(1).scaleb(-decimals), context=CONTEXT)
        except InvalidOperation:
            raise FormulaError(
                f"{value:.3e} has more than {CONTEXT.prec} digits with {decimals} decimals"
            ) from None
    return np.sign(value) * np.floor(np.abs(value) * 10.0**decimals + 0.5) / 10.0**decimals


def _missing_element(operands: Sequence[Values]) -> str | None:
    """Return the first element of one operand that another one lacks."""
    elements = sorted(set().union(*operands) - {SCALAR})
    lacking = (e for e in elements if any(e not in o and SCALAR not in o for o in operands))
    return next(lacking, None)


def _misplaced(element_set: str, value: Values) -> Problem | None:
    """Return what is wrong with the elements of the value of an input or a given step."""
    if len(value) > MAX_ELEMENTS:
        return Problem(f"has {len(value)} elements, at most {MAX_ELEMENTS}")
    if element_set == SCALAR and set(value) != {SCALAR}:
        return Problem(f"is one value and has {', '.join(sorted(value))}")
    if element_set != SCALAR and SCALAR in value:
        return Problem(f"has a value that is of no {element_set}")
    return None


@dataclass(frozen=True)
class Uncertain:
    """Where a value may lie. Values of one stream move together.

    low, high: -inf and inf on a side that nothing bounds; central: NaN where only the two ends are
    known; distribution: `uniform` between low and high (rounding of a published number),
    `triangular` with its peak at the central value (an assumption), `normal` on the log scale with
    low and high as its 95 % limits (sampling error); kind: why it is uncertain.
    """

    low: float
    central: float
    high: float
    distribution: str
    kind: str
    stream: str


def quantile(uncertain: Uncertain, probability: Floats) -> Floats:
    """Return the quantiles of a distribution.

    Raises:
        ValueError: the distribution is not one of the three.
    """
    low, peak, high = uncertain.low, uncertain.central, uncertain.high
    match uncertain.distribution:
        case "uniform":
            return low + (high - low) * probability
        case "triangular":
            return np.where(
                probability * (high - low) <= peak - low,
                low + np.sqrt(probability * (high - low) * (peak - low)),
                high - np.sqrt((1 - probability) * (high - low) * (high - peak)),
            )
        case "normal":
            # here, not above: a caller that does not draw should not wait for it
            from scipy.special import ndtri  # noqa: PLC0415

            log_sd = np.log(high / low) / (2 * ndtri((1 + CONFIDENCE_LEVEL) / 2))
            return np.asarray(peak * np.exp(log_sd * ndtri(probability)), dtype=np.float64)
    raise ValueError(f"{uncertain.stream}: no distribution {uncertain.distribution!r}")


@lru_cache(maxsize=64)  # 5 MB: most estimates share most of their inputs
def draw(uncertain: Uncertain, draws: int, seed: int) -> Floats:
    """Return draws of an input; the ones of one stream are of the same uniforms."""
    return quantile(uncertain, _stratified_uniforms(uncertain.stream, draws, seed))


@lru_cache(maxsize=64)
def _stratified_uniforms(stream: str, draws: int, seed: int) -> Floats:
    """Return one uniform draw in each of `draws` equal parts of (0, 1), in random order."""
    random = np.random.default_rng([seed, zlib.crc32(stream.encode())])
    return (random.permutation(draws) + random.random(draws)) / draws
