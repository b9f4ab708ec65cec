"""How far each component can be off, in layers that are never pooled into one interval.

printing: published numbers are rounded; the extremes over the corners of their box, no probability.
assumptions: quantiles of what we assume, with control totals let go; no confidence.
open: what a report leaves open, as "over" does and a window that it is not of: extremes again; and
limits of what is fitted on a sample, which alone are confidence limits.
definitions: what else a component could mean, each by itself and all together.
Swings move one input of the total.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from platform_employment.method.draws import (
    CONFIDENCE_LEVEL,
    DRAWS,
    SEED,
    Cell,
    Floats,
    Uncertain,
    draw,
    in_floats,
)
from platform_employment.method.formula import ALONE
from platform_employment.method.methods import Method, Plan

PRINTING, ASSUMPTIONS, OPEN, DEFINITIONS = "printing", "assumptions", "open", "definitions"
SWING = "swing"
CORNERS, MONTE_CARLO = "corners", "monte_carlo"
MOST_CROSSED = 12
_STILL = 1e-9  # of a value: less is arithmetic of floats

Everything = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Limits:
    """Lowest and highest jobs of a component in a layer.

    input_name: of a swing, whose low and high are the total at its ends, and of one definition
    alone; low, high: None where a value is not valid, and on the side that is not bounded; central:
    of definitions; varied: what moves the component, the rest of what it rests on is held; invalid:
    at how many draws or corners there is no value.
    """

    component: str
    layer: str
    interval_method: str
    input_name: str | None
    low: float | None
    central: float | None
    high: float | None
    varied: tuple[str, ...]
    held: tuple[str, ...]
    is_bounded: bool = True
    invalid: int = 0


@dataclass(frozen=True)
class Alternative:
    """Confidence limits of a given step: by the delta method, by the bootstrap."""

    name: str
    interval_method: str
    low: float
    high: float


@dataclass(frozen=True)
class Definition:
    """What a component and its parts would be times, were it defined otherwise."""

    name: str
    component: str
    low: float
    central: float
    high: float


def limits(
    method: Method,
    plan: Plan,
    values: Mapping[str, Mapping[str, float]],
    uncertain: Mapping[Cell, Uncertain],
    alternatives: Sequence[Alternative] = (),
    definitions: Sequence[Definition] = (),
    draws: int = DRAWS,
    seed: int = SEED,
) -> list[Limits]:
    """Work out all layers.

    Monte Carlo draws the inputs of one kind at once by Latin hypercube sampling (McKay, Beckman and
    Conover 1979): one draw in each of `draws` strata of equal probability. A stream depends on the
    seed and its text alone, so neither the order of rows nor what else is drawn matters.

    Extremes over the corners of a box are those of the box: jobs are quotients and products of
    sums, which have none inside.

    Args:
        method, plan: as in `central`; values: central values of the inputs; uncertain: where they
            may lie, high is inf where nothing bounds it; alternatives: limits of given steps.
    """
    every = in_floats(method, plan, values)
    uncertain = {at: u for at, u in sorted(uncertain.items()) if at[0] in plan.inputs}

    def of(*kinds: str) -> dict[Cell, Uncertain]:
        return {at: u for at, u in uncertain.items() if u.kind in kinds}

    free = let_go(method, plan)
    freed = every
    if free.inputs != plan.inputs:
        freed = in_floats(method, free, {name: every[name] for name in free.inputs})
    return [
        *_corners(method, plan, every, of("rounding"), PRINTING),
        *_quantiles(method, free, freed, of("assumption"), ASSUMPTIONS, draws, seed),
        *_corners(method, plan, every, of("open"), OPEN),
        *_quantiles(method, plan, every, of("sampling"), OPEN, draws, seed),
        *_alternatives(method, plan, every, alternatives),
        *_definitions(method, every, definitions),
        *_swings(method, plan, every, uncertain),
    ]


def let_go(method: Method, plan: Plan) -> Plan:
    """The plan without control totals: what is scaled to one keeps the scale that it has."""
    scales = {step.name for step in plan.steps if step.role == "scale"}
    return method.plan({*plan.inputs, *scales})


def _alone(
    method: Method, plan: Plan, every: Everything, uncertain: Mapping[Cell, Uncertain]
) -> dict[str, dict[str, int]]:
    """Which streams move a component, and whether it rises with them: 1, or falls: -1.

    Each is moved from its low to its high value with the others on their way between, where an
    input that makes no difference makes none by chance.
    """
    streams = sorted({u.stream for u in uncertain.values()})
    columns = {
        at: np.where(
            np.arange(2 * len(streams)) // 2 == streams.index(u.stream),
            np.where(np.arange(2 * len(streams)) % 2 == 0, u.low, _end(u)),
            u.low + 0.3 * (_end(u) - u.low),
        )
        for at, u in uncertain.items()
    }
    found = in_floats(method, plan, every, columns)
    moved: dict[str, dict[str, int]] = {}
    for component in method.components:
        jobs = np.broadcast_to(found[component][ALONE], 2 * len(streams))
        for number, stream in enumerate(streams):
            low, high = jobs[2 * number : 2 * number + 2]
            if not abs(high - low) <= _STILL * max(abs(low), abs(high)):
                moved.setdefault(component, {})[stream] = -1 if high < low else 1
    return moved


def _end(u: Uncertain) -> float:
    """The high value, or one above the low to tell whether the input matters at all."""
    return u.high if math.isfinite(u.high) else u.low + abs(u.low) + 1


def _names(uncertain: Mapping[Cell, Uncertain], streams: Iterable[str]) -> tuple[str, ...]:
    wanted = set(streams)
    return tuple(sorted({name for (name, _), u in uncertain.items() if u.stream in wanted}))


def _held(plan: Plan, component: str, varied: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(plan.rests_on[component]) - set(varied)))


def _corners(
    method: Method, plan: Plan, every: Everything, uncertain: Mapping[Cell, Uncertain], layer: str
) -> list[Limits]:
    """The extremes of each component over all corners of the box of some inputs."""
    if not uncertain:
        return []
    moved = _alone(method, plan, every, uncertain)
    is_high, streams = _box(method, uncertain, moved)
    columns = {
        at: np.where(is_high[:, streams.index(u.stream)], _end(u), u.low)
        for at, u in uncertain.items()
    }
    found = in_floats(method, plan, every, columns)
    unbounded = {u.stream for u in uncertain.values() if not math.isfinite(u.high)}
    # what has no high value stays at its low one, and its side of the component is open
    bounded = ~is_high[:, [s in unbounded for s in streams]].any(axis=1)
    rows = []
    for component, its in moved.items():
        jobs = np.broadcast_to(found[component][ALONE], len(is_high))[bounded]
        varied = _names(uncertain, its)
        invalid = int(np.isnan(jobs).sum())
        open_sides = {its[stream] for stream in its.keys() & unbounded}
        rows.append(
            Limits(
                component,
                layer,
                CORNERS,
                None,
                None if invalid or -1 in open_sides else float(jobs.min()),
                None,
                None if invalid or 1 in open_sides else float(jobs.max()),
                varied,
                _held(plan, component, varied),
                not open_sides,
                invalid,
            )
        )
    return rows


def _box(
    method: Method, uncertain: Mapping[Cell, Uncertain], moved: Mapping[str, Mapping[str, int]]
) -> tuple[npt.NDArray[np.bool_], list[str]]:
    """Which streams are high at each corner.

    All corners, or of a box with more than MOST_CROSSED streams the two of each component at which
    every stream by itself takes it lower or higher.
    """
    streams = sorted({u.stream for u in uncertain.values()})
    if len(streams) <= MOST_CROSSED:
        corners = np.arange(2 ** len(streams))[:, np.newaxis] >> np.arange(len(streams))
        return corners & 1 > 0, streams
    rises = np.array(
        [[moved.get(c, {}).get(stream, 0) > 0 for stream in streams] for c in method.components]
    )
    return np.unique(np.concatenate([rises, ~rises]), axis=0), streams


def _quantiles(
    method: Method,
    plan: Plan,
    every: Everything,
    uncertain: Mapping[Cell, Uncertain],
    layer: str,
    draws: int,
    seed: int,
) -> list[Limits]:
    """The middle 95 % of each component while all inputs of a kind are drawn at once."""
    if not uncertain:
        return []
    moved = _alone(method, plan, every, uncertain)
    found = in_floats(
        method, plan, every, {at: draw(u, draws, seed) for at, u in uncertain.items()}
    )
    tail = (1 - CONFIDENCE_LEVEL) / 2
    rows = []
    for component, its in moved.items():
        jobs = np.broadcast_to(found[component][ALONE], draws)
        varied = _names(uncertain, its)
        ends = np.quantile(jobs, [tail, 1 - tail])  # of which neither is there if a draw has none
        held = _held(plan, component, varied)
        row = _both(component, layer, MONTE_CARLO, None, ends, varied, held)
        rows.append(replace(row, invalid=int(np.isnan(jobs).sum())))
    return rows


def _alternatives(
    method: Method, plan: Plan, every: Everything, alternatives: Sequence[Alternative]
) -> list[Limits]:
    """Jobs at the limits of one given step, whatever else is uncertain held."""
    rows = []
    for other in alternatives:
        if other.name not in plan.inputs:
            continue
        columns = {(other.name, e): np.array([other.low, other.high]) for e in every[other.name]}
        found = in_floats(method, plan, every, columns)
        for component in method.components:
            varied = plan.varied(component, {other.name})
            if varied:
                rows.append(
                    _both(
                        component,
                        OPEN,
                        other.interval_method,
                        None,
                        np.sort(np.broadcast_to(found[component][ALONE], 2)),
                        varied,
                        _held(plan, component, varied),
                    )
                )
    return rows


def _swings(
    method: Method, plan: Plan, every: Everything, uncertain: Mapping[Cell, Uncertain]
) -> list[Limits]:
    """The total at the low and at the high value of each input that is bounded."""
    streams = {
        name: {u.stream for at, u in uncertain.items() if at[0] == name}
        for name in sorted({name for name, _ in uncertain})
    }
    unbounded = {u.stream for u in uncertain.values() if not math.isfinite(u.high)}
    names = [name for name, its in streams.items() if its.isdisjoint(unbounded)]
    if not names:
        return []
    # two places a name: there what moves with it is low and high, elsewhere it is central
    columns = {
        at: np.ravel(
            [
                (u.low, u.high) if u.stream in streams[n] else (every[at[0]][at[1]],) * 2
                for n in names
            ]
        )
        for at, u in uncertain.items()
    }
    found = in_floats(method, plan, every, columns)[method.root][ALONE]
    jobs = np.broadcast_to(found, 2 * len(names)).reshape(len(names), 2)
    rows = []
    for name, ends in zip(names, jobs, strict=True):
        varied = plan.varied(method.root, {name})
        held = _held(plan, method.root, varied)
        rows.append(_both(method.root, SWING, CORNERS, name, ends, varied, held))
    return rows


def _both(
    component: str,
    layer: str,
    interval_method: str,
    input_name: str | None,
    ends: Floats,
    varied: tuple[str, ...],
    held: tuple[str, ...],
) -> Limits:
    invalid = int(np.isnan(ends).sum())
    low, high = (None, None) if invalid else (float(ends[0]), float(ends[1]))
    return Limits(
        component,
        layer,
        interval_method,
        input_name,
        low,
        None,
        high,
        varied,
        held,
        invalid=invalid,
    )


def _definitions(
    method: Method, every: Everything, definitions: Sequence[Definition]
) -> list[Limits]:
    """Each component where its definitions, and those of its parts, are other ones.

    A definition multiplies the parts of its component; jobs are not negative, so all low is lowest.
    """
    parents = {name: component.parent for name, component in method.components.items()}
    above = {name: [name] for name in parents}
    for ancestors in above.values():
        while parents[ancestors[-1]]:
            ancestors.append(parents[ancestors[-1]])
    leaves = [name for name in parents if name not in parents.values()]
    rows = []
    for component in method.components:
        its = [leaf for leaf in leaves if component in above[leaf]]
        known = [d for d in definitions if any(d.component in above[leaf] for leaf in its)]
        names = tuple(sorted(d.name for d in known))
        alone = [(d.name, [d]) for d in known] if len(known) > 1 else []
        together = [(None, known)] if known else []
        for name, chosen in itertools.chain(together, alone):
            low, central, high = (
                float(
                    sum(
                        every[leaf][ALONE]
                        * math.prod(getattr(d, end) for d in chosen if d.component in above[leaf])
                        for leaf in its
                    )
                )
                for end in ("low", "central", "high")
            )
            varied = tuple(sorted(d.name for d in chosen))
            held = tuple(other for other in names if other not in varied)
            rows.append(
                Limits(component, DEFINITIONS, CORNERS, name, low, central, high, varied, held)
            )
    return rows
