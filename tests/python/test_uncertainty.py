"""Intervals and sensitivity against closed forms, brute force and numerical integration."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from platform_employment.uncertainty import (
    DRAWS,
    PRODUCTIVITY,
    Chain,
    Floats,
    UncertainInput,
    estimate_intervals,
    estimate_sensitivity,
    evaluate,
    monte_carlo,
    rounding_band,
    swings,
)

# f(10) = 5 + 10 - 5 = 10, so 1000 over it is 100 merchants
CHAIN = Chain(
    values={
        "gmv_yi_yuan": 1000,
        "intercept": 5,
        "turnover": 1,
        "turnover_squared": -0.05,
        "mean_turnover_wan_yuan": 10,
        "supply_chain_ratio": 1.5,
        "creators_wan": 300,
        "team_share_factor": 1,
        "team_members_factor": 1,
        "organisations_factor": 1,
        "average_staff_factor": 1,
    },
    tiers=np.array([[290.0, 0.1, 1.0], [10.0, 0.8, 5.0]]),
    institutions=np.array([[10_000.0, 20.0], [400.0, 25.0]]),
    component_leaves={
        "total": ("creator_teams", "direct", "institutions", "merchants", "supply_chain"),
        "e_commerce_ecosystem": ("merchants", "supply_chain"),
        "merchants": ("merchants",),
        "supply_chain": ("supply_chain",),
        "creator_teams": ("creator_teams",),
        "institutions": ("institutions",),
        "direct": ("direct",),
    },
)
GMV = UncertainInput("gmv_yi_yuan", 990, 1000, 1010, "uniform", "rounding")
INTERCEPT = UncertainInput("intercept", 4.5, 5, 5.5, "uniform", "rounding")
TURNOVER = UncertainInput("turnover", 0.95, 1, 1.05, "uniform", "rounding")
SQUARED = UncertainInput("turnover_squared", -0.055, -0.05, -0.045, "uniform", "rounding")
MEMBERS = UncertainInput("team_members_factor", 0.7, 1, 1.4, "triangular", "assumption")
SHARE = UncertainInput("team_share_factor", 0.75, 1, 1.5, "triangular", "assumption")
STAFF = UncertainInput("average_staff_factor", 0.7, 1, 1.4, "triangular", "assumption")
FITTED = UncertainInput(PRODUCTIVITY, 10 / 1.1, 10, 10 * 1.1, "normal", "sampling")
ROUNDED = [GMV, INTERCEPT, TURNOVER, SQUARED]
EVERYTHING = [*ROUNDED, MEMBERS, SHARE, STAFF]
SEEDS = range(200)


# the replay


def test_replay_at_central_values_is_worked_out_by_hand() -> None:
    jobs = {name: value.item() for name, value in evaluate(CHAIN, {}).items()}
    assert jobs == pytest.approx(
        {
            "direct": 300,
            "creator_teams": 290 * 0.1 * 1 + 10 * 0.8 * 5,
            "institutions": 21,
            "merchants": 100,
            "supply_chain": 150,
            "e_commerce_ecosystem": 250,
            "total": 300 + 69 + 21 + 250,
        }
    )


def test_replay_of_many_values_is_the_replay_of_each() -> None:
    random = np.random.default_rng(3)
    drawn = {i.name: i.quantile(random.random(50)) for i in EVERYTHING}
    together = evaluate(CHAIN, drawn)
    for n in range(50):
        alone = evaluate(CHAIN, {name: values[n] for name, values in drawn.items()})
        for name, jobs in together.items():
            assert jobs.shape == (50,)
            assert jobs[n] == pytest.approx(alone[name].item(), rel=1e-14)


def test_a_share_stays_a_share() -> None:
    # 0.8 x 1.5 would be more teams than creators
    teams = evaluate(CHAIN, {"team_share_factor": [1, 1.25, 1.5]})["creator_teams"]
    assert teams == pytest.approx([29 + 40, 36.25 + 50, 43.5 + 50])


def test_fitted_productivity_takes_the_place_of_the_curve() -> None:
    assert evaluate(CHAIN, {PRODUCTIVITY: [10, 20]})["merchants"] == pytest.approx([100, 50])


@pytest.mark.parametrize("intercept", [-5, -6, np.nan])
def test_productivity_that_is_not_positive_gives_no_jobs(intercept: float) -> None:
    jobs = evaluate(CHAIN, {"intercept": [5, intercept]})
    for component in ("merchants", "supply_chain", "total"):
        assert np.isnan(jobs[component]).tolist() == [False, True]
    assert jobs["creator_teams"] == pytest.approx([69, 69])


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
def test_quantiles_are_those_of_scipy(uncertain: UncertainInput, oracle: Any) -> None:
    probability = np.linspace(0.001, 0.999, 999)
    assert uncertain.quantile(probability) == pytest.approx(oracle.ppf(probability), rel=1e-12)


def test_normal_input_has_its_limits_as_95_percent_quantiles() -> None:
    limits = FITTED.quantile(np.array([0.025, 0.975]))
    assert limits == pytest.approx([FITTED.low, FITTED.high], rel=1e-14)


def test_unknown_distribution_is_refused() -> None:
    with pytest.raises(ValueError, match="gmv_yi_yuan: no distribution 'flat'"):
        monte_carlo(CHAIN, [replace(GMV, distribution="flat")])


# Monte Carlo


def closed_form(distribution: Any) -> Any:
    """Its limits: a quantile of stratified draws is sure to one stratum."""
    outer, inner = np.array([-1, 1]) / DRAWS, np.array([1, -1]) / DRAWS
    exact = np.array([0.025, 0.975])
    bounds = distribution.ppf([exact + outer, exact + inner])
    return pytest.approx(bounds.mean(axis=0), abs=np.abs(np.diff(bounds, axis=0)).max())


def test_uniform_gmv_gives_uniform_jobs() -> None:
    limits = monte_carlo(CHAIN, [GMV])
    assert limits["merchants"] == closed_form(stats.uniform(99, 2))
    assert limits["total"] == closed_form(stats.uniform(390 + 2.5 * 99, 5))


def test_triangular_factor_gives_triangular_jobs() -> None:
    limits = monte_carlo(CHAIN, [MEMBERS])
    teams = stats.triang(c=0.3 / 0.7, loc=0.7 * 69, scale=0.7 * 69)
    assert limits["creator_teams"] == closed_form(teams)


def test_sampling_error_alone_is_the_delta_interval() -> None:
    limits = monte_carlo(CHAIN, [FITTED])
    assert limits["merchants"] == pytest.approx([100 / 1.1, 100 * 1.1], rel=1e-3)


def test_component_without_an_uncertain_input_does_not_move() -> None:
    limits = monte_carlo(CHAIN, EVERYTHING)
    assert limits["direct"] == (300, 300)
    assert limits["merchants"][0] < 100 < limits["merchants"][1]
    assert all(low == high for low, high in monte_carlo(CHAIN, []).values())


MIDPOINTS = (np.arange(4_000) + 0.5) / 4_000


def quotient_of_uniforms(jobs: Floats) -> Floats:
    """P(GMV / f <= jobs) for uniform GMV and intercept, integrated over the intercept."""
    curve = 4.5 + MIDPOINTS + 10 - 5
    below = np.clip((jobs[..., np.newaxis] * curve - 990) / 20, 0, 1)
    return np.asarray(below.mean(axis=-1), dtype=np.float64)


def sum_of_triangulars(jobs: Floats) -> Floats:
    """P(69 a + 21 b <= jobs) for the two factors, integrated over b."""
    factor = stats.triang(c=0.3 / 0.7, loc=0.7, scale=0.7)
    below = factor.cdf((jobs[..., np.newaxis] - 21 * factor.ppf(MIDPOINTS)) / 69)
    return np.asarray(below.mean(axis=-1), dtype=np.float64)


@pytest.mark.parametrize(
    ("inputs", "component", "probability"),
    [
        ([GMV, INTERCEPT], "merchants", quotient_of_uniforms),
        ([MEMBERS, STAFF], "content", sum_of_triangulars),
    ],
)
def test_limits_lie_where_they_should_whatever_the_seed(
    inputs: list[UncertainInput], component: str, probability: Callable[[Floats], Floats]
) -> None:
    """The true probability below each limit, over many seeds, beside that of plain sampling.

    The limits of n independent draws would miss by sqrt(p (1 - p) / n), that is 0.0016. Stratified
    draws may not do worse, and all seeds together must not lean to one side.
    """
    leaves = {"content": ("creator_teams", "institutions"), **CHAIN.component_leaves}
    chain = replace(CHAIN, component_leaves=leaves)
    limits = np.array([monte_carlo(chain, inputs, seed=seed)[component] for seed in SEEDS])
    below = probability(limits)
    plain = np.sqrt(0.025 * 0.975 / DRAWS)
    assert np.sqrt(((below - [0.025, 0.975]) ** 2).mean(axis=0)).max() < plain
    assert np.abs(below.mean(axis=0) - [0.025, 0.975]).max() < 3 * plain / np.sqrt(len(SEEDS))
    # no seed gives an interval that holds much more or less than 95 %
    assert np.abs(np.diff(below).ravel() - 0.95).max() < 4 * plain * np.sqrt(2)


def test_draws_are_repeated_and_do_not_depend_on_order() -> None:
    limits = monte_carlo(CHAIN, EVERYTHING)
    assert monte_carlo(CHAIN, EVERYTHING) == limits
    assert monte_carlo(CHAIN, EVERYTHING[::-1]) == limits
    assert monte_carlo(CHAIN, EVERYTHING, seed=1)["total"] != limits["total"]
    # an input more elsewhere changes nothing here
    assert monte_carlo(CHAIN, ROUNDED)["merchants"] == limits["merchants"]
    assert DRAWS >= 10_000


def test_limits_of_another_seed_differ_by_little() -> None:
    # docs/estimation.md says how little
    limits = np.array([monte_carlo(CHAIN, EVERYTHING, seed=seed)["total"] for seed in SEEDS])
    assert limits.std(axis=0).max() < 0.01 * np.diff(limits.mean(axis=0)).item()


# bands and swings


def test_rounding_band_is_the_extreme_of_all_corners() -> None:
    band = rounding_band(CHAIN, EVERYTHING)
    corners = [
        gmv / (intercept + 10 * turnover + 100 * squared)
        for gmv, intercept, turnover, squared in itertools.product(
            *((i.low, i.high) for i in ROUNDED)
        )
    ]
    assert band["merchants"] == pytest.approx((min(corners), max(corners)), rel=1e-14)
    # assumptions are held
    assert band["creator_teams"] == (69, 69)


@given(st.lists(st.floats(0, 1), min_size=4, max_size=4))
@settings(max_examples=200)
def test_nothing_inside_the_box_lies_outside_the_band(where: list[float]) -> None:
    inside = {i.name: i.low + (i.high - i.low) * t for i, t in zip(ROUNDED, where, strict=True)}
    jobs = evaluate(CHAIN, inside)
    for name, (low, high) in rounding_band(CHAIN, ROUNDED).items():
        assert low * (1 - 1e-14) <= jobs[name].item() <= high * (1 + 1e-14)


def test_band_without_rounded_inputs_is_the_estimate() -> None:
    assert rounding_band(CHAIN, [MEMBERS])["total"] == pytest.approx((640, 640))


def test_swings_move_one_input_at_a_time() -> None:
    found = swings(CHAIN, [*EVERYTHING, FITTED])
    assert found["gmv_yi_yuan"] == pytest.approx((637.5, 642.5))
    assert found["team_members_factor"] == pytest.approx((640 - 0.3 * 69, 640 + 0.4 * 69))
    assert found[PRODUCTIVITY] == pytest.approx((390 + 250 * 1.1, 390 + 250 / 1.1))


@given(st.floats(1.01, 1.2), st.floats(1.01, 1.2))
def test_a_wider_range_swings_further(narrow: float, more: float) -> None:
    for uncertain in [*EVERYTHING, FITTED]:
        widths = []
        for factor in (narrow, narrow * more):
            low, high = uncertain.central / factor, uncertain.central * factor
            wider = replace(uncertain, low=min(low, high), high=max(low, high))
            totals = swings(CHAIN, [wider])[uncertain.name]
            widths.append(abs(totals[1] - totals[0]))
        assert 0 < widths[0] < widths[1]


# frames


def frames(inputs: list[UncertainInput]) -> dict[str, pd.DataFrame]:
    key = {"platform_id": "a", "window_end": pd.Timestamp(2021, 9, 30), "scenario_id": "report"}
    start = date(2019, 1, 1)
    leaves = CHAIN.component_leaves
    rows = [
        {
            **key,
            "input_name": i.name,
            "low": i.low,
            "central": i.central,
            "high": i.high,
            "distribution": i.distribution,
            "uncertainty_kind": i.kind,
        }
        for i in inputs
    ]
    return {
        "chains": pd.DataFrame(
            [
                {
                    **key,
                    **CHAIN.values,
                    "creator_tiers_period_start": start,
                    "institutions_period_start": start,
                }
            ]
        ),
        "inputs": pd.DataFrame(rows, columns=list(rows[0])),
        "tiers": pd.DataFrame(
            [("a", start, *tier) for tier in CHAIN.tiers]
            + [("b", start, 9, 1, 9), ("a", date(2018, 1, 1), 9, 1, 9)],
            columns=["platform_id", "period_start", "creators_wan", "team_share", "team_members"],
        ),
        "institutions": pd.DataFrame(
            [("a", start, *institution) for institution in CHAIN.institutions]
            + [("b", start, 9, 9)],
            columns=["platform_id", "period_start", "organisations", "average_staff"],
        ),
        "component_leaves": pd.DataFrame(
            [(component, leaf) for component, parts in leaves.items() for leaf in parts],
            columns=["component_id", "leaf_component_id"],
        ),
    }


def test_frames_give_what_the_chain_gives() -> None:
    tables = frames(EVERYTHING)
    found = estimate_intervals(**tables).set_index(["interval_method", "component_id"]).sort_index()
    limits = found[["conf_low", "conf_high"]]
    for method, expected in (
        ("monte_carlo", monte_carlo(CHAIN, EVERYTHING)),
        ("rounding", rounding_band(CHAIN, EVERYTHING)),
    ):
        rows = limits.xs(method, level="interval_method")
        assert rows.to_numpy() == pytest.approx(np.array([expected[name] for name in rows.index]))
        assert set(rows.index) == set(CHAIN.component_leaves)
    total = found.xs("total", level="component_id")["jobs_wan"]
    assert total.to_numpy() == pytest.approx([640, 640])
    totals = estimate_sensitivity(**tables).set_index("input_name")
    ends = totals[["total_at_low_wan", "total_at_high_wan"]]
    expected = swings(CHAIN, EVERYTHING)
    assert ends.to_numpy() == pytest.approx(np.array([expected[name] for name in ends.index]))
    assert set(ends.index) == {i.name for i in EVERYTHING}


@pytest.mark.parametrize("function", [estimate_intervals, estimate_sensitivity])
def test_columns_have_a_type_without_a_row(function: Callable[..., pd.DataFrame]) -> None:
    """DuckDB would give columns of unknown type the type NULL, which no model can read."""
    tables = frames(EVERYTHING)
    tables["chains"] = tables["chains"][:0].astype({"window_end": "datetime64[us]"})
    found = function(**tables)
    types = duckdb.from_df(found).types
    numbers = [name for name in found if str(name).endswith(("_wan", "conf_low", "conf_high"))]
    assert found.empty
    assert types[:3] == ["VARCHAR", "TIMESTAMP", "VARCHAR"]
    assert types[3:] == ["VARCHAR"] * (len(types) - 3 - len(numbers)) + ["DOUBLE"] * len(numbers)


@pytest.mark.parametrize("function", [estimate_intervals, estimate_sensitivity])
def test_rows_in_another_order_give_the_same(function: Callable[..., pd.DataFrame]) -> None:
    tables = frames(EVERYTHING)
    random = np.random.default_rng(5)
    # enough cells for a sum to depend on their order
    for name in ("tiers", "institutions"):
        cells = tables[name].sample(500, replace=True, random_state=6)
        columns = tables[name].columns[2:]
        cells = cells.assign(platform_id="a", period_start=date(2019, 1, 1))
        cells[columns] = random.random((500, len(columns)))
        tables[name] = cells
    shuffled = {name: table.sample(frac=1, random_state=7) for name, table in tables.items()}
    names = ["component_id", "interval_method", "input_name"]
    found, other = function(**tables), function(**shuffled)
    by = [name for name in names if name in found]
    pd.testing.assert_frame_equal(
        found.sort_values(by, ignore_index=True),
        other.sort_values(by, ignore_index=True),
        check_exact=True,
    )


def test_one_draw_without_jobs_leaves_no_interval() -> None:
    # f is intercept + 5, which one or two of the 10,000 strata put below zero
    tables = frames([replace(INTERCEPT, low=-5.0015, high=5), MEMBERS])
    found = estimate_intervals(**tables)
    on_productivity = {"merchants", "supply_chain", "e_commerce_ecosystem", "total"}
    for name in ("conf_low", "conf_high"):
        lacking = found[found[name].isna()]
        assert set(lacking["component_id"]) == on_productivity
        assert lacking["interval_method"].value_counts().to_dict() == {
            "monte_carlo": 4,
            "rounding": 4,
        }
    swing = estimate_sensitivity(**tables)
    assert swing.loc[swing["total_at_low_wan"].isna(), "input_name"].tolist() == ["intercept"]
