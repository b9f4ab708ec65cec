"""Rows of inputs turned into tables of steps and limits."""

from __future__ import annotations

import itertools
import random
import time
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest
from small_methods import COMPONENTS, INPUTS, STEPS, UNITS, rows, small_method
from test_method_evaluate import EVERYTHING, FITTED, FITTED_VALUES, GMV, VALUES, found

from platform_employment.errors import UserError
from platform_employment.method.evaluate import Uncertain
from platform_employment.method.tables import (
    Table,
    estimate_limits,
    estimate_steps,
    method_steps,
    methods_of,
)

METHODS_OF_TESTS = {"small": small_method()}
_RANKS = {"synthetic": 5, "disclosed": 1, "published": 2, "derived": 3, "assumed": 4}
KINDS = [{"provenance": kind, "provenance_rank": rank} for kind, rank in _RANKS.items()]
REPORT = {
    "platform_id": "a",
    "window_end": date(2021, 9, 30),
    "scenario_id": "report",
    "method_id": "small",
}

Rows = list[dict[str, Any]]


def chain(
    values: Mapping[str, Mapping[str, str]] = VALUES,
    uncertain: Mapping[str, Uncertain] | None = None,
    **changed: Any,
) -> Rows:
    """Rows of int_chain__inputs; a column may be changed for a name by name=dict(column=value)."""
    cells = []
    for name, elements in values.items():
        for element, value in elements.items():
            row: dict[str, Any] = {
                **REPORT,
                "input_name": name,
                "element_id": element,
                "low": None,
                "central": float(value),
                "high": None,
                "distribution": None,
                "uncertainty_kind": None,
                "stream": None,
                "is_of_window": name == "gmv",
                "is_carried_forward": False,
                "period_end": date(2021, 12, 31),
                "provenance": "disclosed",
                "source_id": "book",
                "seed": "platform/values.csv",
                "seed_line": 7,
                "reference": "a page",
                "interval_method": None,
            }
            u = (uncertain or {}).get(name)
            if u:
                row |= {"low": u.low, "high": u.high, "distribution": u.distribution}
                row |= {"uncertainty_kind": u.kind, "stream": u.stream}
            row |= {k: v for k, v in changed.items() if k in row}
            row |= changed.get(name, {})
            cells.append(row)
    return cells


def frame_of(table: Table) -> pd.DataFrame:
    with duckdb.connect() as connection:
        frame: pd.DataFrame = table.relation(connection).df()
    if "window_end" in frame:
        frame["window_end"] = frame["window_end"].dt.date
    return frame


def steps_of(*chains: Rows) -> pd.DataFrame:
    rows = itertools.chain.from_iterable(chains)
    return frame_of(estimate_steps(rows, METHODS_OF_TESTS, KINDS))


def limits_of(*chains: Rows) -> pd.DataFrame:
    rows = list(itertools.chain.from_iterable(chains))
    return frame_of(estimate_limits(rows, [], METHODS_OF_TESTS))


def one(steps: pd.DataFrame, step: str, element: str = "-") -> dict[str, Any]:
    [row] = steps[(steps["step_id"] == step) & (steps["element_id"] == element)].to_dict("records")
    return {str(k): None if v is None or v is pd.NA or v != v else v for k, v in row.items()}  # noqa: PLR0124


def test_a_step_has_its_formula_with_the_numbers_put_in() -> None:
    steps = steps_of(chain())
    assert one(steps, "creator_teams") == {
        **REPORT,
        "step_id": "creator_teams",
        "element_id": "-",
        "is_input": False,
        "component_id": "creator_teams",
        "value": "69",
        "unit": "wan_jobs",
        "formula": "sum(teams * members) * members_factor",
        "operands": "teams members members_factor",
        "calculation": "(8 * 5 + 29 * 1) * 1",
        "rests_on": "creators, members, members_factor, share, share_factor",
        "input_provenance": "disclosed",
        "weakest_provenance": "disclosed",
        "missing_inputs": None,
        "is_overridden": False,
        "is_extrapolated": True,
        "carried_since": None,
        "source_id": None,
        "seed": None,
        "seed_line": None,
    }
    assert one(steps, "teams", "large")["calculation"] == "10 * min(1, 0.8 * 1)"
    assert one(steps, "total")["value"] == "640"


def test_what_rests_on_another_window_is_extrapolated() -> None:
    """The curve is of this window and the tiers are not."""
    names = ("b0", "b1", "b2", "turnover", "ratio")
    curve: dict[str, Any] = {name: {"is_of_window": True} for name in names}
    steps = steps_of(chain(**curve))
    extrapolated = {
        name for name in METHODS_OF_TESTS["small"].components if one(steps, name)["is_extrapolated"]
    }
    assert extrapolated == {"total", "direct", "creator_teams", "institutions"}
    assert not one(steps, "gmv")["is_extrapolated"]
    assert one(steps, "share", "small")["is_extrapolated"]


def test_a_part_states_since_when_its_inputs_are_carried() -> None:
    """The earliest period among the inputs that it depends on; other parts state nothing."""
    income = {"is_carried_forward": True, "period_end": date(2020, 12, 31)}
    share = {"is_carried_forward": True, "period_end": date(2019, 12, 31)}
    steps = steps_of(chain(with_income=income, share=share))
    since = {
        name: str(one(steps, name)["carried_since"])[:10]
        for name in METHODS_OF_TESTS["small"].components
    }
    assert since["total"] == since["creator_teams"] == "2019-12-31"
    assert since["direct"] == "2020-12-31"
    assert since["merchants"] == since["institutions"] == "None"
    assert str(one(steps, "with_income")["carried_since"])[:10] == "2020-12-31"


def test_an_input_has_its_source_and_line() -> None:
    row = one(steps_of(chain()), "share", "small")
    assert (row["is_input"], row["value"], row["unit"]) == (True, "0.1", "factor")
    assert (row["source_id"], row["seed"], row["seed_line"]) == ("book", "platform/values.csv", 7)
    assert (row["rests_on"], row["formula"], row["component_id"]) == ("share", None, None)


def test_an_element_has_its_own_provenance_and_a_step_that_of_the_weakest() -> None:
    cells = chain()
    for cell in cells:
        if (cell["input_name"], cell["element_id"]) == ("share", "small"):
            cell["provenance"] = "assumed"
    steps = steps_of(cells)
    kinds = {name: one(steps, "share", name)["weakest_provenance"] for name in ("large", "small")}
    assert kinds == {"large": "disclosed", "small": "assumed"}
    assert one(steps, "teams", "large")["weakest_provenance"] == "assumed"


def test_a_given_step_is_one_row_with_its_source() -> None:
    steps = steps_of(chain(FITTED_VALUES, productivity={"provenance": "synthetic"}))
    row = one(steps, "productivity")
    assert (row["is_overridden"], row["is_input"], row["value"]) == (True, False, "10")
    assert (row["formula"], row["calculation"]) == (None, None)
    assert (row["source_id"], row["rests_on"]) == ("book", "productivity")
    assert one(steps, "merchants")["rests_on"] == "gmv, productivity"
    assert "b0" not in set(steps["step_id"])


def test_provenance_is_that_of_what_a_step_rests_on_by_rank() -> None:
    steps = steps_of(
        chain(
            gmv={"provenance": "synthetic"},
            b0={"provenance": "published"},
            share={"provenance": "assumed"},
        )
    )
    kinds = {
        step: (one(steps, step)["input_provenance"], one(steps, step)["weakest_provenance"])
        for step in ("productivity", "merchants", "creator_teams", "direct", "total")
    }
    assert kinds == {
        "productivity": ("disclosed, published", "published"),
        "merchants": ("disclosed, published, synthetic", "synthetic"),
        "creator_teams": ("disclosed, assumed", "assumed"),
        "direct": ("disclosed", "disclosed"),
        "total": ("disclosed, published, assumed, synthetic", "synthetic"),
    }


@pytest.mark.parametrize("how", ["no row", "no value"])
def test_a_missing_input_is_named_where_it_is_needed(how: str) -> None:
    if how == "no row":
        less = chain(
            {name: value for name, value in VALUES.items() if name not in ("ratio", "staff")}
        )
    else:
        less = chain(ratio={"central": None}, staff={"central": None})
    steps = steps_of(less)
    missing = {
        step: (one(steps, step)["value"], one(steps, step)["missing_inputs"])
        for step in ("merchants", "supply_chain", "institutions", "e_commerce", "total")
    }
    assert missing == {
        "merchants": ("100", None),
        "supply_chain": (None, "ratio"),
        "institutions": (None, "staff"),
        "e_commerce": (None, "ratio"),
        "total": (None, "ratio, staff"),
    }
    limits = limits_of(less)
    assert limits.empty


def test_a_chain_needs_an_input_of_its_window() -> None:
    other = chain(scenario_id="other", gmv={"is_of_window": False})
    assert set(steps_of(chain(), other)["scenario_id"]) == {"report"}
    # an input that a given step cuts off is not used
    cut = chain(
        FITTED_VALUES | {"b0": {"-": "5"}}, gmv={"is_of_window": False}, b0={"is_of_window": True}
    )
    assert steps_of(cut).empty
    assert limits_of(cut).empty


def test_a_broken_value_names_platform_window_scenario_and_step() -> None:
    broken = chain(b0={"central": -5.0}), chain(scenario_id="other", share={"central": 1.5})
    with pytest.raises(UserError) as error:
        steps_of(chain(scenario_id="good"), *broken)
    assert str(error.value).splitlines() == [
        "platform/values.csv line 7: "
        "a 2021-09-30 other: small.share: 1.5 of large must be from 0 to 1",
        "a 2021-09-30 report: small.productivity: 0 must be above 0",
    ]


def test_many_broken_values_are_counted() -> None:
    broken = [chain(scenario_id=f"s{n:02}", gmv={"central": -1.0}) for n in range(25)]
    with pytest.raises(UserError) as error:
        steps_of(*broken)
    lines = str(error.value).splitlines()
    assert len(lines) == 21
    assert lines[-1] == "… and 5 more"


def test_limits_are_those_of_the_chain() -> None:
    limits = limits_of(chain(uncertain=EVERYTHING))
    expected = found(EVERYTHING)
    assert limits.drop(columns=list(REPORT)).to_dict("records") == [
        {
            "component_id": row.component,
            "layer": row.layer,
            "interval_method": row.interval_method,
            "input_name": row.input_name if row.input_name else pytest.approx(np.nan, nan_ok=True),
            "low": row.low,
            "central": pytest.approx(np.nan, nan_ok=True),
            "high": row.high,
            "varied_inputs": ", ".join(row.varied),
            "held_inputs": ", ".join(row.held),
            "is_bounded": True,
            "invalid_draws": 0,
        }
        for row in expected
    ]


def test_draws_without_jobs_leave_null_limits_and_their_number() -> None:
    low = {"b0": Uncertain(-5.0015, 5, 5.5, "uniform", "assumption", "b0")}
    limits = limits_of(chain(uncertain=low))
    broken = limits[limits["interval_method"] == "monte_carlo"]
    assert len(broken) == 4
    assert broken["low"].isna().all()
    assert broken["invalid_draws"].isin([1, 2]).all()


def test_an_input_whose_limits_meet_is_held() -> None:
    held = {"gmv": Uncertain(1000, 1000, 1000, "uniform", "rounding", "gmv")}
    assert limits_of(chain(uncertain=held)).empty


def test_intervals_of_a_fit_are_those_of_their_chain() -> None:
    """A mean next to a published curve does not have one."""
    given = {"productivity": FITTED, "gmv": GMV}
    fitted = {"interval_method": "delta_method", "low": 8.0, "high": 12.5}
    chains = [
        chain(FITTED_VALUES, given, scenario_id=name, productivity=fitted | changed)
        for name, changed in (
            ("report", {}),
            ("mean", {"interval_method": None}),
        )
    ]
    limits = limits_of(*chains)
    limits = limits[limits["component_id"] == "total"].set_index("interval_method")
    assert list(limits.loc[["delta_method"], "scenario_id"]) == ["report"]
    totals = limits[limits["scenario_id"] == "report"]
    assert tuple(totals.loc["delta_method", ["low", "high"]]) == (590, 702.5)
    assert totals.loc["delta_method", "varied_inputs"] == "productivity"


def test_rows_in_another_order_give_the_same() -> None:
    inputs = chain(uncertain=EVERYTHING) + chain(scenario_id="other", uncertain=EVERYTHING)
    shuffled = random.Random(7).sample(inputs, len(inputs))
    assert shuffled != inputs
    for made in (steps_of, limits_of):
        pd.testing.assert_frame_equal(made(inputs), made(shuffled), check_exact=True)


def test_columns_have_a_type_without_a_row() -> None:
    """DuckDB would give columns of unknown type the type NULL, which no model can read."""
    none: Rows = []
    steps = estimate_steps(none, METHODS_OF_TESTS, KINDS).relation(duckdb.connect())
    types = dict(zip(steps.columns, map(str, steps.types), strict=True))
    assert types["window_end"] == "DATE"
    assert types["value"] == types["calculation"] == "VARCHAR"
    assert (types["is_input"], types["seed_line"]) == ("BOOLEAN", "BIGINT")
    limits = estimate_limits(none, [], METHODS_OF_TESTS).relation(duckdb.connect())
    types = dict(zip(limits.columns, map(str, limits.types), strict=True))
    assert (types["low"], types["input_name"], types["invalid_draws"]) == (
        "DOUBLE",
        "VARCHAR",
        "BIGINT",
    )


# methods


def test_methods_are_read_from_text_and_from_typed_dims_alike() -> None:
    tables = [rows(text) for text in (INPUTS, STEPS, COMPONENTS, UNITS)]
    methods = methods_of(*tables)
    assert methods["small"] == METHODS_OF_TESTS["small"]
    kinds: dict[str, Callable[[Any], Any]] = {
        "decimals": int,
        "sort_order": int,
        "scale": Decimal,
        "is_carried": "true".__eq__,
        "can_be_overridden": "true".__eq__,
    }
    typed = [
        [
            {k: kinds.get(k, str)(v) if v != "" else None for k, v in row.items() if k != "line"}
            | {"seed_line": line}
            for line, row in enumerate(table, start=2)
        ]
        for table in tables
    ]
    turned = [table[::-1] for table in typed]
    assert methods_of(*turned)["small"].steps["total"] == methods["small"].steps["total"]
    assert methods_of(*turned)["small"].inputs["gmv"] == methods["small"].inputs["gmv"]


def test_wrong_methods_stop_with_every_finding() -> None:
    wrong = STEPS.replace("gmv / productivity", "gmv / x").replace("merchants * ratio", "ratio")
    tables = [rows(text) for text in (INPUTS, wrong, COMPONENTS, UNITS)]
    with pytest.raises(UserError) as error:
        methods_of(*tables)
    assert str(error.value).splitlines() == [
        "method/steps.csv line 2: small.productivity: used by no step and no component",
        "method/steps.csv line 3: small.merchants: no name 'x'",
        "method/steps.csv line 4: small.supply_chain: gives 1, jobs is declared",
    ]


def test_where_a_formula_is_found() -> None:
    table = frame_of(method_steps(METHODS_OF_TESTS)).set_index("step_id")
    assert table.loc["merchants", "formula"] == "gmv / productivity"
    assert tuple(table.loc["merchants", ["seed", "seed_line"]]) == ("method/steps.csv", 3)
    assert tuple(table.loc["total", ["seed", "seed_line"]]) == ("method/components.csv", 2)
    assert table["evaluation_order"].is_unique


def test_many_chains_are_fast_because_they_share_their_draws() -> None:
    """More chains than ship take about 1 s: the bound is there for a quadratic step."""
    chains = [
        chain(uncertain=EVERYTHING, scenario_id=f"s{n}", gmv={"central": 1000.0 + n})
        for n in range(200)
    ]
    started = time.process_time()
    steps, limits = steps_of(*chains), limits_of(*chains)
    assert time.process_time() - started < 4
    assert (len(steps), len(limits)) == (200 * 32, 200 * 14)
