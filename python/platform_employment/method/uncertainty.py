"""How far each component can be off, in layers that are never pooled into one interval.

printing: published numbers are rounded; the extremes over the corners of their box, no probability.
assumptions: quantiles of what we assume, without control totals; no confidence.
open: what a report leaves open, as "over" does and a period that it is not of: extremes again; and
limits of what is fitted on a sample, which alone are confidence limits.
definitions: what other meaning a component could mean, each by itself and all together.
Swings move one input of the total.

Extremes come from the corners of the box of the inputs, never from interval arithmetic, which
counts an input twice that occurs twice. An end that nothing bounds is a far point (FAR_POINTS): a
component that is the same at two of them has that limit, another is open on that side.

An input of which only the two ends are known has no central value. It is never drawn: a component
that depends on it has limits from corners alone, at which this input is varied too, and no central
value.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
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
    run,
)
from platform_employment.method.formula import SCALAR
from platform_employment.method.methods import Method, Plan

ROUNDING, ASSUMPTIONS, UNDISCLOSED = "rounding", "assumptions", "undisclosed"
SAMPLING, COVERAGE = "sampling", "coverage"
SWING = "swing"
CORNERS, MONTE_CARLO = "corners", "monte_carlo"
MAX_CROSSED = 12
_STILL = 1e-9  # of a value: less is arithmetic of floats
# times the known end of an input without a bound on the other side
FAR_POINTS = (1e9, 1e12)
# of the central value: a component that differs by less between the far points has a limit there
_SAME_FAR = 1e-6

Everything = Mapping[str, Mapping[str, Any]]
Rows = Sequence[Sequence["Limits"]]
Signs = npt.NDArray[np.int_]


@dataclass(frozen=True)
class Limits:
    """Lowest and highest jobs of a component in a layer.

    input_name: of a swing, whose low and high are the total at its ends, and of one definition
    alone; low, high: None where a value is not valid, and on the side that is not bounded; central:
    of definitions; varied: what moves the component, the rest of what it depends on is held;
    invalid: at how many draws or corners there is no value.
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
    """What the limits of an estimate are calculated of.

    values: central values of the inputs, NaN for a missing one; uncertain: where they may lie;
    alternatives: limits of given steps.
    """

    values: Mapping[str, Mapping[str, float]]
    uncertain: Mapping[Cell, Uncertain]
    alternatives: Sequence[Alternative] = ()

    def shape(self) -> tuple[object, ...]:
        """What cases have in common that are calculated together."""
        groups: dict[str, int] = {}
        return (
            tuple((name, tuple(value)) for name, value in sorted(self.values.items())),
            tuple(
                (
                    key,
                    u.kind,
                    groups.setdefault(u.stream, len(groups)),
                    math.isfinite(u.low),
                    math.isfinite(u.high),
                    math.isnan(u.central),
                )
                for key, u in sorted(self.uncertain.items())
            ),
            tuple((other.name, other.interval_method) for other in self.alternatives),
        )


@dataclass(frozen=True)
class _Cell:
    """An uncertain input in each case; cells of one group move together."""

    each: tuple[Uncertain, ...]
    group: int

    @property
    def has_center(self) -> bool:
        return not math.isnan(self.each[0].central)

    @property
    def is_bounded(self) -> bool:
        return math.isfinite(self.each[0].low) and math.isfinite(self.each[0].high)

    def low(self, far: float | None = None) -> Floats:
        """Return the low values, a row for each case; a far point for an open end.

        Without `far` it is one below the other end, to tell whether the input matters at all.
        """
        return np.array([[_end(u.low, u.high, -1, far)] for u in self.each])

    def high(self, far: float | None = None) -> Floats:
        """Return the high values, as `low` does."""
        return np.array([[_end(u.high, u.low, 1, far)] for u in self.each])

    def is_far(self, is_high: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """Report at which corners the input is on the side that nothing bounds."""
        if self.is_bounded:
            return np.zeros_like(is_high)
        return is_high if math.isinf(self.each[0].high) else ~is_high

    def draws(self, draws: int, seed: int) -> Floats:
        """A row for each case, or one for all where they are the same."""
        if len(set(self.each)) == 1:
            return draw(self.each[0], draws, seed)
        return np.stack([draw(u, draws, seed) for u in self.each])


def _end(end: float, other: float, sign: int, far: float | None) -> float:
    if math.isfinite(end):
        return end
    return other + sign * (abs(other) + 1 if far is None else far * (abs(other) or 1))


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
    """Calculate  all layers of one estimate, as `limits_of` does of many."""
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
    """Calculate  all layers of cases of one shape, such as the windows of a scenario, at once.

    Monte Carlo draws the inputs of one kind at once by Latin hypercube sampling (McKay, Beckman and
    Conover 1979): one draw in each of `draws` strata of equal probability. A stream depends on the
    seed and its text alone, so neither the order of rows nor what other meaning is drawn matters.

    Extremes over the corners of a box belong to the box: jobs are quotients and products of
    sums, which have none inside.

    Args:
        method, plan: as in `run`; cases: in the order of the lists that are returned.
    """
    values = {
        name: {e: _shared([case.values[name][e] for case in cases]) for e in value}
        for name, value in cases[0].values.items()
    }
    central_values = _calculated(method, plan, values)
    cells = _cells(plan, cases)
    ends_only = {key: cell for key, cell in cells.items() if not cell.has_center}
    hollow = {
        name
        for name in method.components
        if plan.varied(name, {input_name for input_name, _ in ends_only})
    }
    whole = [name for name in method.components if name not in hollow]

    def of(kind: str) -> Cells:
        return {key: c for key, c in cells.items() if c.each[0].kind == kind and c.has_center}

    def corners(
        plan: Plan, central_values: Everything, kind: str, layer: str, names: Iterable[str]
    ) -> Rows:
        own_keys = [key for key, cell in cells.items() if cell.each[0].kind == kind]
        varied = {key: cell for key, cell in cells.items() if key in own_keys or key in ends_only}
        return _corners(method, plan, central_values, varied, set(own_keys), layer, names)

    free = without_control_totals(method, plan)
    freed = central_values
    if free.inputs != plan.inputs:
        freed = _calculated(
            method, free, {n: central_values[n] for n in free.inputs if n in central_values}
        )
    layers = [
        corners(plan, central_values, "rounding", ROUNDING, method.components),
        _quantiles(method, free, freed, of("assumption"), ASSUMPTIONS, draws, seed, whole),
        corners(free, freed, "assumption", ASSUMPTIONS, hollow),
        corners(plan, central_values, "open", UNDISCLOSED, method.components),
        _quantiles(method, plan, central_values, of("sampling"), SAMPLING, draws, seed, whole),
        _alternatives(method, plan, central_values, [case.alternatives for case in cases], whole),
        _definitions(method, central_values, definitions, len(cases), whole),
        _swings(method, plan, central_values, cells, {name for name, _ in ends_only}),
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
        key: _Cell(
            tuple(case.uncertain[key] for case in cases),
            groups.setdefault(first[key].stream, len(groups)),
        )
        for key in sorted(first)
        if key[0] in plan.inputs
    }


def _calculated(
    method: Method,
    plan: Plan,
    values: Mapping[str, Mapping[str, Any]],
    columns: Mapping[Cell, Floats] | None = None,
) -> Everything:
    """Return all values in floats, with arrays that replace some of the inputs."""
    given = {
        name: {e: (columns or {}).get((name, e), x) for e, x in values[name].items()}
        for name in plan.inputs
        if name in values
    }
    return run(method, given, plan=plan, number=np.float64, is_rounded=False).values


def without_control_totals(method: Method, plan: Plan) -> Plan:
    """Return the plan with every control total removed.

    Scaling factors become fixed inputs, so components keep their unscaled values.
    """
    scales = {step.name for step in plan.steps if step.role == "scale"}
    return method.plan({*plan.inputs, *scales})


def _count(cells: Cells) -> int:
    return len(next(iter(cells.values())).each)


def _groups(cells: Cells) -> list[int]:
    return sorted({cell.group for cell in cells.values()})


def _signs(
    method: Method, plan: Plan, central_values: Everything, cells: Cells
) -> dict[str, Signs]:
    """Whether a component rises with a group of inputs: 1, falls: -1, or is not moved by it: 0.

    A row for each case and a column for each group. Each is moved from its low to its high value
    with the others on their way between, where an input that makes no difference makes none by
    chance.
    """
    groups = _groups(cells)
    place = np.arange(2 * len(groups))
    columns = {
        key: np.where(
            place // 2 == groups.index(cell.group),
            np.where(place % 2 == 0, cell.low(), cell.high()),
            cell.low() + 0.3 * (cell.high() - cell.low()),
        )
        for key, cell in cells.items()
    }
    found = _calculated(method, plan, central_values, columns)
    signs = {}
    for component in method.components:
        jobs = np.broadcast_to(found[component][SCALAR], (_count(cells), len(place)))
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
    method: Method,
    plan: Plan,
    central_values: Everything,
    cells: Cells,
    own_keys: Collection[Cell],
    layer: str,
    names: Iterable[str],
) -> Rows:
    """Return the extremes of components over all corners of the box of some inputs.

    Args:
        cells: the inputs that are varied; own_keys: the inputs of the layer; a component that none
            of these moves has no row.
    """
    if not own_keys:
        return []
    groups = _groups(cells)
    signs = _signs(method, plan, central_values, cells)
    is_high = _box(list(signs.values()))
    far = [cell.is_far(is_high[..., groups.index(cell.group)]) for cell in cells.values()]
    is_inside = ~np.logical_or.reduce(far)
    is_own = np.isin(groups, [cells[key].group for key in own_keys])
    points = FAR_POINTS if not is_inside.all() else FAR_POINTS[:1]
    found = [
        _calculated(
            method,
            plan,
            central_values,
            {
                key: np.where(is_high[..., groups.index(cell.group)], cell.high(far), cell.low(far))
                for key, cell in cells.items()
            },
        )
        for far in points
    ]
    rows: list[list[Limits]] = [[] for _ in range(_count(cells))]
    for component in names:
        shape = len(rows), is_high.shape[1]
        jobs = [np.broadcast_to(values[component][SCALAR], shape) for values in found]
        lows = [_extreme(x, is_inside, np.inf, -np.inf).min(axis=1) for x in jobs]
        highs = [_extreme(x, is_inside, -np.inf, np.inf).max(axis=1) for x in jobs]
        inside = np.where(is_inside & np.isfinite(jobs[0]), np.abs(jobs[0]), 0).max(axis=1)
        center = np.abs(np.broadcast_to(central_values[component][SCALAR], (len(rows), 1))[:, 0])
        tolerance = _SAME_FAR * np.where(np.isnan(center), inside, center)
        with np.errstate(invalid="ignore"):  # infinite at both far points
            has_low, has_high = (np.abs(x[-1] - x[0]) <= tolerance for x in (lows, highs))
            low, high = (_limit(x) for x in (lows, highs))
        is_invalid = is_inside & np.isnan(jobs[0])
        moving = signs[component]
        for case in np.flatnonzero(moving[:, is_own].any(axis=1)):
            varied = _names(cells, itertools.compress(groups, moving[case]))
            invalid = 0
            if is_invalid[case].any():
                # two components may have a corner in common
                corners = is_high[case % len(is_high)][is_invalid[case]]
                invalid = len(np.unique(corners, axis=0))
            rows[case].append(
                Limits(
                    component,
                    layer,
                    CORNERS,
                    None,
                    float(low[case]) if has_low[case] and not invalid else None,
                    None,
                    float(high[case]) if has_high[case] and not invalid else None,
                    varied,
                    _held(plan, component, varied),
                    bool(invalid or (has_low[case] and has_high[case])),
                    invalid,
                )
            )
    return rows


def _limit(jobs: Sequence[Floats]) -> Floats:
    """Return where jobs at two far points lead, when what is left falls with the distance."""
    if len(jobs) == 1:
        return jobs[0]
    return jobs[1] + (jobs[1] - jobs[0]) / (FAR_POINTS[1] / FAR_POINTS[0] - 1)


def _extreme(
    jobs: Floats, is_inside: npt.NDArray[np.bool_], otherwise: float, without_value: float
) -> Floats:
    """Return jobs at corners; at a far point without a value the component is open."""
    valid = np.where(np.isnan(jobs) & ~is_inside, without_value, jobs)
    return np.where(np.isnan(valid), otherwise, valid)


def _box(signs: Sequence[Signs]) -> npt.NDArray[np.bool_]:
    """Which groups are high at each corner: for all cases at once, or for each.

    All corners, or of a box with more than MAX_CROSSED groups the two of each component at which
    every group by itself takes it lower or higher.
    """
    count = signs[0].shape[1]
    if count <= MAX_CROSSED:
        corners = np.arange(2**count)[:, np.newaxis] >> np.arange(count)
        return (corners & 1 > 0)[np.newaxis]
    rises = np.stack(signs, axis=1) > 0
    return np.concatenate([rises, ~rises], axis=1)


def _quantiles(
    method: Method,
    plan: Plan,
    central_values: Everything,
    cells: Cells,
    layer: str,
    draws: int,
    seed: int,
    names: Iterable[str],
) -> Rows:
    """Return the middle 95 % of components while all inputs of a kind are drawn at once."""
    if not cells:
        return []
    groups = _groups(cells)
    drawn = {key: cell.draws(draws, seed) for key, cell in cells.items()}
    found = _calculated(method, plan, central_values, drawn)
    tail = (1 - CONFIDENCE_LEVEL) / 2
    rows: list[list[Limits]] = [[] for _ in range(_count(cells))]
    signs = _signs(method, plan, central_values, cells)
    for component in names:
        component_signs = signs[component]
        if not component_signs.any():
            continue
        jobs = np.atleast_2d(
            found[component][SCALAR]
        )  # a row for all cases where they are the same
        # neither end is known if a draw has no value
        ends = np.broadcast_to(np.quantile(jobs, [tail, 1 - tail], axis=1).T, (len(rows), 2))
        invalid = np.broadcast_to(np.isnan(jobs).sum(axis=1), len(rows))
        for case in np.flatnonzero(component_signs.any(axis=1)):
            varied = _names(cells, itertools.compress(groups, component_signs[case]))
            held = _held(plan, component, varied)
            row = _both(component, layer, MONTE_CARLO, None, ends[case], varied, held)
            rows[case].append(replace(row, invalid=int(invalid[case])))
    return rows


def _alternatives(
    method: Method,
    plan: Plan,
    central_values: Everything,
    alternatives: Sequence[Sequence[Alternative]],
    names: Sequence[str],
) -> Rows:
    """Return jobs at the limits of one given step, with the other inputs fixed."""
    rows: list[list[Limits]] = [[] for _ in alternatives]
    for others in zip(*alternatives, strict=True):
        name, interval_method = others[0].name, others[0].interval_method
        if name not in plan.inputs:
            continue
        ends = np.array([[other.low, other.high] for other in others])
        found = _calculated(
            method, plan, central_values, {(name, e): ends for e in central_values[name]}
        )
        for component in names:
            varied = plan.varied(component, {name})
            if varied:
                held = _held(plan, component, varied)
                jobs = np.sort(np.broadcast_to(found[component][SCALAR], ends.shape), axis=1)
                for own_keys, both in zip(rows, jobs, strict=True):
                    row = _both(component, SAMPLING, interval_method, None, both, varied, held)
                    own_keys.append(row)
    return rows


def _swings(
    method: Method, plan: Plan, central_values: Everything, cells: Cells, ends_only: Collection[str]
) -> Rows:
    """Return the total at the low and at the high value of each input that is bounded.

    Where the total depends on an input without a central value, no other input has a swing.
    """
    free = {cell.group for cell in cells.values() if not cell.is_bounded}
    groups: dict[str, set[int]] = {}
    for (name, _), cell in sorted(cells.items()):
        groups.setdefault(name, set()).add(cell.group)
    hollow = set(plan.varied(method.root, ends_only))
    names = [
        name
        for name, own_keys in groups.items()
        if own_keys.isdisjoint(free) and not hollow - {name}
    ]
    if not names:
        return []
    # two places a name: there what moves with it is low and high, elsewhere it is central
    place = np.arange(2 * len(names))
    columns = {
        (name, element): np.where(
            np.repeat([cell.group in groups[other] for other in names], 2),
            np.where(place % 2 == 0, cell.low(), cell.high()),
            central_values[name][element],
        )
        for (name, element), cell in cells.items()
    }
    found = _calculated(method, plan, central_values, columns)[method.root][SCALAR]
    jobs = np.broadcast_to(found, (_count(cells), len(place))).reshape(-1, len(names), 2)
    rows: list[list[Limits]] = [[] for _ in jobs]
    for number, name in enumerate(names):
        varied = plan.varied(method.root, {name})
        held = _held(plan, method.root, varied)
        for own_keys, ends in zip(rows, jobs[:, number], strict=True):
            own_keys.append(_both(method.root, SWING, CORNERS, name, ends, varied, held))
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
    method: Method,
    central_values: Everything,
    definitions: Sequence[Definition],
    cases: int,
    names_of_components: Iterable[str],
) -> Rows:
    """Return each component under other definitions of it and of its parts.

    A definition multiplies the parts of its component; jobs are not negative, so all low is lowest.
    """
    parents = {name: component.parent for name, component in method.components.items()}
    above = {name: [name] for name in parents}
    for ancestors in above.values():
        while parents[ancestors[-1]]:
            ancestors.append(parents[ancestors[-1]])
    leaves = [name for name in parents if name not in parents.values()]
    rows: list[list[Limits]] = [[] for _ in range(cases)]
    for component in names_of_components:
        own_leaves = [leaf for leaf in leaves if component in above[leaf]]
        known = [d for d in definitions if any(d.component in above[leaf] for leaf in own_leaves)]
        names = tuple(sorted(d.name for d in known))
        alone = [(d.name, [d]) for d in known] if len(known) > 1 else []
        together = [(None, known)] if known else []
        for name, chosen in itertools.chain(together, alone):
            ends = [
                sum(
                    central_values[leaf][SCALAR]
                    * math.prod(getattr(d, end) for d in chosen if d.component in above[leaf])
                    for leaf in own_leaves
                )
                for end in ("low", "central", "high")
            ]
            varied = tuple(sorted(d.name for d in chosen))
            held = tuple(other for other in names if other not in varied)
            jobs = np.stack([np.broadcast_to(end, (cases, 1))[:, 0] for end in ends], axis=1)
            for of_case, (low, central, high) in zip(rows, jobs.tolist(), strict=True):
                of_case.append(
                    Limits(component, COVERAGE, CORNERS, name, low, central, high, varied, held)
                )
    return rows
