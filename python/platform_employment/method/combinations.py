"""All valid combinations of choices calculated at once, and what each decision does."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, reduce
from math import factorial, prod
from typing import Any

import numpy as np
import numpy.typing as npt

from platform_employment.method.choices import Decisions, Option
from platform_employment.method.evaluate import Floats, run
from platform_employment.method.formula import SCALAR
from platform_employment.method.methods import Method

# below what the marts print: four decimals of 万
ZERO_TOLERANCE = 1e-6

Integers = npt.NDArray[np.intp]
Truths = npt.NDArray[np.bool_]
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Combinations:
    """The valid combinations of some decisions, a row each.

    options: the place of the option taken, a column a decision; jobs: of each component; ranks: of
    the weakest provenance that each component depends on.
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
    rows: Sequence[Row],
    fixed: Collection[str],
    ranks: Mapping[str, int],
) -> Combinations:
    """Calculate every valid combination of options with the evaluator of the method.

    A combination is valid where its options have what they require and every component has a
    value.

    Args:
        method, decisions: as read; rows: of `int_inputs__rows`, the ones of the platform and
        window;
            fixed: options that no decision offers, such as the sample; ranks: of provenance, the
            least reliable is highest.

    """
    ways = tuple(tuple(options.values()) for options in decisions.values())
    sizes = [len(options) for options in ways]
    grid = np.indices(sizes, dtype=np.intp).reshape(len(sizes), prod(sizes)).T
    grid = grid[_agreeing(ways, grid)]
    values, weakest = select_all(rows, ways, grid, fixed, ranks)
    jobs = {name: np.full(len(grid), np.nan) for name in method.components}
    for rows_of_group, its in _with_their_elements(values, len(grid)):
        found = run(method, its, number=np.float64).values
        for name in jobs.keys() & found.keys():
            jobs[name][rows_of_group] = found[name][SCALAR]
    unknown = np.zeros(len(grid), dtype=np.intp)
    for name, step in method.steps.items():
        rank = reduce(np.maximum, (weakest.get(n, unknown) for n in step.formula.names))
        # a step that is given depends on its own input alone
        given = weakest.get(name, unknown) if step.can_be_overridden else unknown
        weakest[name] = np.where(given > 0, given, rank)
    valid: Truths = np.isfinite(np.array(list(jobs.values()))).all(axis=0)
    ranks_of = {name: np.broadcast_to(weakest[name], len(grid)) for name in method.components}
    return Combinations(ways, grid, jobs, ranks_of).take(valid)


def select_all(
    rows: Sequence[Row],
    ways: Sequence[Sequence[Option]],
    grid: Integers,
    fixed: Collection[str],
    ranks: Mapping[str, int],
) -> tuple[dict[str, dict[str, Floats]], dict[str, Integers]]:
    """Return the value of each input in each combination, by the rule of int_chain__inputs.

    A row applies where all its options are taken; of an input, the rows of the highest priority
    count, all elements together; a row without any value takes the input away.

    Returns:
        Values by input and element, NaN for a missing one; the rank of the least reliable
        provenance of each input, 0 where it has no value.
    """
    place = {options[0].decision: number for number, options in enumerate(ways) if options}

    @cache
    def taken(option: str) -> Truths:
        decision = option.partition("=")[0]
        if decision not in place:
            return np.full(len(grid), option in fixed)
        is_it = np.array([way.text == option for way in ways[place[decision]]])
        return np.asarray(is_it[grid[:, place[decision]]])

    overlays: dict[tuple[int, str, tuple[str, ...]], list[Row]] = {}
    for row in rows:
        key = row["priority"], row["input_name"], tuple(row["options"])
        overlays.setdefault(key, []).append(row)
    values: dict[str, dict[str, Floats]] = {}
    weakest: dict[str, Integers] = {}
    for priority, name, options in sorted(overlays):
        applies = np.logical_and.reduce([np.ones(len(grid), dtype=bool), *map(taken, options)])
        for array in values.setdefault(name, {}).values():
            array[applies] = np.nan  # replaced whole
        rank = weakest.setdefault(name, np.zeros(len(grid), dtype=np.intp))
        rank[applies] = 0
        for row in overlays[priority, name, options]:
            if row["central"] is not None:
                array = values[name].setdefault(row["element_id"], np.full(len(grid), np.nan))
                array[applies] = row["central"]
                rank[applies] = np.maximum(rank[applies], ranks[row["provenance"]])
    return {name: value for name, value in values.items() if value}, weakest


def _with_their_elements(
    values: Mapping[str, Mapping[str, Floats]], count: int
) -> Iterator[tuple[Integers, dict[str, dict[str, Floats]]]]:
    """Return the combinations for each set of elements that inputs have, with their values."""
    divided = [(name, e) for name, value in values.items() if len(value) > 1 for e in value]
    has = np.array([~np.isnan(values[name][e]) for name, e in divided]).reshape(-1, count).T
    group = _alike(has)
    for number in range(group.max(initial=-1) + 1):
        rows = np.flatnonzero(group == number)
        there = dict(zip(divided, has[rows[0]], strict=True))
        yield (
            rows,
            {
                name: {e: x[rows] for e, x in value.items() if there.get((name, e), True)}
                for name, value in values.items()
            },
        )


def drop_irrelevant_decisions(
    found: Combinations, root: str, report: Sequence[Option]
) -> Combinations:
    """Leave a decision with nothing to decide to the report.

    Nothing is decided where its options never change the total next to the same other options,
    such as the growth of merchants in the window of the report. Each total would otherwise
    be listed several times.
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
        if (high - low <= ZERO_TOLERANCE).all() and taken.any():
            found = found.take(taken)
    return found


def duplicate_options(found: Combinations) -> npt.NDArray[np.bool_]:
    """Report of each combination and decision whether its option repeats another one.

    Two options repeat each other if every component has the same value under both, next to the
    same other options, such as two names of one number. One of them counts: a defensible one
    first, then the report's, then the first.
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

    shapley: add up to one; first_order: of a decision alone, interaction: 1 minus their sum. All
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
        options: the option taken, one row per combination and a column a decision; result: of each.
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
    if total <= ZERO_TOLERANCE**2 * len(result):
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
