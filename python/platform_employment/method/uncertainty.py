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
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from platform_employment.method.evaluate import (
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
Signs = npt.NDArray[np.int_]


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
    """Confidence limits of a given step, by the delta method."""

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


@dataclass(frozen=True)
class Case:
    """What the limits of an estimate are worked out of.

    values: central values of the inputs; uncertain: where they may lie, high is inf where nothing
    bounds it; alternatives: limits of given steps.
    """

    values: Mapping[str, Mapping[str, float]]
    uncertain: Mapping[Cell, Uncertain]
    alternatives: Sequence[Alternative] = ()

    def shape(self) -> tuple[object, ...]:
        """What cases have in common that are worked out together."""
        groups: dict[str, int] = {}
        return (
            tuple((name, tuple(value)) for name, value in sorted(self.values.items())),
            tuple(
                (at, u.kind, groups.setdefault(u.stream, len(groups)), math.isfinite(u.high))
                for at, u in sorted(self.uncertain.items())
            ),
            tuple((other.name, other.interval_method) for other in self.alternatives),
        )


@dataclass(frozen=True)
class _Cell:
    """An uncertain input in each case; cells of one group move together."""

    each: tuple[Uncertain, ...]
    group: int

    @cached_property
    def is_bounded(self) -> bool:
        return math.isfinite(self.each[0].high)

    @cached_property
    def low(self) -> Floats:
        return np.array([[u.low] for u in self.each])

    @cached_property
    def high(self) -> Floats:
        """The high values, or one above the low to tell whether the input matters at all."""
        return np.array(
            [[u.high if math.isfinite(u.high) else u.low + abs(u.low) + 1] for u in self.each]
        )

    def draws(self, draws: int, seed: int) -> Floats:
        """A row for each case, or one for all where they are the same."""
        if len(set(self.each)) == 1:
            return draw(self.each[0], draws, seed)
        return np.stack([draw(u, draws, seed) for u in self.each])


Cells = Mapping[Cell, _Cell]


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
    """Work out all layers of one estimate, as `limits_of` does of many."""
    case = Case(values, uncertain, alternatives)
    return limits_of(method, plan, [case], definitions, draws, seed)[0]


def limits_of(
    method: Method,
    plan: Plan,
    cases: Sequence[Case],
    definitions: Sequence[Definition] = (),
    draws: int = DRAWS,
    seed: int = SEED,
) -> list[list[Limits]]:
    """Work out all layers of cases of one shape, such as the windows of a scenario, at once.

    Monte Carlo draws the inputs of one kind at once by Latin hypercube sampling (McKay, Beckman and
    Conover 1979): one draw in each of `draws` strata of equal probability. A stream depends on the
    seed and its text alone, so neither the order of rows nor what else is drawn matters.

    Extremes over the corners of a box are those of the box: jobs are quotients and products of
    sums, which have none inside.

    Args:
        method, plan: as in `central`; cases: in the order of the lists that are given back.
    """
    every = in_floats(
        method,
        plan,
        {
            name: {e: _shared([case.values[name][e] for case in cases]) for e in value}
            for name, value in cases[0].values.items()
        },
    )
    cells = _cells(plan, cases)

    def of(*kinds: str) -> Cells:
        return {at: cell for at, cell in cells.items() if cell.each[0].kind in kinds}

    free = let_go(method, plan)
    freed = every
    if free.inputs != plan.inputs:
        freed = in_floats(method, free, {name: every[name] for name in free.inputs})
    layers = [
        _corners(method, plan, every, of("rounding"), PRINTING),
        _quantiles(method, free, freed, of("assumption"), ASSUMPTIONS, draws, seed),
        _corners(method, plan, every, of("open"), OPEN),
        _quantiles(method, plan, every, of("sampling"), OPEN, draws, seed),
        _alternatives(method, plan, every, [case.alternatives for case in cases]),
        _definitions(method, every, definitions, len(cases)),
        _swings(method, plan, every, cells),
    ]
    return [[row for layer in layers if layer for row in layer[n]] for n in range(len(cases))]


def _shared(values: Sequence[float]) -> Any:
    """The value of all cases, or a column of them where they differ."""
    return np.array(values)[:, np.newaxis] if len(set(values)) > 1 else values[0]


def _cells(plan: Plan, cases: Sequence[Case]) -> dict[Cell, _Cell]:
    """The uncertain inputs of the plan, sorted, each with its values in all cases."""
    first = cases[0].uncertain
    groups: dict[str, int] = {}
    return {
        at: _Cell(
            tuple(case.uncertain[at] for case in cases),
            groups.setdefault(first[at].stream, len(groups)),
        )
        for at in sorted(first)
        if at[0] in plan.inputs
    }


def let_go(method: Method, plan: Plan) -> Plan:
    """The plan without control totals: what is scaled to one keeps the scale that it has."""
    scales = {step.name for step in plan.steps if step.role == "scale"}
    return method.plan({*plan.inputs, *scales})


def _count(cells: Cells) -> int:
    return len(next(iter(cells.values())).each)


def _groups(cells: Cells) -> list[int]:
    return sorted({cell.group for cell in cells.values()})


def _signs(method: Method, plan: Plan, every: Everything, cells: Cells) -> dict[str, Signs]:
    """Whether a component rises with a group of inputs: 1, falls: -1, or is not moved by it: 0.

    A row for each case and a column for each group. Each is moved from its low to its high value
    with the others on their way between, where an input that makes no difference makes none by
    chance.
    """
    groups = _groups(cells)
    place = np.arange(2 * len(groups))
    columns = {
        at: np.where(
            place // 2 == groups.index(cell.group),
            np.where(place % 2 == 0, cell.low, cell.high),
            cell.low + 0.3 * (cell.high - cell.low),
        )
        for at, cell in cells.items()
    }
    found = in_floats(method, plan, every, columns)
    signs = {}
    for component in method.components:
        jobs = np.broadcast_to(found[component][ALONE], (_count(cells), len(place)))
        low, high = jobs[:, 0::2], jobs[:, 1::2]
        is_still = np.abs(high - low) <= _STILL * np.maximum(np.abs(low), np.abs(high))
        signs[component] = np.where(is_still, 0, np.where(high < low, -1, 1))
    return signs


def _names(cells: Cells, groups: Iterable[int]) -> tuple[str, ...]:
    wanted = set(groups)
    return tuple(sorted({name for (name, _), cell in cells.items() if cell.group in wanted}))


def _held(plan: Plan, component: str, varied: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(plan.rests_on[component]) - set(varied)))


def _corners(
    method: Method, plan: Plan, every: Everything, cells: Cells, layer: str
) -> list[list[Limits]]:
    """The extremes of each component over all corners of the box of some inputs."""
    if not cells:
        return []
    groups = _groups(cells)
    signs = _signs(method, plan, every, cells)
    is_high = _box(list(signs.values()))
    columns = {
        at: np.where(is_high[..., groups.index(cell.group)], cell.high, cell.low)
        for at, cell in cells.items()
    }
    found = in_floats(method, plan, every, columns)
    free = {cell.group for cell in cells.values() if not cell.is_bounded}
    is_free = np.array([group in free for group in groups])
    # what has no high value stays at its low one, and its side of the component is open
    is_inside = ~is_high[..., is_free].any(axis=-1)
    rows: list[list[Limits]] = [[] for _ in range(_count(cells))]
    for component, its in signs.items():
        jobs = np.broadcast_to(found[component][ALONE], (len(rows), is_high.shape[1]))
        low = np.where(is_inside, jobs, np.inf).min(axis=1)
        high = np.where(is_inside, jobs, -np.inf).max(axis=1)
        is_invalid = is_inside & np.isnan(jobs)
        for case in np.flatnonzero(its.any(axis=1)):
            varied = _names(cells, itertools.compress(groups, its[case]))
            invalid = 0
            if is_invalid[case].any():
                # two components may have a corner in common
                at = is_high[case % len(is_high)][is_invalid[case]]
                invalid = len(np.unique(at, axis=0))
            open_sides = set(its[case, is_free].tolist()) - {0}
            rows[case].append(
                Limits(
                    component,
                    layer,
                    CORNERS,
                    None,
                    None if invalid or -1 in open_sides else float(low[case]),
                    None,
                    None if invalid or 1 in open_sides else float(high[case]),
                    varied,
                    _held(plan, component, varied),
                    not open_sides,
                    invalid,
                )
            )
    return rows


def _box(signs: Sequence[Signs]) -> npt.NDArray[np.bool_]:
    """Which groups are high at each corner: for all cases at once, or for each.

    All corners, or of a box with more than MOST_CROSSED groups the two of each component at which
    every group by itself takes it lower or higher.
    """
    count = signs[0].shape[1]
    if count <= MOST_CROSSED:
        corners = np.arange(2**count)[:, np.newaxis] >> np.arange(count)
        return (corners & 1 > 0)[np.newaxis]
    rises = np.stack(signs, axis=1) > 0
    return np.concatenate([rises, ~rises], axis=1)


def _quantiles(
    method: Method,
    plan: Plan,
    every: Everything,
    cells: Cells,
    layer: str,
    draws: int,
    seed: int,
) -> list[list[Limits]]:
    """The middle 95 % of each component while all inputs of a kind are drawn at once."""
    if not cells:
        return []
    groups = _groups(cells)
    drawn = {at: cell.draws(draws, seed) for at, cell in cells.items()}
    found = in_floats(method, plan, every, drawn)
    tail = (1 - CONFIDENCE_LEVEL) / 2
    rows: list[list[Limits]] = [[] for _ in range(_count(cells))]
    for component, its in _signs(method, plan, every, cells).items():
        if not its.any():
            continue
        jobs = np.atleast_2d(found[component][ALONE])  # a row for all cases where they are the same
        # of which neither is there if a draw has none
        ends = np.broadcast_to(np.quantile(jobs, [tail, 1 - tail], axis=1).T, (len(rows), 2))
        invalid = np.broadcast_to(np.isnan(jobs).sum(axis=1), len(rows))
        for case in np.flatnonzero(its.any(axis=1)):
            varied = _names(cells, itertools.compress(groups, its[case]))
            held = _held(plan, component, varied)
            row = _both(component, layer, MONTE_CARLO, None, ends[case], varied, held)
            rows[case].append(replace(row, invalid=int(invalid[case])))
    return rows


def _alternatives(
    method: Method, plan: Plan, every: Everything, alternatives: Sequence[Sequence[Alternative]]
) -> list[list[Limits]]:
    """Jobs at the limits of one given step, whatever else is uncertain held."""
    rows: list[list[Limits]] = [[] for _ in alternatives]
    for others in zip(*alternatives, strict=True):
        name, interval_method = others[0].name, others[0].interval_method
        if name not in plan.inputs:
            continue
        ends = np.array([[other.low, other.high] for other in others])
        found = in_floats(method, plan, every, {(name, e): ends for e in every[name]})
        for component in method.components:
            varied = plan.varied(component, {name})
            if varied:
                held = _held(plan, component, varied)
                jobs = np.sort(np.broadcast_to(found[component][ALONE], ends.shape), axis=1)
                for its, both in zip(rows, jobs, strict=True):
                    row = _both(component, OPEN, interval_method, None, both, varied, held)
                    its.append(row)
    return rows


def _swings(method: Method, plan: Plan, every: Everything, cells: Cells) -> list[list[Limits]]:
    """The total at the low and at the high value of each input that is bounded."""
    free = {cell.group for cell in cells.values() if not cell.is_bounded}
    groups: dict[str, set[int]] = {}
    for (name, _), cell in sorted(cells.items()):
        groups.setdefault(name, set()).add(cell.group)
    names = [name for name, its in groups.items() if its.isdisjoint(free)]
    if not names:
        return []
    # two places a name: there what moves with it is low and high, elsewhere it is central
    place = np.arange(2 * len(names))
    columns = {
        (name, element): np.where(
            np.repeat([cell.group in groups[other] for other in names], 2),
            np.where(place % 2 == 0, cell.low, cell.high),
            every[name][element],
        )
        for (name, element), cell in cells.items()
    }
    found = in_floats(method, plan, every, columns)[method.root][ALONE]
    jobs = np.broadcast_to(found, (_count(cells), len(place))).reshape(-1, len(names), 2)
    rows: list[list[Limits]] = [[] for _ in jobs]
    for number, name in enumerate(names):
        varied = plan.varied(method.root, {name})
        held = _held(plan, method.root, varied)
        for its, ends in zip(rows, jobs[:, number], strict=True):
            its.append(_both(method.root, SWING, CORNERS, name, ends, varied, held))
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
    method: Method, every: Everything, definitions: Sequence[Definition], cases: int
) -> list[list[Limits]]:
    """Each component where its definitions, and those of its parts, are other ones.

    A definition multiplies the parts of its component; jobs are not negative, so all low is lowest.
    """
    parents = {name: component.parent for name, component in method.components.items()}
    above = {name: [name] for name in parents}
    for ancestors in above.values():
        while parents[ancestors[-1]]:
            ancestors.append(parents[ancestors[-1]])
    leaves = [name for name in parents if name not in parents.values()]
    rows: list[list[Limits]] = [[] for _ in range(cases)]
    for component in method.components:
        its = [leaf for leaf in leaves if component in above[leaf]]
        known = [d for d in definitions if any(d.component in above[leaf] for leaf in its)]
        names = tuple(sorted(d.name for d in known))
        alone = [(d.name, [d]) for d in known] if len(known) > 1 else []
        together = [(None, known)] if known else []
        for name, chosen in itertools.chain(together, alone):
            ends = [
                sum(
                    every[leaf][ALONE]
                    * math.prod(getattr(d, end) for d in chosen if d.component in above[leaf])
                    for leaf in its
                )
                for end in ("low", "central", "high")
            ]
            varied = tuple(sorted(d.name for d in chosen))
            held = tuple(other for other in names if other not in varied)
            jobs = np.stack([np.broadcast_to(end, (cases, 1))[:, 0] for end in ends], axis=1)
            for of_case, (low, central, high) in zip(rows, jobs.tolist(), strict=True):
                of_case.append(
                    Limits(component, DEFINITIONS, CORNERS, name, low, central, high, varied, held)
                )
    return rows
