"""Open ends, values with two ends and no centre, and corners that hold every point of their box."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_methods import UNITS, in_floats, rows, small_method

from platform_employment.method.evaluate import Uncertain
from platform_employment.method.methods import Method, read_methods
from platform_employment.method.tables import estimate_limits, estimate_steps
from platform_employment.method.uncertainty import Limits, limits

# people of two kinds are scaled to a total; what is created less what is replaced
INPUTS = """\
input_name,unit,element_set,role,value_constraint,is_carried
total_jobs,wan_jobs,-,control_total,positive,false
one_kind,wan_jobs,-,jobs,not_negative,false
other_kind,wan_jobs,-,jobs,not_negative,false
created,wan_jobs,-,jobs,not_negative,false
replaced,wan_jobs,-,jobs,any,false
"""
STEPS = """\
method_id,step_id,component_id,formula,decimals,unit,element_set,role,value_constraint,can_be_overridden
m,scale,,total_jobs / (one_kind + other_kind),,factor,-,scale,positive,true
m,ones,ones,one_kind * scale,,wan_jobs,-,jobs,not_negative,false
m,others,others,other_kind * scale,,wan_jobs,-,jobs,not_negative,false
m,net,net,created - replaced,,wan_jobs,-,jobs,any,false
"""
COMPONENTS = """\
method_id,component_id,parent_component_id,sort_order,layer,unit_counted
m,all,,1,,jobs
m,ones,all,2,direct,jobs
m,others,all,3,direct,jobs
m,net,all,4,direct,jobs
"""
VALUES = {
    "total_jobs": 540.0,
    "one_kind": 400.0,
    "other_kind": 140.0,
    "created": 10.0,
    "replaced": 2.0,
}


def method() -> Method:
    methods, findings = read_methods(rows(INPUTS), rows(STEPS), rows(COMPONENTS), rows(UNITS))
    assert not findings, findings
    return methods["m"]


def found(*uncertain: Uncertain, **values: float) -> dict[tuple[str, str], Limits]:
    """Limits by component and layer; values: those that are other than VALUES."""
    its = method()
    known = {name: {"-": x} for name, x in (VALUES | values).items()}
    cells = {(u.stream, "-"): u for u in uncertain}
    return {
        (row.component, row.layer): row
        for row in limits(its, its.plan(known), known, cells)
        if row.input_name is None
    }


def ends(row: Limits) -> tuple[float | None, float | None]:
    return row.low, row.high


def over(name: str) -> Uncertain:
    return Uncertain(VALUES[name], VALUES[name], math.inf, "uniform", "open", name)


def test_a_component_has_the_limit_that_a_far_point_leads_to() -> None:
    """Of 540, the first kind takes all in the end and the other none; their sum stays."""
    rows_of = found(over("one_kind"))
    assert ends(rows_of["ones", "undisclosed"]) == pytest.approx((400, 540), rel=1e-9)
    assert rows_of["others", "undisclosed"].low == pytest.approx(0, abs=1e-9)
    assert rows_of["others", "undisclosed"].high == pytest.approx(140)
    assert rows_of["ones", "undisclosed"].is_bounded
    assert ("net", "undisclosed") not in rows_of


def test_without_a_total_it_is_open() -> None:
    rows_of = found(over("one_kind"), scale=1.0)
    assert ends(rows_of["ones", "undisclosed"]) == (400, None)
    assert not rows_of["ones", "undisclosed"].is_bounded
    assert ends(rows_of["all", "undisclosed"]) == (548, None)


def test_an_upper_bound_is_open_below() -> None:
    up_to = Uncertain(-math.inf, 2, 2, "uniform", "open", "replaced")
    rows_of = found(up_to)
    assert ends(rows_of["net", "undisclosed"]) == (8, None)
    # and what falls with it is open below
    raised = found(replace(over("replaced"), low=2, central=2))
    assert ends(raised["net", "undisclosed"]) == (None, 8)


BETWEEN = Uncertain(1, math.nan, 3, "", "open", "replaced")


def test_a_value_with_two_ends_has_limits_from_its_ends_alone() -> None:
    rows_of = found(BETWEEN, replaced=math.nan)
    assert ends(rows_of["net", "undisclosed"]) == (7, 9)
    assert ends(rows_of["all", "undisclosed"]) == (547, 549)
    assert ("ones", "undisclosed") not in rows_of


def test_in_other_layers_it_is_varied_too() -> None:
    """What has no centre cannot be held; other components are as without it."""
    created = Uncertain(9.5, 10, 10.5, "uniform", "rounding", "created")
    total = Uncertain(539.5, 540, 540.5, "uniform", "rounding", "total_jobs")
    rows_of = found(BETWEEN, created, total, replaced=math.nan)
    assert ends(rows_of["net", "rounding"]) == (6.5, 9.5)
    assert rows_of["net", "rounding"].varied == ("created", "replaced")
    assert ends(rows_of["ones", "rounding"]) == pytest.approx((539.5 * 40 / 54, 540.5 * 40 / 54))
    assert rows_of["ones", "rounding"].varied == ("total_jobs",)


def test_a_drawn_layer_takes_the_corners_where_a_value_has_no_centre() -> None:
    assumed = Uncertain(8, 10, 12, "triangular", "assumption", "created")
    rows_of = found(BETWEEN, assumed, replaced=math.nan)
    assert ends(rows_of["net", "assumptions"]) == (5, 11)
    assert rows_of["net", "assumptions"].interval_method == "corners"


def test_steps_of_it_have_no_value_and_lack_nothing() -> None:
    row = {
        "platform_id": "a",
        "window_end": "2021-12-31",
        "scenario_id": "s",
        "method_id": "m",
        "element_id": "-",
        "is_of_window": True,
        "is_carried_forward": False,
        "period_end": "2021-12-31",
        "provenance": "assumed",
        **dict.fromkeys(
            ("low", "high", "source_id", "seed", "seed_line", "distribution", "interval_method")
        ),
    }
    inputs = [
        row | {"input_name": name, "central": x, "stream": name, "uncertainty_kind": None}
        for name, x in VALUES.items()
        if name != "replaced"
    ]
    ends_of = {"low": 1.0, "central": None, "high": 3.0, "uncertainty_kind": "open"}
    inputs.append(row | ends_of | {"input_name": "replaced", "stream": "replaced"})
    kinds = [{"provenance": "assumed", "provenance_rank": 4}]
    table = estimate_steps(inputs, {"m": method()}, kinds)
    cells = zip(*(table.columns[n] for n in ("step_id", "value", "missing_inputs")), strict=True)
    values = {name: (value, missing) for name, value, missing in cells}
    assert values["replaced"] == values["net"] == values["all"] == (None, None)
    assert values["ones"] == ("400", None)
    limits_of = estimate_limits(inputs, [], {"m": method()})
    assert {"net", "all"} == set(limits_of.columns["component_id"])


@given(data=st.data())
@settings(max_examples=30, deadline=None)
def test_no_point_of_a_box_passes_its_corners(data: st.DataObject) -> None:
    """Random points inside, against the limits of the layer of rounding."""
    its = small_method()
    widths = {
        name: data.draw(st.floats(0.001, 0.05), label=name)
        for name in ("gmv", "b0", "b1", "b2", "ratio", "with_income", "staff_factor")
    }
    values = {
        "gmv": {"-": 1000.0},
        "b0": {"-": 5.0},
        "b1": {"-": 1.0},
        "b2": {"-": -0.05},
        "turnover": {"-": 10.0},
        "ratio": {"-": 1.5},
        "creators": {"small": 290.0, "large": 10.0},
        "share": {"small": 0.1, "large": 0.8},
        "share_factor": {"-": 1.0},
        "members": {"small": 1.0, "large": 5.0},
        "members_factor": {"-": 1.0},
        "organisations": {"mcn": 10000.0, "guild": 400.0},
        "staff": {"mcn": 20.0, "guild": 25.0},
        "staff_factor": {"-": 1.0},
        "persons_per_wan": {"-": 10000.0},
        "with_income": {"-": 300.0},
        "jobs_per_creator": {"-": 1.0},
    }
    cells = {}
    for name, width in widths.items():
        center = values[name]["-"]
        low, high = sorted((center * (1 - width), center * (1 + width)))
        cells[name, "-"] = Uncertain(low, center, high, "uniform", "rounding", name)
    plan = its.plan(values)
    box = {r.component: r for r in limits(its, plan, values, cells) if r.layer == "rounding"}
    random = np.random.default_rng(data.draw(st.integers(0, 999)))
    points = {at: u.low + (u.high - u.low) * random.random(500) for at, u in cells.items()}
    jobs = in_floats(its, plan, values, points)
    for name, row in box.items():
        inside = np.broadcast_to(jobs[name]["-"], 500)
        assert row.low is not None
        assert row.high is not None
        tolerance = 1e-12 * abs(row.high)  # of the arithmetic
        assert inside.min() >= row.low - tolerance, name
        assert inside.max() <= row.high + tolerance, name
