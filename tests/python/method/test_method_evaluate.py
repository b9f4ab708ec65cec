"""Values and limits of a method against closed forms, brute force and numerical integration."""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from small_methods import INPUTS, STEPS, central, in_floats, read, small_method

from platform_employment.method.evaluate import (
    DRAWS,
    Floats,
    Uncertain,
    quantile,
)
from platform_employment.method.methods import Method
from platform_employment.method.uncertainty import (
    MAX_CROSSED,
    Alternative,
    Definition,
    Limits,
    limits,
)

METHOD = small_method()
# f(10) = 5 + 10 - 5 = 10, so 1000 over it is 100 merchants
VALUES = {
    "gmv": {"-": "1000"},
    "b0": {"-": "5"},
    "b1": {"-": "1"},
    "b2": {"-": "-0.05"},
    "turnover": {"-": "10"},
    "ratio": {"-": "1.5"},
    "creators": {"small": "290", "large": "10"},
    "share": {"small": "0.1", "large": "0.8"},
    "share_factor": {"-": "1"},
    "members": {"small": "1", "large": "5"},
    "members_factor": {"-": "1"},
    "organisations": {"mcn": "10000", "guild": "400"},
    "staff": {"mcn": "20", "guild": "25"},
    "staff_factor": {"-": "1"},
    "persons_per_wan": {"-": "10000"},
    "with_income": {"-": "300"},
    "jobs_per_creator": {"-": "1"},
}
FITTED_VALUES = {n: v for n, v in VALUES.items() if n[0] != "b"} | {"productivity": {"-": "10"}}

GMV = Uncertain(990, 1000, 1010, "uniform", "rounding", "gmv")
B0 = Uncertain(4.5, 5, 5.5, "uniform", "rounding", "b0")
B1 = Uncertain(0.95, 1, 1.05, "uniform", "rounding", "b1")
B2 = Uncertain(-0.055, -0.05, -0.045, "uniform", "rounding", "b2")
MEMBERS = Uncertain(0.7, 1, 1.4, "triangular", "assumption", "members_factor")
SHARE = Uncertain(0.75, 1, 1.5, "triangular", "assumption", "share_factor")
STAFF = Uncertain(0.7, 1, 1.4, "triangular", "assumption", "staff_factor")
FITTED = Uncertain(10 / 1.1, 10, 10 * 1.1, "normal", "sampling", "productivity")
ROUNDED = {"gmv": GMV, "b0": B0, "b1": B1, "b2": B2}
EVERYTHING = ROUNDED | {"members_factor": MEMBERS, "share_factor": SHARE, "staff_factor": STAFF}
SEEDS = range(200)


def decimals(values: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, Decimal]]:
    return {n: {e: Decimal(x) for e, x in value.items()} for n, value in values.items()}


def found(
    uncertain: Mapping[str, Uncertain] | Mapping[tuple[str, str], Uncertain],
    values: Mapping[str, Mapping[str, str]] = VALUES,
    alternatives: Iterable[Alternative] = (),
    definitions: Iterable[Definition] = (),
    method: Method = METHOD,
    **options: Any,
) -> list[Limits]:
    plan = method.plan(values)
    exact, wrong = central(method, plan, decimals(values))
    assert wrong == {}
    return limits(
        method,
        plan,
        {n: {e: float(x) for e, x in exact[n].items()} for n in plan.inputs},
        {(at if isinstance(at, tuple) else (at, "-")): u for at, u in uncertain.items()},
        list(alternatives),
        list(definitions),
        **options,
    )


def ends(rows: Iterable[Limits], wanted: str) -> dict[str, tuple[float, float]]:
    """Low and high of a layer or a method by component, or by input for swings."""
    return {
        row.input_name or row.component: (row.low, row.high)
        for row in rows
        if wanted in (row.layer, row.interval_method)
        if row.low is not None and row.high is not None
    }


def assumed(uncertain: Mapping[str, Uncertain]) -> dict[str, Uncertain]:
    """Rounded inputs as if they were assumed, so that they are drawn."""
    return {
        name: replace(u, kind="assumption") if u.kind == "rounding" else u
        for name, u in uncertain.items()
    }


def monte_carlo(
    uncertain: Mapping[str, Uncertain], **options: Any
) -> dict[str, tuple[float, float]]:
    return ends(found(assumed(uncertain), **options), "monte_carlo")


# central values


def test_central_values_are_worked_out_by_hand() -> None:
    values, wrong = central(METHOD, METHOD.plan(VALUES), decimals(VALUES))
    assert wrong == {}
    assert {name: values[name]["-"] for name in METHOD.components} == {
        "direct": 300,
        "creator_teams": 290 * Decimal("0.1") + 10 * Decimal("0.8") * 5,
        "institutions": 21,
        "merchants": 100,
        "supply_chain": 150,
        "e_commerce": 250,
        "total": 300 + 69 + 21 + 250,
    }


@pytest.mark.parametrize(
    ("gmv", "merchants"),
    [("0.0005", "0.0001"), ("0.00049", "0"), ("0.0015", "0.0002"), ("0.0025", "0.0003")],
)
def test_a_step_is_rounded_half_up(gmv: str, merchants: str) -> None:
    """Half to even, as floats are rounded, would give 0.0000 for 0.00005 and 0.0002 for 0.00025."""
    values, _ = central(METHOD, METHOD.plan(VALUES), decimals(VALUES | {"gmv": {"-": gmv}}))
    assert values["merchants"]["-"] == Decimal(merchants)


@pytest.mark.parametrize(
    ("name", "value", "wrong"),
    [
        ("gmv", "0", {"gmv": "0 must be above 0"}),
        ("b0", "-5", {"productivity": "0 must be above 0"}),
        ("b0", "-6", {"productivity": "-1 must be above 0"}),
        ("ratio", "-0.1", {"ratio": "-0.1 must be at least 0"}),
        ("persons_per_wan", "-1", {"persons_per_wan": "-1 must be above 0"}),
        ("gmv", "1e25", {"gmv": "1.000e+25 has more than 24 digits before the point"}),
        ("gmv", "1e17", {"merchants": "1.000e+16 has more than 14 digits before the point"}),
    ],
)
def test_a_central_value_is_what_it_must_be(name: str, value: str, wrong: dict[str, str]) -> None:
    values, found_wrong = central(
        METHOD, METHOD.plan(VALUES), decimals(VALUES | {name: {"-": value}})
    )
    assert found_wrong == wrong
    assert "total" not in values
    assert "creator_teams" in values


def test_what_cannot_be_rounded_is_a_problem_of_its_step() -> None:
    """f(10) = 0.000000001: with four decimals this takes 37 digits."""
    extreme = VALUES | {"gmv": {"-": "9e23"}, "b0": {"-": "-4.999999999"}}
    _, wrong = central(METHOD, METHOD.plan(extreme), decimals(extreme))
    assert wrong == {"merchants": "9.000e+32 has more than 34 digits with 4 decimals"}


def test_a_share_is_a_share_in_each_element() -> None:
    broken = VALUES | {"share": {"small": "0.1", "large": "1.1"}}
    _, wrong = central(METHOD, METHOD.plan(broken), decimals(broken))
    assert wrong == {"share": "1.1 of large must be from 0 to 1"}


@pytest.mark.parametrize(
    ("name", "value", "wrong"),
    [
        ("gmv", {"small": "1000"}, "is one value and has small"),
        ("share", {"-": "0.1"}, "has a value that is of no tier"),
    ],
)
def test_a_value_has_the_elements_of_its_input(
    name: str, value: dict[str, str], wrong: str
) -> None:
    broken = VALUES | {name: value}
    assert central(METHOD, METHOD.plan(broken), decimals(broken))[1] == {name: wrong}


def test_an_element_that_one_input_lacks_is_named() -> None:
    broken = VALUES | {"members": {"small": "1"}}
    _, wrong = central(METHOD, METHOD.plan(broken), decimals(broken))
    assert wrong == {"creator_teams": "no value for large in one of the operands"}


def test_without_an_input_the_rest_is_worked_out() -> None:
    less = {name: value for name, value in VALUES.items() if name != "ratio"}
    values, wrong = central(METHOD, METHOD.plan(less), decimals(less))
    assert wrong == {}
    assert values["merchants"] == {"-": 100}
    assert {"supply_chain", "e_commerce", "total"}.isdisjoint(values)


# many values at once


def at(uncertain: Mapping[str, Floats]) -> dict[str, Mapping[str, Any]]:
    plan = METHOD.plan(VALUES)
    values = in_floats(METHOD, plan, decimals(VALUES))
    cells = {(n, "-"): np.asarray(x, float) for n, x in uncertain.items()}
    return in_floats(METHOD, plan, values, cells)


def test_many_values_are_each_value_alone() -> None:
    random = np.random.default_rng(3)
    drawn = {name: quantile(u, random.random(50)) for name, u in EVERYTHING.items()}
    together = at(drawn)
    for n in range(50):
        alone = at({name: values[n : n + 1] for name, values in drawn.items()})
        for name in METHOD.components:
            one = float(np.squeeze(alone[name]["-"]))
            assert np.broadcast_to(together[name]["-"], 50)[n] == pytest.approx(one, rel=1e-14)


def test_a_share_stays_a_share() -> None:
    # 0.8 x 1.5 would be more teams than creators
    teams = at({"share_factor": np.array([1, 1.25, 1.5])})["creator_teams"]["-"]
    assert teams == pytest.approx([29 + 40, 36.25 + 50, 43.5 + 50])


@pytest.mark.parametrize("b0", [-5, -6, np.nan])
def test_productivity_that_is_not_positive_gives_no_jobs(b0: float) -> None:
    jobs = at({"b0": np.array([5, b0])})
    for component in ("merchants", "supply_chain", "e_commerce", "total"):
        assert np.isnan(jobs[component]["-"]).tolist() == [False, True]
    assert jobs["creator_teams"]["-"] == 69


def test_infinite_jobs_are_no_jobs() -> None:
    inputs = INPUTS.replace("productivity,positive", "productivity,any")
    steps = STEPS.replace("wan_yuan_per_job,-,positive", "wan_yuan_per_job,-,any")
    method = read(inputs, steps)[0]["small"]
    rows = found({"b0": replace(B0, low=-5, high=-5.0)}, method=method)
    printing = {row.component: row for row in rows if row.layer == "rounding"}
    assert (printing["merchants"].low, printing["merchants"].invalid) == (None, 2)


def test_decimals_are_a_print_but_for_a_step_that_is_there_to_round() -> None:
    """The report multiplies by a ratio of three digits; jobs of four decimals are a print."""
    steps = STEPS.replace("merchants * ratio", "merchants * short_ratio")
    steps += "small,short_ratio,,ratio,1,factor,-,any,false,true\n"
    method = read(steps=steps)[0]["small"]
    assert [s.name for s in method.steps.values() if s.is_rounding] == ["short_ratio"]
    ratio = Uncertain(1.26, 1.45, 1.54, "uniform", "rounding", "ratio")
    values = VALUES | {"ratio": {"-": "1.45"}, "gmv": {"-": "1000.0006"}}
    exact, _ = central(method, method.plan(values), decimals(values))
    assert exact["supply_chain"]["-"] == Decimal("150.0002")  # 100.0001 x 1.5
    band = ends(found({"ratio": ratio}, values, method=method), "rounding")
    assert band["supply_chain"] == pytest.approx((100.00006 * 1.3, 100.00006 * 1.5), rel=1e-14)
    below = found({"ratio": replace(ratio, high=1.4499999)}, values, method=method)
    assert ends(below, "rounding")["supply_chain"] == pytest.approx((130.000078, 140.000084))


# distributions


@pytest.mark.parametrize(
    ("uncertain", "oracle"),
    [
        (GMV, stats.uniform(990, 20)),
        (MEMBERS, stats.triang(c=0.3 / 0.7, loc=0.7, scale=0.7)),
        (replace(MEMBERS, central=0.7), stats.triang(c=0, loc=0.7, scale=0.7)),
        (replace(MEMBERS, central=1.4), stats.triang(c=1, loc=0.7, scale=0.7)),
        (FITTED, stats.lognorm(s=np.log(1.1) / stats.norm.ppf(0.975), scale=10)),
    ],
)
def test_quantiles_are_those_of_scipy(uncertain: Uncertain, oracle: Any) -> None:
    probability = np.linspace(0.001, 0.999, 999)
    assert quantile(uncertain, probability) == pytest.approx(oracle.ppf(probability), rel=1e-12)


def test_normal_input_has_its_limits_as_95_percent_quantiles() -> None:
    both = quantile(FITTED, np.array([0.025, 0.975]))
    assert both == pytest.approx([FITTED.low, FITTED.high], rel=1e-14)


def test_unknown_distribution_is_refused() -> None:
    with pytest.raises(ValueError, match="members_factor: no distribution 'flat'"):
        found({"members_factor": replace(MEMBERS, distribution="flat")})


# Monte Carlo


def closed_form(distribution: Any) -> Any:
    """Its limits: a quantile of stratified draws is sure to one stratum."""
    outer, inner = np.array([-1, 1]) / DRAWS, np.array([1, -1]) / DRAWS
    exact = np.array([0.025, 0.975])
    bounds = distribution.ppf([exact + outer, exact + inner])
    return pytest.approx(bounds.mean(axis=0), abs=np.abs(np.diff(bounds, axis=0)).max())


def test_uniform_gmv_gives_uniform_jobs() -> None:
    both = monte_carlo({"gmv": GMV})
    assert both["merchants"] == closed_form(stats.uniform(99, 2))
    assert both["total"] == closed_form(stats.uniform(390 + 2.5 * 99, 5))


def test_triangular_factor_gives_triangular_jobs() -> None:
    teams = stats.triang(c=0.3 / 0.7, loc=0.7 * 69, scale=0.7 * 69)
    assert monte_carlo({"members_factor": MEMBERS})["creator_teams"] == closed_form(teams)


def test_sampling_error_alone_is_the_delta_interval() -> None:
    both = monte_carlo({"productivity": FITTED}, values=FITTED_VALUES)
    assert both["merchants"] == pytest.approx([100 / 1.1, 100 * 1.1], rel=1e-3)


def test_a_component_has_limits_where_an_input_below_it_varies() -> None:
    rows = [row for row in found(EVERYTHING) if row.layer != "swing"]
    factors, rounded = ("members_factor", "share_factor"), ("b0", "b1", "b2", "gmv")
    assert {(row.layer, row.component): row.varied for row in rows} == {
        ("rounding", "total"): rounded,
        ("rounding", "e_commerce"): rounded,
        ("rounding", "merchants"): rounded,
        ("rounding", "supply_chain"): rounded,
        ("assumptions", "total"): (*factors, "staff_factor"),
        ("assumptions", "creator_teams"): factors,
        ("assumptions", "institutions"): ("staff_factor",),
    }
    assert all(row.low is not None and row.high is not None and row.low < row.high for row in rows)
    held = {(row.layer, row.component): row.held for row in rows}
    assert held["rounding", "merchants"] == ("turnover",)
    assert held["assumptions", "institutions"] == ("organisations", "persons_per_wan", "staff")
    assert found({}) == []


def test_inputs_below_a_given_step_are_not_drawn() -> None:
    uncertain = {"b0": B0, "gmv": GMV, "productivity": FITTED}
    rows = found(uncertain, FITTED_VALUES)
    assert {name for row in rows for name in row.varied} == {"gmv", "productivity"}


MIDPOINTS = (np.arange(4_000) + 0.5) / 4_000


def quotient_of_uniforms(jobs: Floats) -> Floats:
    """P(GMV / f <= jobs) for uniform GMV and b0, integrated over b0."""
    curve = 4.5 + MIDPOINTS + 10 - 5
    below = np.clip((jobs[..., np.newaxis] * curve - 990) / 20, 0, 1)
    return np.asarray(below.mean(axis=-1), dtype=np.float64)


def sum_of_triangulars(jobs: Floats) -> Floats:
    """P(571 + 69 a - 21 + 21 b <= jobs) for the two factors, integrated over b."""
    factor = stats.triang(c=0.3 / 0.7, loc=0.7, scale=0.7)
    below = factor.cdf((jobs[..., np.newaxis] - 550 - 21 * factor.ppf(MIDPOINTS)) / 69)
    return np.asarray(below.mean(axis=-1), dtype=np.float64)


@pytest.mark.parametrize(
    ("inputs", "component", "probability"),
    [
        ({"gmv": GMV, "b0": B0}, "merchants", quotient_of_uniforms),
        ({"members_factor": MEMBERS, "staff_factor": STAFF}, "total", sum_of_triangulars),
    ],
)
def test_limits_lie_where_they_should_whatever_the_seed(
    inputs: dict[str, Uncertain], component: str, probability: Callable[[Floats], Floats]
) -> None:
    """The true probability below each limit, over many seeds, next to the one of plain sampling.

    The limits of n independent draws would miss by sqrt(p (1 - p) / n), that is 0.0016. Stratified
    draws may not do worse, and all seeds together must not lean to one side.
    """
    both = np.array([monte_carlo(inputs, seed=seed)[component] for seed in SEEDS])
    below = probability(both)
    plain = np.sqrt(0.025 * 0.975 / DRAWS)
    assert np.sqrt(((below - [0.025, 0.975]) ** 2).mean(axis=0)).max() < plain
    assert np.abs(below.mean(axis=0) - [0.025, 0.975]).max() < 3 * plain / np.sqrt(len(SEEDS))
    # no seed gives an interval that holds much more or less than 95 %
    assert np.abs(np.diff(below).ravel() - 0.95).max() < 4 * plain * np.sqrt(2)


def test_draws_are_repeated_and_do_not_depend_on_order() -> None:
    both = monte_carlo(EVERYTHING)
    assert monte_carlo(EVERYTHING) == both
    assert monte_carlo(dict(reversed(EVERYTHING.items()))) == both
    assert monte_carlo(EVERYTHING, seed=1)["total"] != both["total"]
    # an input more elsewhere changes nothing here
    assert monte_carlo(ROUNDED)["merchants"] == both["merchants"]
    assert DRAWS >= 10_000


def test_a_stream_is_that_of_its_text() -> None:
    """PCG64 seeded by 20220201 and crc32 of the text: another recipe moves every limit."""
    random = np.random.default_rng([20220201, zlib.crc32(b"gmv_yi_yuan")])
    uniforms = (random.permutation(DRAWS) + random.random(DRAWS)) / DRAWS
    expected = np.quantile((990 + 20 * uniforms) / 10, [0.025, 0.975])
    both = monte_carlo({"gmv": replace(GMV, stream="gmv_yi_yuan")})
    assert both["merchants"] == pytest.approx(expected, rel=1e-14)
    assert both["merchants"] != monte_carlo({"gmv": GMV})["merchants"]


def test_values_of_one_stream_move_together() -> None:
    """GMV over GMV of the same row does not vary, whatever GMV is."""
    same = {"gmv": GMV, "with_income": replace(GMV, low=297, central=300, high=303)}
    apart = {**same, "with_income": replace(same["with_income"], stream="other")}
    together, alone = (np.diff(monte_carlo(u)["total"]).item() for u in (same, apart))
    # 2.5 x 100 x 1 % and 300 x 1 %, added or as independent of one another
    assert together == pytest.approx(0.95 * (5 + 6), rel=1e-3)
    assert alone < 0.9 * together


def test_limits_of_another_seed_differ_by_little() -> None:
    # docs/explanation/uncertainty.md
    both = np.array([monte_carlo(EVERYTHING, seed=seed)["total"] for seed in SEEDS])
    assert both.std(axis=0).max() < 0.01 * np.diff(both.mean(axis=0)).item()


def test_one_draw_without_jobs_leaves_no_limits() -> None:
    # f is b0 + 5, which one or two of the 10,000 strata put below zero
    b0 = replace(B0, low=-5.0015)
    drawn = found(assumed({"b0": b0}) | {"members_factor": MEMBERS})
    rows = [*found({"b0": b0}), *drawn]
    invalid = {(r.component, r.layer): r.invalid for r in rows if r.invalid and not r.input_name}
    components = {"merchants", "supply_chain", "e_commerce", "total"}
    assert {c for c, layer in invalid if layer == "assumptions"} == components
    assert {c for c, layer in invalid if layer == "rounding"} == components
    assert invalid["total", "assumptions"] in (1, 2)
    assert invalid["total", "rounding"] == 1
    assert all((row.low is None) is (row.invalid > 0) for row in rows)
    assert {r.input_name for r in rows if r.layer == "swing" and r.invalid} == {"b0"}


# bands, alternatives, swings


def test_rounding_band_is_the_extreme_of_all_corners() -> None:
    band = ends(found(EVERYTHING), "rounding")
    corners = [
        gmv / (b0 + 10 * b1 + 100 * b2)
        for gmv, b0, b1, b2 in itertools.product(*((u.low, u.high) for u in ROUNDED.values()))
    ]
    assert band["merchants"] == pytest.approx((min(corners), max(corners)), rel=1e-14)
    # assumptions are held
    assert set(band) == {"merchants", "supply_chain", "e_commerce", "total"}


BAND = ends(found(ROUNDED), "rounding")


@given(st.lists(st.floats(0, 1), min_size=4, max_size=4))
@settings(max_examples=200, deadline=None)
def test_nothing_inside_the_box_lies_outside_the_band(where: list[float]) -> None:
    inside = {
        name: np.array([u.low + (u.high - u.low) * t])
        for (name, u), t in zip(ROUNDED.items(), where, strict=True)
    }
    jobs = at(inside)
    for name, (low, high) in BAND.items():
        assert low * (1 - 1e-14) <= jobs[name]["-"].item() <= high * (1 + 1e-14)


def test_a_box_with_many_rounded_inputs_has_the_same_band() -> None:
    """Above MAX_CROSSED inputs the two corners are found one input at a time."""
    elements = [f"type_{n}" for n in range(MAX_CROSSED + 4)]
    values = VALUES | {
        "organisations": {e: str(1000 + n) for n, e in enumerate(elements)},
        "staff": dict.fromkeys(elements, "20"),
    }
    rounded = {
        ("organisations", e): Uncertain(999.5 + n, 1000 + n, 1000.5 + n, "uniform", "rounding", e)
        for n, e in enumerate(elements)
    }
    uncertain = rounded | {(name, "-"): u for name, u in ROUNDED.items()}
    band = ends(found(uncertain, values), "rounding")
    organisations = sum(1000 + n for n in range(len(elements)))
    half = 0.5 * len(elements)
    assert band["institutions"] == pytest.approx(
        [(organisations - half) * 20 / 10_000, (organisations + half) * 20 / 10_000]
    )
    assert band["merchants"] == pytest.approx(BAND["merchants"])
    moved = [at_end - 640 for at_end in BAND["total"]]
    others = 390 - 21 + 250 + organisations * 20 / 10_000
    assert band["total"] == pytest.approx(
        [others + moved[0] - half * 20 / 10_000, others + moved[1] + half * 20 / 10_000]
    )


def test_alternatives_move_a_given_step_alone() -> None:
    others = [
        Alternative("productivity", "delta_method", 8.0, 12.5),
        Alternative("productivity", "bootstrap", 8.0, 10.0),
        Alternative("b0", "delta_method", 1.0, 2.0),
    ]
    rows = found({"gmv": GMV}, FITTED_VALUES, others)
    assert ends(rows, "delta_method") == {
        "merchants": (80, 125),
        "supply_chain": (120, 187.5),
        "e_commerce": (200, 312.5),
        "total": (590, 702.5),
    }
    assert ends(rows, "bootstrap")["merchants"] == (100, 125)
    assert {r.varied for r in rows if r.interval_method == "bootstrap"} == {("productivity",)}
    # where the curve gives productivity there is nothing to replace
    assert ends(found({"gmv": GMV}, VALUES, others[:2]), "delta_method") == {}


def test_swings_move_one_input_at_a_time() -> None:
    swings = ends(found(EVERYTHING), "swing")
    assert set(swings) == set(EVERYTHING)
    assert swings["gmv"] == pytest.approx((637.5, 642.5))
    assert swings["members_factor"] == pytest.approx((640 - 0.3 * 69, 640 + 0.4 * 69))
    # not sorted: fewer jobs at the higher productivity
    fitted = ends(found({"productivity": FITTED}, FITTED_VALUES), "swing")
    assert fitted["productivity"] == pytest.approx((390 + 250 * 1.1, 390 + 250 / 1.1))


def test_elements_of_one_input_swing_together() -> None:
    uncertain = {
        ("members", "small"): Uncertain(0.5, 1, 1.5, "uniform", "assumption", "a"),
        ("members", "large"): Uncertain(4, 5, 6, "uniform", "assumption", "b"),
    }
    swings = ends(found(uncertain), "swing")
    assert swings == {"members": (640 - 0.5 * 29 - 8, 640 + 0.5 * 29 + 8)}


def test_inputs_of_one_row_swing_together() -> None:
    """Two names for one number: where one is, the other is too."""
    same = {"gmv": GMV, "with_income": replace(GMV, low=297, central=300, high=303)}
    assert ends(found(same), "swing") == {
        "gmv": pytest.approx((640 - 2.5 - 3, 640 + 2.5 + 3)),
        "with_income": pytest.approx((640 - 2.5 - 3, 640 + 2.5 + 3)),
    }


@given(st.floats(1.01, 1.2), st.floats(1.01, 1.2))
@settings(deadline=None, max_examples=30)
def test_a_wider_range_swings_further(narrow: float, more: float) -> None:
    for name, u in EVERYTHING.items():
        widths = []
        for factor in (narrow, narrow * more):
            both = sorted([u.central / factor, u.central * factor])
            [row] = [
                row
                for row in found({name: replace(u, low=both[0], high=both[1])}, draws=10)
                if row.layer == "swing"
            ]
            assert row.low is not None
            assert row.high is not None
            widths.append(abs(row.high - row.low))
        assert 0 < widths[0] < widths[1]


def test_swings_are_of_the_total_alone() -> None:
    rows = [row for row in found(EVERYTHING) if row.layer == "swing"]
    assert {row.component for row in rows} == {"total"}
