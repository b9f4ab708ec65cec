"""Rows of the warehouse turned into chains of a method, and results turned into tables.

No data frames: what makes them takes longer to load than a small question takes to answer, and
Arrow loads it with its first array.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache, cached_property
from operator import itemgetter
from typing import Any

import numpy as np
import numpy.typing as npt

from platform_employment.duckdb_rows import rows_of
from platform_employment.errors import UserError
from platform_employment.method.evaluate import Cell, Problem, Uncertain, run
from platform_employment.method.formula import SCALAR
from platform_employment.method.methods import Method, Plan, read_methods
from platform_employment.method.render import calculation, printed
from platform_employment.method.uncertainty import Alternative, Case, Definition, Limits, limits_of

# of int_chain__inputs: half of the time to read it
_READ_BY_STEPS = """
    platform_id, window_end, scenario_id, method_id, input_name, element_id, low, central, high,
    is_of_window, is_carried_forward, period_end, provenance, source_id, seed, seed_line
"""
SEEDS = ("inputs", "steps", "components", "units")
_key = itemgetter("platform_id", "window_end", "scenario_id")  # of a chain
MAX_SHOWN = 20
BATCH_SIZE = 32  # chains: 3 MB for each value of all their draws
_OF_CHAIN = {
    "platform_id": "varchar",
    "window_end": "date",
    "scenario_id": "varchar",
    "method_id": "varchar",
}
_STEPS = {
    **_OF_CHAIN,
    "step_id": "varchar",
    "element_id": "varchar",
    "is_input": "boolean",
    "component_id": "varchar",
    "value": "varchar",
    "unit": "varchar",
    "formula": "varchar",
    "operands": "varchar",
    "calculation": "varchar",
    "rests_on": "varchar",
    "input_provenance": "varchar",
    "weakest_provenance": "varchar",
    "missing_inputs": "varchar",
    "is_overridden": "boolean",
    "is_extrapolated": "boolean",
    "carried_since": "date",
    "source_id": "varchar",
    "seed": "varchar",
    "seed_line": "bigint",
}
_LIMITS = {
    **_OF_CHAIN,
    "component_id": "varchar",
    "layer": "varchar",
    "interval_method": "varchar",
    "input_name": "varchar",
    "low": "double",
    "central": "double",
    "high": "double",
    "varied_inputs": "varchar",
    "held_inputs": "varchar",
    "is_bounded": "boolean",
    "invalid_draws": "bigint",
}
_FORMULAS = {
    "method_id": "varchar",
    "step_id": "varchar",
    "evaluation_order": "bigint",
    "component_id": "varchar",
    "formula": "varchar",
    "operands": "varchar",
    "decimals": "bigint",
    "unit": "varchar",
    "element_set": "varchar",
    "stage": "varchar",
    "seed": "varchar",
    "seed_line": "bigint",
}

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Table:
    """Rows of a model: the types of DuckDB and the cells of each column, NaN for a null double."""

    types: Mapping[str, str]
    columns: Mapping[str, npt.NDArray[Any]]

    def relation(self, connection: Any) -> Any:
        """The rows as a relation of a DuckDB connection."""
        connection.register("cells_of_table", dict(self.columns))
        typed = (f'cast("{name}" as {kind}) as "{name}"' for name, kind in self.types.items())
        return connection.sql(f"select {', '.join(typed)} from cells_of_table")


def array_of(cells: Sequence[object], kind: str) -> npt.NDArray[Any]:
    """The cells of a column of a type of DuckDB."""
    if kind == "double":
        return np.array(cells, dtype=np.float64)  # None is NaN
    array = np.empty(len(cells), dtype=object)
    array[:] = cells
    return array


@dataclass
class _Chain:
    """The inputs of one platform, window and scenario: a row for each name and element."""

    method: Method
    rows: dict[str, dict[str, Row]] = field(default_factory=dict)

    @cached_property
    def plan(self) -> Plan:
        """What is calculated of the method; read when all rows are there."""
        return self.method.plan(self.rows)

    @property
    def known_plan(self) -> Plan:
        """The plan without checks that lack an input."""
        steps = tuple(step for step in self.plan.steps if not self.missing(step.name))
        inputs = tuple(name for name in self.plan.inputs if name in self.rows)
        return replace(self.plan, steps=steps, inputs=inputs)

    def values(self) -> dict[str, dict[str, Decimal]]:
        """Return central values with the digits as they were typed.

        An input of which only the two ends are known is left out.
        """
        return {
            name: {e: Decimal(repr(float(row["central"]))) for e, row in sorted(elements.items())}
            for name, elements in self.rows.items()
            if all(row["central"] is not None for row in elements.values())
        }

    def missing(self, name: str) -> list[str]:
        """The inputs that a step lacks."""
        return [on for on in self.plan.rests_on[name] if on not in self.rows]


def int_chain__formulas(tables: Mapping[str, Any]) -> Table:
    """One row per method and step."""
    return method_steps(seed_methods(tables))


def est_steps(tables: Mapping[str, Any]) -> Table:
    """One row per platform, window, scenario, step or input, and element."""
    inputs = rows_of(tables["int_chain__inputs"].project(_READ_BY_STEPS))
    return estimate_steps(inputs, seed_methods(tables), rows_of(tables["dim_provenance_kinds"]))


def est_limits(tables: Mapping[str, Any]) -> Table:
    """One row per platform, window, scenario, component, layer and method."""
    inputs, definitions = rows_of(tables["int_chain__inputs"]), rows_of(tables["dim_definitions"])
    return estimate_limits(inputs, definitions, seed_methods(tables))


def seed_methods(tables: Mapping[str, Any]) -> dict[str, Method]:
    """The methods of the seeds, which are among the tables that a model reads."""
    return methods_of(*(rows_of(tables[name]) for name in SEEDS))


def methods_of(
    inputs: Iterable[Row], steps: Iterable[Row], components: Iterable[Row], units: Iterable[Row]
) -> dict[str, Method]:
    """The methods of the seeds, or of dims built from them.

    Args:
        inputs, steps, components, units: text or typed; `seed_file` and `seed_line` say where a row
            stands, which without them is its place in the table.

    Raises:
        UserError: a row is wrong; the text has all that is wrong, a line each.
    """
    tables = [texts_of(rows) for rows in (inputs, steps, components, units)]
    methods, findings = read_methods(*tables)
    if findings:
        raise UserError("\n".join(map(str, findings)))
    return methods


def texts_of(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Rows as they are in a seed, each with the `file` and `line` that it comes from."""
    return [
        {"file": row.get("seed_file", ""), "line": row.get("seed_line", number)}
        | {column: _cell_text(cell) for column, cell in row.items()}
        for number, row in enumerate(rows, start=2)
    ]


def _cell_text(cell: Any) -> str:
    if isinstance(cell, bool):
        return str(cell).lower()
    return "" if cell is None else str(cell)


def method_steps(methods: Mapping[str, Method]) -> Table:
    """Where each formula is found: one row per method and step, sums of components among them.

    Returns:
        `method_id`, `step_id`, `evaluation_order`, `formula`, `operands` (its names, with spaces
        between), `unit`, `element_set`, `decimals`, `stage`, `seed` and `seed_line`.
    """
    rows = [
        (
            method.method_id,
            name,
            order,
            step.component_id or None,
            step.formula.text,
            " ".join(step.formula.names),
            step.decimals,
            step.unit,
            step.element_set,
            step.stage,
            step.line.file or step.table,
            step.line,
        )
        for method in methods.values()
        for order, (name, step) in enumerate(method.steps.items(), 1)
    ]
    return table_of(rows, _FORMULAS)


def estimate_steps(
    inputs: Iterable[Row], methods: Mapping[str, Method], provenance_kinds: Iterable[Row]
) -> Table:
    """Calculate  every step of every chain.

    A chain is estimated where one of the inputs that it uses is of its window.

    Args:
        inputs: `int_chain__inputs`; methods: by method_id; provenance_kinds: `provenance` and
            `provenance_rank`, the weakest last.

    Returns:
        One row per platform, window, scenario, step and element, inputs among them (`is_input`).
        `value` is a decimal as text with at most ten decimals; null, with `missing_inputs`, where
        a step lacks an input.

    Raises:
        UserError: a central value is not what it must be, or a formula has no value.
    """
    ranks = {kind["provenance"]: kind["provenance_rank"] for kind in provenance_kinds}
    rows: list[tuple[object, ...]] = []
    wrong: list[str] = []
    for key, chain in _chains(inputs, methods):
        calculated = run(chain.method, chain.values(), plan=chain.plan)
        values, problems = calculated.values, calculated.problems
        place = " ".join(map(str, key))
        wrong += [
            f"{_cell(chain, n, what)}{place}: {chain.method.method_id}.{n}: {what}"
            for n, what in problems.items()
        ]
        if not wrong:
            rows += [(*key, *row) for row in _step_rows(chain, values, ranks)]
    if wrong:
        more = f"\n… and {len(wrong) - MAX_SHOWN} more" if len(wrong) > MAX_SHOWN else ""
        raise UserError("\n".join(wrong[:MAX_SHOWN]) + more)
    return table_of(rows, _STEPS)


def _cell(chain: _Chain, name: str, problem: Problem) -> str:
    """Where the cell stands that a problem is about, if it is about one."""
    for on in (name, *chain.plan.rests_on.get(name, ())):
        row = chain.rows.get(on, {}).get(problem.element or "")
        if row and row["seed_line"]:
            return f"{row['seed']} line {row['seed_line']}: "
    return ""


def estimate_limits(
    inputs: Sequence[Row], definitions: Iterable[Row], methods: Mapping[str, Method]
) -> Table:
    """Describe how far every component of every chain without a missing input can be off.

    Args:
        inputs: `int_chain__inputs`, with the intervals of a given step; definitions:
            `dim_definitions`; methods: by method_id.

    Returns:
        One row per platform, window, scenario, component, `layer`, `interval_method` and
        `input_name` (of a swing, whose low and high are the total at the ends of the input, not
        sorted; and of one definition alone). A component has a row where something moves it. Limits
        are null where `invalid_draws` of the draws or corners give no value, and on a side that is
        not bounded.
    """
    others = _alternatives(inputs)
    defined: dict[str, list[Definition]] = {}
    for row in sorted(definitions, key=itemgetter("definition_id")):
        ends = (float(row[end]) for end in ("low", "central", "high"))
        one = Definition(row["definition_id"], row["component_id"], *ends)
        defined.setdefault(row["method_id"], []).append(one)
    chains: dict[tuple[object, ...], _Chain] = {}
    alike: dict[tuple[object, ...], dict[tuple[object, ...], Case]] = {}
    for key, chain in _chains(inputs, methods):
        if chain.missing(chain.method.root):
            continue
        chains[key] = chain
        values = {
            name: {e: _float(row["central"]) for e, row in sorted(elements.items())}
            for name, elements in chain.rows.items()
            if name in chain.plan.inputs
        }
        case = Case(values, _uncertain(chain), others.get(key, ()))
        plan = chain.known_plan
        steps = tuple(step.name for step in plan.steps)
        shape = chain.method.method_id, plan.inputs, steps, case.shape()
        alike.setdefault(shape, {})[key] = case
    found: dict[tuple[object, ...], list[Limits]] = {}
    for cases in alike.values():
        keys = list(cases)
        method, plan = chains[keys[0]].method, chains[keys[0]].known_plan
        its = defined.get(method.method_id, ())
        for start in range(0, len(keys), BATCH_SIZE):
            some = keys[start : start + BATCH_SIZE]
            limits = limits_of(method, plan, [cases[key] for key in some], its)
            found.update(zip(some, limits, strict=True))
    rows = [
        (*key, chain.method.method_id, *_row(limit))
        for key, chain in chains.items()
        for limit in found[key]
    ]
    return table_of(rows, _LIMITS)


def _row(limit: Limits) -> tuple[object, ...]:
    return (
        limit.component,
        limit.layer,
        limit.interval_method,
        limit.input_name,
        limit.low,
        limit.central,
        limit.high,
        ", ".join(limit.varied),
        ", ".join(limit.held),
        limit.is_bounded,
        limit.invalid,
    )


def _alternatives(inputs: Iterable[Row]) -> dict[tuple[object, ...], list[Alternative]]:
    """The intervals of fitted steps by chain."""
    others: dict[tuple[object, ...], list[Alternative]] = {}
    fitted = (row for row in inputs if row["interval_method"] is not None)
    for row in sorted(fitted, key=itemgetter("input_name")):
        if row["low"] is not None:
            other = Alternative(row["input_name"], row["interval_method"], row["low"], row["high"])
            others.setdefault(_key(row), []).append(other)
    return others


def _chains(
    inputs: Iterable[Row], methods: Mapping[str, Method]
) -> Iterator[tuple[tuple[object, ...], _Chain]]:
    """Each chain with its key, in the order of keys."""
    chains: dict[tuple[Any, ...], _Chain] = {}
    for row in inputs:
        key = _key(row)
        chain = chains.get(key)
        if chain is None:
            chain = chains[key] = _Chain(methods[row["method_id"]])
        if any(row.get(end) is not None for end in ("low", "central", "high")):
            chain.rows.setdefault(row["input_name"], {})[row["element_id"]] = row
    for key, chain in sorted(chains.items(), key=itemgetter(0)):
        used = (row for name in chain.plan.inputs for row in chain.rows.get(name, {}).values())
        if any(row["is_of_window"] for row in used):
            yield key, chain


def _step_rows(
    chain: _Chain, values: Mapping[str, Mapping[str, Decimal]], ranks: Mapping[str, int]
) -> Iterator[tuple[object, ...]]:
    """The rows of a chain after its key: inputs, then steps."""
    method, plan = chain.method, chain.plan
    of_other_windows = {
        name
        for name in plan.inputs
        if not all(row["is_of_window"] for row in chain.rows.get(name, {}).values())
    }
    periods = {
        name: [
            row["period_end"]
            for row in chain.rows.get(name, {}).values()
            if row["is_carried_forward"]
        ]
        for name in plan.inputs
    }
    carried = {name: min(ends) for name, ends in periods.items() if ends}
    kinds = {
        name: {row["provenance"] for row in chain.rows.get(name, {}).values()}
        for name in plan.inputs
    }

    @cache
    def shared(name: str) -> tuple[object, ...]:
        rests_on, missing = plan.rests_on[name], chain.missing(name)
        provenance = sorted(set().union(*(kinds[on] for on in rests_on)), key=ranks.__getitem__)
        weakest = provenance[-1] if provenance else None
        return ", ".join(rests_on), ", ".join(provenance), weakest, ", ".join(missing) or None

    for name in plan.inputs:
        known = method.steps.get(name) or method.inputs[name]
        component = method.steps[name].component_id if name in method.steps else ""
        rests_on, _, _, missing = shared(name)
        for element, row in sorted(chain.rows.get(name, {}).items()):
            yield (
                method.method_id,
                name,
                element,
                name not in method.steps,
                component or None,
                printed(values[name][element]) if name in values else None,
                known.unit,
                *(None, None, None),
                # an element is what it is itself, a step as weak as the weakest of them
                *(rests_on, row["provenance"], row["provenance"], missing),
                name in method.steps,
                name in of_other_windows,
                carried.get(name),
                *(row[column] for column in ("source_id", "seed", "seed_line")),
            )
    for step in plan.steps:
        value = values.get(step.name)
        texts = calculation(step, values) if value else {}
        for element in sorted(value or [SCALAR]):
            yield (
                method.method_id,
                step.name,
                element,
                False,
                step.component_id or None,
                printed(value[element]) if value else None,
                step.unit,
                step.formula.text,
                " ".join(step.formula.names),
                texts.get(element),
                *shared(step.name),
                False,
                not of_other_windows.isdisjoint(plan.rests_on[step.name]),
                min(
                    (carried[on] for on in plan.rests_on[step.name] if on in carried), default=None
                ),
                None,
                None,
                None,
            )


def _float(number: Any) -> float:
    return math.nan if number is None else float(number)


def _uncertain(chain: _Chain) -> dict[Cell, Uncertain]:
    """Return where the inputs of an estimate may lie.

    One without low and high is held; one with a single end is not bounded on the other side.
    """
    uncertain = {}
    for name in chain.plan.inputs:
        for element, row in chain.rows.get(name, {}).items():
            low = -math.inf if row["low"] is None else row["low"]
            high = math.inf if row["high"] is None else row["high"]
            if low < high and (math.isfinite(low) or math.isfinite(high)):
                uncertain[name, element] = Uncertain(
                    low,
                    _float(row["central"]),
                    high,
                    row["distribution"],
                    row["uncertainty_kind"],
                    row["stream"],
                )
    return uncertain


def table_of(rows: Sequence[tuple[object, ...]], types: Mapping[str, str]) -> Table:
    """Return rows as a table; types: of the columns, in the order of the cells."""
    columns = zip(*rows, strict=True) if rows else ((),) * len(types)
    return Table(
        types,
        {
            name: array_of(column, kind)
            for (name, kind), column in zip(types.items(), columns, strict=True)
        },
    )
