"""Frames of the warehouse made into combinations of choices, and results made into frames."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from platform_employment.errors import UserError
from platform_employment.method.choices import (
    Decisions,
    chosen,
    of_platform,
    read_choices,
)
from platform_employment.method.combinations import (
    Combinations,
    Offer,
    Truths,
    combine,
    twins,
    variance_shares,
    without_idle,
)
from platform_employment.method.frames import cell_text, records
from platform_employment.method.methods import Method
from platform_employment.pairs import pairs

SYNTHETIC = "synthetic"
# roles of inputs that are not taken in the order of the topics
CONTROL_TOTAL, SCALE, EXTRAPOLATION = "control_total", "scale", "extrapolation"
NONE = "-"  # the decision or option of a row about all of them
KEY = ["platform_id", "window_end", "method_id"]
_COLUMNS = {
    "platform_id": "str",
    "window_end": "str",
    "method_id": "str",
    "record": "str",
    "combination_id": "Int64",
    "component_id": "str",
    "jobs_wan": "float64",
    "choices": "str",
    "is_report": "boolean",
    "is_extrapolated": "boolean",
    "is_defensible": "boolean",
    "is_repeated": "boolean",
    "has_synthetic_input": "boolean",
    "weakest_provenance": "str",
    "choice_set": "str",
    "decision_id": "str",
    "option_id": "str",
    "combinations": "Int64",
    "low_wan": "float64",
    "median_wan": "float64",
    "high_wan": "float64",
    "shapley_share": "float64",
    "first_order_share": "float64",
}


def decisions_of(choices: pd.DataFrame, methods: Mapping[str, Method]) -> dict[str, Decisions]:
    """The decisions of the methods.

    Raises:
        UserError: a row is wrong; the text has all that is wrong, a line each.
    """
    rows = [
        {"file": row.get("seed_file", ""), "line": row.get("seed_line", number)}
        | {str(column): cell_text(cell) for column, cell in row.items()}
        for number, row in enumerate(choices.to_dict("records"), start=2)
    ]
    found, findings = read_choices(rows, methods)
    if findings:
        raise UserError("\n".join(map(str, findings)))
    return dict(found)


def estimate_choices(
    offered: Sequence[pd.DataFrame],
    reports: pd.DataFrame,
    scenarios: pd.DataFrame,
    methods: Mapping[str, Method],
    decisions: Mapping[str, Decisions],
    provenance_kinds: pd.DataFrame,
) -> pd.DataFrame:
    """Work out all valid combinations of choices in the windows of reports.

    Args:
        offered: what the topics of the chain offer, `int_chain__dated_inputs` and the like, the
            one that counts first first; reports: `dim_reports`; scenarios: `dim_scenarios`;
            methods: by method_id; decisions: by method_id; provenance_kinds: `provenance` and
            `provenance_rank`, the weakest last.

    Returns:
        Rows of two kinds, by `record`: `combination`, one per platform, window, method, valid
        combination and component (leaves and the total); `effect`, of a decision (`shapley_share`),
        of an option (the jobs with it) or of all (`-`), over all valid combinations and over those
        that can be defended and rest on nothing synthetic (`choice_set`).

    A method is tried in the window of each report of its platform. In one that no report on it is
    about it is extrapolated, with the options that can be defended and those of the report.
    """
    ranks = dict(
        zip(provenance_kinds["provenance"], provenance_kinds["provenance_rank"], strict=True)
    )
    kinds = {rank: kind for kind, rank in ranks.items()}
    frames: list[pd.DataFrame] = []
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
        offers = list(_offers(offered, method, key, scenario, ranks))
        fixed = {"sample_id": _sample(scenario, scenarios)}
        found = combine(method, ways, offers, fixed, ranks)
        if not len(found.options):
            continue
        found = without_idle(found, method.root, taken)
        shared: dict[str, Any] = key | {"is_extrapolated": is_extrapolated}
        is_synthetic: Truths = found.ranks[method.root] == ranks.get(SYNTHETIC, -1)
        options = {o for options in ways.values() for o in options.values()}
        is_defensible = found.taking([o for o in options if o.is_defensible])
        repeated = twins(found)
        named: dict[str, Truths] = {
            "is_report": found.taking(taken),
            "is_defensible": is_defensible,
            "is_repeated": np.any(repeated, axis=1, keepdims=True)[:, 0],
            "has_synthetic_input": is_synthetic,
        }
        frames.append(_rows(method, found, named, kinds, shared))
        sets = {"valid": np.ones_like(is_synthetic), "defensible": is_defensible & ~is_synthetic}
        for name, rows in sets.items():
            if rows.any():
                effects = list(_effects(method, found.take(rows), repeated[rows]))
                frames.append(pd.DataFrame(effects).assign(**shared, choice_set=name))
    types: dict[str, Any] = _COLUMNS | {"window_end": reports["window_end"].dtype}
    empty = pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in types.items()})
    return pd.concat([empty, *frames])[list(types)].astype(types)


def _cases(
    reports: pd.DataFrame, scenarios: pd.DataFrame
) -> Iterator[tuple[dict[str, object], Mapping[Any, Any], bool]]:
    """Each platform, window and method, with a scenario of a report; is the window another one?"""
    scenario_of = {(s["platform_id"], s["scenario_id"]): s for s in scenarios.to_dict("records")}
    of_reports = []
    for report in reports.sort_values("sort_order").to_dict("records"):
        scenario = scenario_of.get((report["platform_id"], report["scenario_id"]))
        if scenario is not None:
            of_reports.append((scenario, report["window_end"]))
    cases: dict[tuple[object, ...], tuple[dict[str, object], Mapping[Any, Any], bool]] = {}
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


def _sample(scenario: Mapping[Any, Any], scenarios: pd.DataFrame) -> str:
    """The sample of a scenario, or the only one of its platform."""
    if not pd.isna(scenario["sample_id"]):
        return str(scenario["sample_id"])
    of_platform_id = scenarios[scenarios["platform_id"] == scenario["platform_id"]]
    samples = of_platform_id["sample_id"].dropna().unique()
    return str(samples[0]) if len(samples) == 1 else ""


def _offers(
    offered: Sequence[pd.DataFrame],
    method: Method,
    key: Mapping[str, object],
    scenario: Mapping[Any, Any],
    ranks: Mapping[str, int],
) -> Iterator[Offer]:
    """What is offered in a window, as int_chain__inputs would take it.

    A value of another window is frozen, an assumption. A control total goes before the scale that
    it makes, where it is not let go; what a curve says of its own window before an extrapolation.
    """
    place = {
        "platform_id": key["platform_id"],
        "window_end": key["window_end"],
        "scenario_id": scenario["scenario_id"],
    }
    for precedence, frame in enumerate(offered):
        is_here = frame["central"].notna()
        for column, value in place.items():
            is_here &= frame[column].isna() | (frame[column] == value)
        for row in records(frame[is_here]):
            provenance = row["provenance"]
            if not row["is_of_window"] and provenance != SYNTHETIC:
                provenance = "assumed"
            settings = pairs(row["settings"]) if isinstance(row.get("settings"), str) else {}
            known = method.inputs.get(row["input_name"])
            role = known.role if known else ""
            if role == CONTROL_TOTAL:
                settings |= {CONTROL_TOTAL: "given"}
            order = {SCALE: len(offered) + precedence, EXTRAPOLATION: -precedence}
            yield Offer(
                row["input_name"],
                row["element_id"],
                None if pd.isna(row["low"]) else float(row["low"]),
                float(row["central"]),
                None if pd.isna(row["high"]) else float(row["high"]),
                ranks[provenance],
                order.get(role, precedence),
                settings,
                SCALE if role == CONTROL_TOTAL else role if role == SCALE else "",
            )


def _rows(
    method: Method,
    found: Combinations,
    named: Mapping[str, Truths],
    kinds: Mapping[int, str],
    shared: Mapping[str, Any],
) -> pd.DataFrame:
    """A row per combination and component, the total and the leaves."""
    components = [name for name in method.components if not method.children(name)]
    of_combination = pd.DataFrame(
        {
            "combination_id": np.arange(1, len(found.options) + 1),
            "choices": found.texts(),
            **named,
        }
    )
    of_components = [
        of_combination.assign(
            component_id=name,
            jobs_wan=found.jobs[name],
            weakest_provenance=[kinds[int(rank)] for rank in found.ranks[name]],
        )
        for name in dict.fromkeys([method.root, *components])
    ]
    return pd.concat(of_components).assign(**shared, record="combination")


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
