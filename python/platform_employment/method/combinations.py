"""All valid combinations of choices worked out at once, and what each decision does."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, reduce
from math import factorial, prod

import numpy as np
import numpy.typing as npt

from platform_employment.errors import UserError
from platform_employment.method.choices import ENDS, Decisions, Option, is_number
from platform_employment.method.evaluate import Cell, Floats, in_floats
from platform_employment.method.formula import ALONE
from platform_employment.method.methods import Method, Plan

MOST_COMBINATIONS = 2_000_000
# below what the marts print: four decimals of 万
_NOTHING = 1e-6

Integers = npt.NDArray[np.intp]
Truths = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Offer:
    """A value that an input, or a step that may be given, has under some settings.

    settings: with which it goes, none for always; low, high: the ends of its range, None where it
    has none; rank: of its provenance, that of the weakest is highest; precedence: of the offers of
    one group, those for its name where it is empty, those with the lowest count.
    """

    name: str
    element: str
    low: float | None
    central: float
    high: float | None
    rank: int
    precedence: int = 0
    settings: Mapping[str, str] | None = None
    group: str = ""


@dataclass(frozen=True)
class Combinations:
    """The valid combinations of some decisions, a row each.

    options: the place of the option taken, a column a decision; jobs: of each component; ranks: of
    the weakest provenance that each component rests on.
    """

    decisions: tuple[tuple[Option, ...], ...]
    options: Integers
    jobs: Mapping[str, Floats]
    ranks: Mapping[str, Integers]

    def take(self, rows: Truths) -> Combinations:
        """Some of them."""
        return Combinations(
            self.decisions,
            self.options[rows],
            {name: values[rows] for name, values in self.jobs.items()},
            {name: values[rows] for name, values in self.ranks.items()},
        )

    def taking(self, options: Iterable[Option]) -> Truths:
        """Which take one of these options in each decision that they are of."""
        wanted = set(options)
        rows = np.ones(len(self.options), dtype=bool)
        for number, ways in enumerate(self.decisions):
            is_wanted = np.array([way in wanted for way in ways], dtype=bool)
            if is_wanted.any():
                rows &= is_wanted[self.options[:, number]]
        return rows

    def texts(self) -> list[str]:
        """The options of each as `decision=option`, in the order of the decisions' names."""
        columns = [
            np.array([f"{way.decision}={way.name}" for way in ways])[self.options[:, number]]
            for number, ways in enumerate(self.decisions)
        ]
        return [" ".join(sorted(row)) for row in zip(*columns, strict=True)]


def combine(
    method: Method,
    decisions: Decisions,
    offers: Sequence[Offer],
    fixed: Mapping[str, str],
    ranks: Mapping[str, int],
) -> Combinations:
    """Work out every valid combination of options with the evaluator of the method.

    A combination is valid where its options have what they require, every input that the method
    then needs is offered, and all is what it must be.

    Args:
        method, decisions: as read; offers: what the inputs may be; fixed: settings that no option
            makes, such as the sample; ranks: of provenance, that of the weakest is highest.

    Raises:
        UserError: there are more than MOST_COMBINATIONS.
    """
    ways = tuple(tuple(options.values()) for options in decisions.values())
    sizes = [len(options) for options in ways]
    if prod(sizes) > MOST_COMBINATIONS:
        shown = " x ".join(f"{len(o)} ({o[0].decision})" for o in ways if o)
        raise UserError(
            f"{method.method_id}: {shown} options are {prod(sizes)} combinations, at most "
            f"{MOST_COMBINATIONS}: take options out of method/choices.csv"
        )
    grid = np.indices(sizes, dtype=np.intp).reshape(len(sizes), prod(sizes)).T
    grid = grid[_agreeing(ways, grid)]
    values, kinds = _cells(ways, grid, offers, fixed, ranks)
    jobs = {name: np.full(len(grid), np.nan) for name in method.components}
    weakest = {name: np.zeros(len(grid), dtype=np.intp) for name in method.components}
    for rows, plan in _plans(method, values, len(grid)):
        cells = {at: value[rows] for at, value in values.items() if at[0] in plan.inputs}
        held: dict[str, dict[str, float]] = {}
        for name, element in sorted(cells):
            held.setdefault(name, {})[element] = cells[name, element][0]
        moved = {at: value for at, value in cells.items() if (value != value[0]).any()}
        at_first = in_floats(method, plan, held, is_printed=True)
        found = in_floats(method, plan, at_first, moved, is_printed=True)
        for name in method.components:
            jobs[name][rows] = found[name][ALONE]
            rests_on = set(plan.rests_on[name])
            weakest[name][rows] = np.maximum.reduce(
                [kind[rows] for at, kind in kinds.items() if at[0] in rests_on]
            )
    valid: Truths = np.isfinite(np.array(list(jobs.values()))).all(axis=0)
    return Combinations(ways, grid, jobs, weakest).take(valid)


def without_idle(found: Combinations, root: str, report: Sequence[Option]) -> Combinations:
    """Leave a decision with nothing to decide to the report.

    It has none where its options never change the total beside the same other options, such as the
    growth of merchants in the window of the report. Each total would stand several times else.
    """
    for number, ways in enumerate(found.decisions):
        group = _alike(np.delete(found.options, number, axis=1))
        low, high = (
            np.full(group.max(initial=0) + 1, np.inf),
            np.full(group.max(initial=0) + 1, -np.inf),
        )
        np.minimum.at(low, group, found.jobs[root])
        np.maximum.at(high, group, found.jobs[root])
        taken = found.taking([option for option in report if option in ways])
        if (high - low <= _NOTHING).all() and taken.any():
            found = found.take(taken)
    return found


def twins(found: Combinations) -> npt.NDArray[np.bool_]:
    """Say of each combination and decision whether its option repeats another one.

    Two options are twins where they make the same of every component beside the same other
    options, such as two names of one number. Of twins one counts: one that can be defended before
    one that cannot, then the report's, then the first.
    """
    repeated = np.zeros(found.options.shape, dtype=bool)
    jobs = np.array(list(found.jobs.values())).round(6)
    for number, ways in enumerate(found.decisions):
        group = _alike(np.delete(found.options, number, axis=1))
        table = np.full((len(ways), len(jobs), group.max(initial=0) + 1), np.nan)
        table[found.options[:, number], :, group] = jobs.T
        first = sorted(
            range(len(ways)),
            key=lambda place: (not ways[place].is_defensible, not ways[place].is_report, place),
        )
        seen: set[bytes] = set()
        for place in first:
            made = table[place].tobytes()
            repeated[found.options[:, number] == place, number] = made in seen
            seen.add(made)
    return repeated


@dataclass(frozen=True)
class Shares:
    """Shares of the variance of a result, one a decision.

    shapley: add up to one; first_order: of a decision alone, interaction: one less their sum. All
    are NaN where nothing varies.
    """

    shapley: Floats
    first_order: Floats
    interaction: float


def variance_shares(options: Integers, result: Floats) -> Shares:
    """Attribute the variance of a result over combinations to decisions.

    Shapley effects for dependent inputs (Song, Nelson and Staum 2016): the value of a set of
    decisions is the variance of the mean of the result given their options, every combination with
    equal weight. Validity makes decisions depend on one another, so that first-order shares may add
    up to more than one; Shapley shares add up to one.

    Args:
        options: the option taken, a row a combination and a column a decision; result: of each.
    """
    count = options.shape[1]
    sizes = options.max(axis=0, initial=0) + 1
    centred = result - result.mean() if len(result) else result
    explained: dict[tuple[int, ...], float] = {(): 0.0}
    for size in range(1, count + 1):
        for chosen in itertools.combinations(range(count), size):
            code = np.zeros(len(result), dtype=np.intp)
            for number in chosen:
                code = code * sizes[number] + options[:, number]
            of_code = np.bincount(code)
            sums = np.bincount(code, centred)[of_code > 0]
            explained[chosen] = float((sums**2 / of_code[of_code > 0]).sum())
    total = float((centred**2).sum())
    if total <= _NOTHING**2 * len(result):
        nothing = np.full(count, np.nan)
        return Shares(nothing, nothing, np.nan)
    shapley = np.zeros(count)
    for number in range(count):
        rest = [other for other in range(count) if other != number]
        for size in range(count):
            weight = factorial(size) * factorial(count - size - 1) / factorial(count)
            for chosen in itertools.combinations(rest, size):
                joined = tuple(sorted((*chosen, number)))
                shapley[number] += weight * (explained[joined] - explained[chosen])
    first_order = np.array([explained[(number,)] for number in range(count)]) / total
    return Shares(shapley / total, first_order, 1 - float(first_order.sum()))


def _alike(table: Integers | Truths) -> Integers:
    """The number of the group of rows that are equal, for each row."""
    group = np.zeros(len(table), dtype=np.intp)
    for column in table.T:
        # column by column: sorting whole rows takes 30 times as long
        if (column != column[:1]).any():
            numbered = group * (int(column.max()) + 1) + column
            group = np.unique(numbered, return_inverse=True)[1]
    return group


def _agreeing(ways: Sequence[Sequence[Option]], grid: Integers) -> Truths:
    """Which combinations have what their options require."""
    rows = np.ones(len(grid), dtype=bool)
    place = {options[0].decision: number for number, options in enumerate(ways) if options}
    for number, options in enumerate(ways):
        for index, option in enumerate(options):
            for decision, names in option.requires.items():
                allowed = np.array([other.name in names for other in ways[place[decision]]])
                rows &= (grid[:, number] != index) | allowed[grid[:, place[decision]]]
    return rows


def _cells(
    ways: Sequence[Sequence[Option]],
    grid: Integers,
    offers: Sequence[Offer],
    fixed: Mapping[str, str],
    ranks: Mapping[str, int],
) -> tuple[dict[Cell, Floats], dict[Cell, Integers]]:
    """The value of each input in each combination, NaN where it has none, and its rank."""
    setters = {name: n for n, options in enumerate(ways) for o in options for name in o.sets}

    @cache
    def having(name: str, value: str) -> Truths:
        """Which combinations have a setting."""
        if name not in setters:
            return np.full(len(grid), fixed.get(name) == value)
        agrees = np.array([option.sets.get(name) == value for option in ways[setters[name]]])
        return np.asarray(agrees[grid[:, setters[name]]])

    everywhere = np.ones(len(grid), dtype=bool)
    values: dict[Cell, Floats] = {}
    kinds: dict[Cell, Integers] = {}
    for _, of_group in itertools.groupby(sorted(offers, key=_order), key=_group):
        is_taken = np.zeros(len(grid), dtype=bool)
        for _, together in itertools.groupby(of_group, key=lambda offer: offer.precedence):
            served = np.zeros(len(grid), dtype=bool)
            for offer in together:
                name = offer.name
                at = (name, offer.element)
                value = values.setdefault(at, np.full(len(grid), np.nan))
                kind = kinds.setdefault(at, np.zeros(len(grid), dtype=np.intp))
                settings = (having(*setting) for setting in (offer.settings or {}).items())
                rows = reduce(np.logical_and, settings, everywhere) & ~is_taken
                served |= rows
                value[rows], kind[rows] = offer.central, offer.rank
                if name in setters:
                    of_options = [_set(offer, way, ranks) for way in ways[setters[name]]]
                    chosen = grid[rows, setters[name]]
                    value[rows] = np.array([one[0] for one in of_options])[chosen]
                    kind[rows] = np.array([one[1] for one in of_options])[chosen]
            is_taken |= served
    return values, kinds


def _group(offer: Offer) -> str:
    return offer.group or offer.name


def _order(offer: Offer) -> tuple[str, int]:
    return _group(offer), offer.precedence


def _set(offer: Offer, option: Option, ranks: Mapping[str, int]) -> tuple[float, int]:
    """What an option makes of an offered value, and its rank."""
    value = option.sets.get(offer.name, "central")
    if is_number(value):
        return float(value), ranks[option.provenance]
    end = dict(zip(ENDS, (offer.low, offer.central, offer.high), strict=True))[value]
    return (np.nan if end is None else end), offer.rank


def _plans(
    method: Method, values: Mapping[Cell, Floats], count: int
) -> Iterable[tuple[Integers, Plan]]:
    """The rows for each set of names that have a value, with what is then worked out.

    A set that lacks an input of the method is left out.
    """
    names = sorted({name for name, _ in values})
    has = np.ones((count, len(names)), dtype=bool)
    for (name, _), value in values.items():
        has[:, names.index(name)] &= ~np.isnan(value)
    group = _alike(has)
    for number in range(group.max(initial=-1) + 1):
        rows = np.flatnonzero(group == number)
        known = set(itertools.compress(names, has[rows[0]]))
        plan = method.plan(known)
        if known.issuperset(plan.inputs):
            yield rows, plan
