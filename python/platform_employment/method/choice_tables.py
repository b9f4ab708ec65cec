"""Rows of the warehouse turned into combinations of choices, and results turned into a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any

import numpy as np
import numpy.typing as npt

from platform_employment.duckdb_rows import rows_of
from platform_employment.errors import UserError
from platform_employment.method.choices import (
    SAMPLE,
    SCENARIO,
    Decisions,
    chosen,
    of_platform,
    read_choices,
)
from platform_employment.method.combinations import (
    Combinations,
    Truths,
    combine,
    drop_irrelevant_decisions,
    duplicate_options,
    variance_shares,
)
from platform_employment.method.methods import Method
from platform_employment.method.tables import Row, Table, array_of, seed_methods, texts_of

SYNTHETIC = "synthetic"
NONE = "-"  # the decision or option of a row about all of them
KEY = ["platform_id", "window_end", "method_id"]
_COLUMNS = {
    "platform_id": "varchar",
    "window_end": "date",
    "method_id": "varchar",
    "record": "varchar",
    "combination_id": "bigint",
    "component_id": "varchar",
    "jobs_wan": "double",
    "choices": "varchar",
    "is_report": "boolean",
    "is_extrapolated": "boolean",
    "is_defensible": "boolean",
    "is_duplicate": "boolean",
    "has_synthetic_input": "boolean",
    "weakest_provenance": "varchar",
    "choice_set": "varchar",
    "decision_id": "varchar",
    "option_id": "varchar",
    "combinations": "bigint",
    "low_wan": "double",
    "median_wan": "double",
    "high_wan": "double",
    "shapley_share": "double",
    "first_order_share": "double",
}


def est_combinations(tables: Mapping[str, Any]) -> Table:
    """One row per combination and component, and per effect of a decision or an option."""
    methods = seed_methods(tables)
    reports = rows_of(tables["dim_reports"])
    ends = ", ".join(sorted({f"'{report['window_end']}'" for report in reports})) or "null"
    rows = tables["int_inputs__all_rows"].filter(f"window_end is null or window_end in ({ends})")
    return estimate_choices(
        rows_of(rows),
        reports,
        rows_of(tables["dim_scenarios"]),
        methods,
        decisions_of(rows_of(tables["choices"]), rows_of(tables["overlays"]), methods),
        rows_of(tables["dim_provenance_kinds"]),
    )


def decisions_of(
    choices: Iterable[Row], overlays: Iterable[Row], methods: Mapping[str, Method]
) -> dict[str, Decisions]:
    """Return the decisions of the methods.

    Args:
        choices, overlays: rows of the two seeds; methods: by method_id.

    Raises:
        UserError: a row is wrong; the text has all that is wrong, a line each.
    """
    found, findings = read_choices(texts_of(choices), methods, overlays=texts_of(overlays))
    if findings:
        raise UserError("\n".join(map(str, findings)))
    return dict(found)


def estimate_choices(
    rows: Sequence[Row],
    reports: Iterable[Row],
    scenarios: Sequence[Row],
    methods: Mapping[str, Method],
    decisions: Mapping[str, Decisions],
    provenance_kinds: Iterable[Row],
) -> Table:
    """Calculate  all valid combinations of choices in the windows of reports.

    Args:
        rows: `int_inputs__rows`; reports: `dim_reports`; scenarios: `dim_scenarios`;
            methods: by method_id; decisions: by method_id; provenance_kinds: `provenance` and
            `provenance_rank`, the weakest last.

    Returns:
        Rows of two kinds, by `record`: `combination`, one per platform, window, method, valid
        combination and component (leaves and the total); `effect`, of a decision (`shapley_share`),
        of an option (the jobs with it) or of all (`-`), over all valid combinations and over those
        that can be defended and depend on nothing synthetic (`choice_set`).

    A method is tried in the window of each report of its platform. In one that no report on it is
    about it is extrapolated, with the options that can be defended and the ones of the report.
    """
    ranks = {kind["provenance"]: kind["provenance_rank"] for kind in provenance_kinds}
    kinds = {rank: kind for kind, rank in ranks.items()}
    parts = [_part(0)]
    for key, scenario, is_extrapolated in _cases(reports, scenarios):
        if key["method_id"] not in decisions:
            continue
        method = methods[str(key["method_id"])]
        ways = of_platform(decisions[method.method_id], str(key["platform_id"]))
        taken = list(chosen(ways, str(scenario["choices"])).values())
        if is_extrapolated:
            ways = {
                decision: {n: o for n, o in options.items() if o.is_defensible or o in taken}
                for decision, options in ways.items()
            }
        own = [row for row in rows if all(row[k] in (None, value) for k, value in key.items())]
        fixed = {
            f"{SCENARIO}={scenario['scenario_id']}",
            f"{SAMPLE}={_sample(scenario, scenarios)}",
        }
        found = combine(method, ways, own, fixed, ranks)
        if not len(found.options):
            continue
        found = drop_irrelevant_decisions(found, method.root, taken)
        shared: dict[str, Any] = key | {"is_extrapolated": is_extrapolated}
        is_synthetic: Truths = found.ranks[method.root] == ranks.get(SYNTHETIC, -1)
        options = {o for options in ways.values() for o in options.values()}
        is_defensible = found.taking([o for o in options if o.is_defensible])
        repeated = duplicate_options(found)
        named: dict[str, Truths] = {
            "is_report": found.taking(taken),
            "is_defensible": is_defensible,
            "is_duplicate": np.any(repeated, axis=1, keepdims=True)[:, 0],
            "has_synthetic_input": is_synthetic,
        }
        parts += _rows(method, found, named, kinds, shared)
        choice_sets = {
            "valid": np.ones_like(is_synthetic),
            "defensible": is_defensible & ~is_synthetic,
        }
        for choice_set, its in choice_sets.items():
            if its.any():
                effects = list(_effects(method, found.take(its), repeated[its]))
                names = {name for row in effects for name in row}
                columns = {name: [row.get(name) for row in effects] for name in names}
                parts.append(_part(len(effects), **shared, **columns, choice_set=choice_set))
    return Table(
        _COLUMNS, {name: np.concatenate([part[name] for part in parts]) for name in _COLUMNS}
    )


def _cases(
    reports: Iterable[Row], scenarios: Iterable[Row]
) -> Iterator[tuple[dict[str, object], Row, bool]]:
    """Each platform, window and method, with a scenario of a report; is the window another one?"""
    scenario_of = {(s["platform_id"], s["scenario_id"]): s for s in scenarios}
    of_reports = []
    for report in sorted(reports, key=itemgetter("sort_order")):
        scenario = scenario_of.get((report["platform_id"], report["scenario_id"]))
        if scenario is not None:
            of_reports.append((scenario, report["window_end"]))
    cases: dict[tuple[object, ...], tuple[dict[str, object], Row, bool]] = {}
    for is_extrapolated in (False, True):
        for scenario, own in of_reports:
            for other, end in of_reports:
                if other["platform_id"] == scenario["platform_id"] and (
                    is_extrapolated or end == own
                ):
                    values = (scenario["platform_id"], end, scenario["method_id"])
                    key = dict(zip(KEY, values, strict=True))
                    cases.setdefault(values, (key, scenario, is_extrapolated))
    yield from cases.values()


def _sample(scenario: Row, scenarios: Iterable[Row]) -> str:
    """The sample of a scenario, or the only one of its platform."""
    if scenario["sample_id"] is not None:
        return str(scenario["sample_id"])
    samples = {s["sample_id"] for s in scenarios if s["platform_id"] == scenario["platform_id"]}
    samples -= {None}
    return str(samples.pop()) if len(samples) == 1 else ""


def _rows(
    method: Method,
    found: Combinations,
    named: Mapping[str, Truths],
    kinds: Mapping[int, str],
    shared: Mapping[str, Any],
) -> Iterator[dict[str, npt.NDArray[Any]]]:
    """A row per combination and component, the total and the leaves."""
    components = [name for name in method.components if not method.children(name)]
    columns = {
        "combination_id": np.arange(1, len(found.options) + 1),
        "choices": array_of(found.texts(), _COLUMNS["choices"]),
        **named,
    }
    for name in dict.fromkeys([method.root, *components]):
        yield _part(
            len(found.options),
            **shared,
            **columns,
            record="combination",
            component_id=name,
            jobs_wan=found.jobs[name],
            weakest_provenance=[kinds[rank] for rank in found.ranks[name].tolist()],
        )


def _part(length: int, **columns: Any) -> dict[str, npt.NDArray[Any]]:
    """Cells of the table by column: values, one for all rows, or left out for null."""
    return {
        name: value
        if isinstance(value := columns.get(name), np.ndarray)
        else array_of(value if isinstance(value, list) else [value] * length, kind)
        for name, kind in _COLUMNS.items()
    }


def _effects(method: Method, found: Combinations, repeated: Truths) -> Iterator[dict[str, object]]:
    """What all choices make of each component, and each decision and option of the total.

    Options that repeat another one count once, and as themselves where it is asked about them.
    """

    def spread(component: str, rows: Truths, **named: object) -> dict[str, object]:
        jobs = found.jobs[component][rows]
        return {
            "record": "effect",
            "component_id": component,
            "decision_id": NONE,
            "option_id": NONE,
            "combinations": len(jobs),
            "low_wan": jobs.min(),
            "median_wan": np.median(jobs),
            "high_wan": jobs.max(),
        } | named

    everything = ~np.any(repeated, axis=1, keepdims=True)[:, 0]
    once = found.take(everything)
    shares = variance_shares(once.options, once.jobs[method.root])
    for component in method.components:
        of_all = {"first_order_share": shares.interaction} if component == method.root else {}
        yield spread(component, everything, **of_all)
    for number, ways in enumerate(found.decisions):
        yield spread(
            method.root,
            everything,
            decision_id=ways[0].decision,
            shapley_share=shares.shapley[number],
            first_order_share=shares.first_order[number],
        )
        for place, way in enumerate(ways):
            rows = found.options[:, number] == place
            rows &= ~np.delete(repeated, number, axis=1).any(axis=1)
            if rows.any():
                yield spread(method.root, rows, decision_id=way.decision, option_id=way.name)
