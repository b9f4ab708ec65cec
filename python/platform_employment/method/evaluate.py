"""A method worked out: once in Decimals, and for many values of its uncertain inputs in floats.

Uncertain inputs are independent of one another unless they share a stream. Each has a low, a
central and a high value and a distribution: `uniform` between low and high (rounding of a
published number), `triangular` with its peak at the central value (an assumption), `normal` on the
log scale with low and high as its 95 % limits (sampling error).
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from platform_employment.method.formula import (
    ALONE,
    CONTEXT,
    Formula,
    FormulaError,
    Values,
    evaluate,
)
from platform_employment.method.methods import Method, Operands, Plan

DRAWS = 10_000
SEED = 20220201  # the month of the report; any other moves the limits as docs/estimation.md says
CONFIDENCE_LEVEL = 0.95

_WORDS = {"positive": "above 0", "not_negative": "at least 0", "share": "from 0 to 1"}

Floats = npt.NDArray[np.float64]
Cell = tuple[str, str]  # name of an input or a given step, and element


@dataclass(frozen=True)
class Uncertain:
    """Where a value may lie. Values of one stream move together."""

    low: float
    central: float
    high: float
    distribution: str
    kind: str
    stream: str


class Problem(str):
    """What is wrong with a name; element: of the value that is given and wrong, or lacks."""

    element: str | None

    def __new__(cls, text: str, element: str | None = None) -> Self:
        """Make the problem."""
        problem = super().__new__(cls, text)
        problem.element = element
        return problem


def central(
    method: Method, plan: Plan, values: Mapping[str, Values]
) -> tuple[dict[str, Values], dict[str, Problem]]:
    """The value of each input and step in Decimals.

    Args:
        method: the method; plan: what of it is worked out; values: of inputs and given steps.

    Returns:
        The values, without steps that lack an input, and what is wrong by name: a value that is
        not what it must be, a formula without a value. Steps that rest on those are left out.
    """
    found = {name: values[name] for name in plan.inputs if values.get(name)}
    wrong = {}
    for name, value in found.items():
        problem = _broken(_must_be(method, name), value) or _misplaced(method, name, value)
        if problem:
            wrong[name] = problem
    for step in plan.steps:
        if any(name not in found or name in wrong for name in step.formula.names):
            continue
        try:
            exact = _exact(step.formula, step.operands(found))
            value = {element: _rounded(x, step.decimals) for element, x in exact.items()}
        except FormulaError as error:
            operands = [found[name] for name in step.formula.names]
            wrong[step.name] = Problem(str(error), _lacking(operands))
            continue
        if problem := _broken(step.must_be, value):
            wrong[step.name] = Problem(problem)  # it is worked out, not given
        found[step.name] = value
    return found, wrong


@lru_cache(maxsize=16_384)  # windows and scenarios have nearly all of them in common
def _exact(formula: Formula, operands: Operands) -> Values:
    """The value of a formula in Decimals."""
    return evaluate(formula, {name: dict(value) for name, value in operands}, Decimal)


def in_floats(
    method: Method,
    plan: Plan,
    values: Mapping[str, Mapping[str, Any]],
    cells: Mapping[Cell, Floats] | None = None,
    *,
    is_printed: bool = False,
) -> dict[str, Mapping[str, Any]]:
    """The value of each input and step in floats, for many values of some inputs at once.

    Args:
        values: central values of the inputs, or what this function gives without cells; cells:
            arrays of one length in place of some inputs; is_printed: round each step as `central`
            does. Else only a step that is there to round is: decimals of the others are a print,
            and would make limits jump.

    Returns:
        Values by name; NaN where a step has none or is not what it must be.
    """
    found: dict[str, Mapping[str, Any]] = dict(values)
    moved = {name for name, _ in cells} if cells is not None else set(plan.inputs)
    for name in moved:
        given = {e: (cells or {}).get((name, e), np.float64(x)) for e, x in values[name].items()}
        found[name] = _valid(_must_be(method, name), given)
    for step in plan.steps:
        if not moved.isdisjoint(plan.rests_on[step.name]):
            value = evaluate(step.formula, found, np.float64)
            if (is_printed or step.only_rounds) and step.decimals is not None:
                value = {e: _half_up(x, step.decimals) for e, x in value.items()}
            found[step.name] = _valid(step.must_be, value)
    return found


def _half_up(value: Any, decimals: int) -> Any:
    return np.sign(value) * np.floor(np.abs(value) * 10.0**decimals + 0.5) / 10.0**decimals


def quantile(uncertain: Uncertain, probability: Floats) -> Floats:
    """Give the quantiles of a distribution.

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
            # here, not above: whoever loads the module without drawing should not wait for it
            from scipy.special import ndtri  # noqa: PLC0415

            log_sd = np.log(high / low) / (2 * ndtri((1 + CONFIDENCE_LEVEL) / 2))
            return np.asarray(peak * np.exp(log_sd * ndtri(probability)), dtype=np.float64)
    raise ValueError(f"{uncertain.stream}: no distribution {uncertain.distribution!r}")


@lru_cache(maxsize=64)  # 5 MB: most chains share most of their inputs
def draw(uncertain: Uncertain, draws: int, seed: int) -> Floats:
    """Draws of an input; those of one stream are of the same uniforms."""
    return quantile(uncertain, _stratified_uniforms(uncertain.stream, draws, seed))


@lru_cache(maxsize=64)
def _stratified_uniforms(stream: str, draws: int, seed: int) -> Floats:
    """One uniform draw in each of `draws` equal parts of (0, 1), in random order."""
    random = np.random.default_rng([seed, zlib.crc32(stream.encode())])
    return (random.permutation(draws) + random.random(draws)) / draws


def _rounded(value: Decimal, decimals: int | None) -> Decimal:
    """The value half up, in full without `decimals`."""
    if decimals is None:
        return value
    return value.quantize(Decimal(1).scaleb(-decimals), context=CONTEXT)


def _must_be(method: Method, name: str) -> str:
    """What a value must be: of a given step what the step says, or its input where there is one."""
    return (method.inputs.get(name) or method.steps[name]).must_be


def _is(must_be: str, value: Any) -> Any:
    match must_be:
        case "positive":
            return value > 0
        case "not_negative":
            return value >= 0
        case "share":
            return (value >= 0) & (value <= 1)
    return True


def _broken(must_be: str, value: Values) -> Problem | None:
    """What is wrong with the value of an input or a step."""
    for element, x in value.items():
        if not _is(must_be, x):
            of = "" if element == ALONE else f" of {element}"
            return Problem(f"{x.normalize():f}{of} must be {_WORDS[must_be]}", element)
    return None


def _lacking(operands: Sequence[Values]) -> str | None:
    """The first element of one operand that another one lacks."""
    elements = sorted(set().union(*operands) - {ALONE})
    lacks = (e for e in elements if any(e not in o and ALONE not in o for o in operands))
    return next(lacks, None)


def _misplaced(method: Method, name: str, value: Values) -> Problem | None:
    """What is wrong with the elements of the value of an input or a given step."""
    element_set = (method.inputs.get(name) or method.steps[name]).element_set
    if element_set == ALONE and set(value) != {ALONE}:
        return Problem(f"is one value and has {', '.join(sorted(value))}")
    if element_set != ALONE and ALONE in value:
        return Problem(f"has a value that is of no {element_set}")
    return None


def _valid(must_be: str, value: Mapping[str, Any]) -> dict[str, Any]:
    """The value, NaN where it is not what it must be."""
    valid = {}
    for element, x in value.items():
        is_valid = np.isfinite(x) & _is(must_be, x)
        valid[element] = x if is_valid.all() else np.where(is_valid, x, np.nan)
    return valid
