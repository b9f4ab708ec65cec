"""Layers of uncertainty against brute force: formulas and draws written out here in numpy."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from small_methods import in_floats
from test_method_evaluate import GMV, VALUES, ends, found
from test_shipped_methods import METHODS

from platform_employment.method.evaluate import Cell, Uncertain
from platform_employment.method.uncertainty import Definition, Limits, limits

Floats = npt.NDArray[np.float64]
SEEDS = Path(__file__).parents[3] / "seeds"
OVER = Uncertain(290, 300, float("inf"), "uniform", "open", "with_income")


def rows(name: str) -> list[dict[str, str]]:
    with (SEEDS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# the report, by hand: (low, central, high) of what it prints and of what is assumed
PRINTED = {
    "gmv": (6168 - 1.0, 6168.0, 6168 + 1.0),
    "b0": (7.8225, 7.823, 7.8235),
    "b1": (0.0585, 0.059, 0.0595),
    "b2": (-0.00000245, -0.0000024, -0.00000235),
    "jobs": (372.85, 372.9, 372.95),
    "content": (539.5, 540.0, 540.5),
}
FACTORS = {
    row["input_name"]: (float(row["low"]), float(row["central"]), float(row["high"]))
    for row in rows("platform/input_values.csv")
    if row["uncertainty_kind"] == "assumption"
}
TIERS = np.array(
    [
        [float(row[c]) for c in ("creators_wan", "team_share", "team_members")]
        for row in rows("platform/creator_tiers.csv")
    ]
)
INSTITUTIONS = np.array(
    [
        [float(row[c]) for c in ("organisations", "average_staff")]
        for row in rows("platform/institutions.csv")
    ]
)
RATIO = 1.475


def triangular(random: np.random.Generator, ends: tuple[float, float, float], n: int) -> Floats:
    return random.triangular(*ends, size=n)


def content(factors: Mapping[str, Floats]) -> Floats:
    """Teams and institutions added up from the bottom, 万."""
    creators, share, members = TIERS.T[:, :, np.newaxis]
    teams = creators * np.minimum(1, share * factors["team_share_factor"])
    jobs = (teams * members * factors["team_members_factor"]).sum(axis=0)
    organisations, staff = INSTITUTIONS.T[:, :, np.newaxis]
    counted = organisations * factors["organisations_factor"]
    people = counted * staff * factors["average_staff_factor"]
    return np.asarray(jobs + people.sum(axis=0) / 10_000)


def merchants(gmv: float, gmv_then: float, b: tuple[float, ...], jobs: float, s: float) -> float:
    """Merchant jobs, the implied mean turnover solved by bisection."""

    def curve(x: float) -> float:
        return b[0] + b[1] * x + b[2] * x * x

    low, high = 0.0, -b[1] / (2 * b[2])  # it rises up to its peak
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if curve(middle) < gmv_then / jobs else (low, middle)
    return gmv / curve(low * (gmv / gmv_then) ** s)


def shipped(
    window_gmv: tuple[float, float, float] | None = None,
) -> tuple[dict[str, dict[str, float]], dict[Cell, Uncertain]]:
    """Inputs of the method in the window of the report, or of another GMV."""
    values: dict[str, dict[str, float]] = {
        "gmv": {"-": (window_gmv or PRINTED["gmv"])[1]},
        "gmv_of_report": {"-": 6168},
        "merchant_jobs_of_report": {"-": 372.9},
        "turnover_growth_share": {"-": 0},
        "intermediate_use": {"-": 1475},
        "final_use": {"-": 1000},
        "creators_with_income": {"-": 2000},
        "jobs_per_creator": {"-": 1},
        "persons_per_wan": {"-": 10000},
        "content_jobs_of_report": {"-": 540},
        **{name: {"-": PRINTED[name][1]} for name in ("b0", "b1", "b2")},
        **{name: {"-": 1.0} for name in FACTORS},
    }
    for name, column in zip(("tier_creators", "team_share", "team_members"), TIERS.T, strict=True):
        values[name] = {str(n): float(x) for n, x in enumerate(column)}
    for name, column in zip(("organisations", "average_staff"), INSTITUTIONS.T, strict=True):
        values[name] = {str(n): float(x) for n, x in enumerate(column)}

    def rounded(name: str, stream: str | None = None) -> Uncertain:
        return Uncertain(*PRINTED[name], "uniform", "rounding", stream or name)

    uncertain: dict[Cell, Uncertain] = {(n, "-"): rounded(n) for n in ("b0", "b1", "b2")}
    uncertain["gmv_of_report", "-"] = rounded("gmv", "gmv then")
    uncertain["gmv", "-"] = rounded("gmv", "gmv then")
    if window_gmv:
        uncertain["gmv", "-"] = Uncertain(*window_gmv, "uniform", "rounding", "gmv now")
        share = Uncertain(-0.5, 0, 1, "uniform", "open", "share")
        uncertain["turnover_growth_share", "-"] = share
    uncertain["merchant_jobs_of_report", "-"] = rounded("jobs")
    uncertain["content_jobs_of_report", "-"] = rounded("content")
    uncertain |= {
        (name, "-"): Uncertain(*FACTORS[name], "triangular", "assumption", name) for name in FACTORS
    }
    uncertain["creators_with_income", "-"] = Uncertain(
        2000, 2000, float("inf"), "uniform", "open", "creators"
    )
    return values, uncertain


def layers(window_gmv: tuple[float, float, float] | None = None) -> list[Limits]:
    method = METHODS["ruc_2022"]
    values, uncertain = shipped(window_gmv)
    return limits(method, method.plan(values), values, uncertain)


REPORT = {(row.layer, row.component): row for row in layers() if row.layer != "swing"}


def test_only_the_printing_of_372_9_and_of_540_is_left_in_the_window_of_the_report() -> None:
    """Exact: the coefficients cancel, as GMV over f(m) is what m was solved from."""
    jobs = np.array([Fraction(37285, 100), Fraction(37295, 100)])
    e_commerce = jobs * Fraction(2475, 1000)
    total = 2540 + np.array([Fraction(-1, 2), Fraction(1, 2)]) + e_commerce
    expected = {"merchants": jobs, "e_commerce_ecosystem": e_commerce, "total": total}
    for component, (low, high) in expected.items():
        row = REPORT["rounding", component]
        assert (row.low, row.high) == pytest.approx((float(low), float(high)), rel=1e-12)
    assert REPORT["rounding", "merchants"].varied == ("merchant_jobs_of_report",)
    assert {"b0", "b1", "b2", "gmv"} < set(REPORT["rounding", "merchants"].held)
    assert round(REPORT["rounding", "total"].low or 0, 1) == 3462.3
    assert round(REPORT["rounding", "total"].high or 0, 1) == 3463.6


def test_in_another_window_the_band_is_that_of_all_corners() -> None:
    """Two GMVs that are rounded apart, and coefficients that cancel at s = 0 still."""
    now = (13895.5, 13896.0, 13896.5)
    band = ends(layers(now), "rounding")["merchants"]
    corners = [
        merchants(gmv, then, (b0, b1, b2), jobs, 0)
        for gmv, then, b0, b1, b2, jobs in itertools.product(
            *(
                sorted({ends[0], ends[2]})
                for ends in (now, *(PRINTED[n] for n in list(PRINTED)[:5]))
            )
        )
    ]
    assert band == pytest.approx((min(corners), max(corners)), rel=1e-9)


def test_growth_of_the_mean_turnover_is_left_open_outside_the_window_of_the_report() -> None:
    """s from -0.5 to 1: fewer jobs the more of the growth belongs to a merchant."""
    now = (13895.5, 13896.0, 13896.5)
    its = {row.component: row for row in layers(now) if row.layer == "undisclosed"}
    b = tuple(PRINTED[name][1] for name in ("b0", "b1", "b2"))
    at_ends = [merchants(13896, 6168, b, 372.9, s) for s in (1, -0.5)]
    assert (its["merchants"].low, its["merchants"].high) == pytest.approx(at_ends, rel=1e-9)
    assert its["merchants"].varied == ("turnover_growth_share",)
    assert its["total"].varied == ("creators_with_income", "turnover_growth_share")
    # without an effect in the window of the report
    assert REPORT["undisclosed", "total"].varied == ("creators_with_income",)


@pytest.mark.parametrize(("s", "gmv", "published"), [(0.75, 13896, 1447), (0.55, 11843.7, 1447)])
def test_shares_calibrated_to_the_2024_report(s: float, gmv: float, published: float) -> None:
    """Solved by bisection here; the scenarios have them to two digits."""
    b = tuple(PRINTED[name][1] for name in ("b0", "b1", "b2"))
    low, high = -0.5, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        is_more = merchants(gmv, 6168, b, 372.9, middle) * (1 + RATIO) > published
        low, high = (middle, high) if is_more else (low, middle)
    assert round(low, 2) == s
    overlays = {row["options"]: row for row in rows("method/overlays.csv")}
    overlay = overlays[f"growth=on_gmv_of_{2024 if gmv == 13896 else 2023}"]
    assert (overlay["input_name"], float(overlay["central"])) == ("turnover_growth_share", s)


DRAWN = 200_000


@pytest.mark.parametrize("component", ["content_ecosystem", "total"])
def test_assumptions_are_quantiles_of_brute_force(component: str) -> None:
    """Within three standard errors of both: 10,000 stratified draws and 200,000 plain ones."""
    random = np.random.default_rng(7)
    factors = {name: triangular(random, ends, DRAWN) for name, ends in FACTORS.items()}
    jobs = content(factors) + (0 if component == "content_ecosystem" else 2000 + 372.9 * 2.475)
    row = REPORT["assumptions", component]
    for end, p in ((row.low, 0.025), (row.high, 0.975)):
        assert end is not None
        below = (jobs < end).mean()
        error = np.sqrt(p * (1 - p) * (1 / DRAWN + 1 / 10_000))
        assert abs(below - p) < 3 * error
    # as if 540 were not given: with it, the content would not move
    assert jobs.std() > 50
    assert ("rounding", "content_ecosystem") in REPORT


def test_a_control_total_is_let_go_in_the_layer_of_assumptions_alone() -> None:
    method = METHODS["ruc_2022"]
    values, _ = shipped()
    plan = method.plan(values)
    doubled = {("team_members_factor", "-"): np.array([1.0, 2.0])}
    moved = in_floats(method, plan, in_floats(method, plan, values), doubled)
    assert np.broadcast_to(moved["content_ecosystem"]["-"], 2) == pytest.approx([540, 540])
    assert np.ptp(np.broadcast_to(moved["creator_teams"]["-"], 2)) > 50
    assert "team_members_factor" in REPORT["assumptions", "content_ecosystem"].varied


def test_a_number_that_is_over_another_has_no_upper_end() -> None:
    its = {row.component: row for row in found({"with_income": OVER}) if row.layer == "undisclosed"}
    assert {name: (row.low, row.high, row.is_bounded) for name, row in its.items()} == {
        "direct": (290, None, False),
        "total": (630, None, False),
    }
    both = {"with_income": OVER, "ratio": Uncertain(1.4, 1.5, 1.6, "uniform", "open", "ratio")}
    its = {row.component: row for row in found(both) if row.layer == "undisclosed"}
    assert (its["total"].low, its["total"].high) == (620, None)
    assert (its["supply_chain"].low, its["supply_chain"].high) == pytest.approx((140, 160))
    # nor has a swing two ends
    assert ends(found({"with_income": OVER}), "swing") == {}


def test_layers_do_not_know_each_other() -> None:
    """What one layer varies another holds: an input more elsewhere moves no limit."""
    other = {"gmv": GMV, "with_income": OVER}
    assert ends(found(other), "rounding") == ends(found({"gmv": GMV}), "rounding")


def test_definitions_multiply_a_component_and_its_parts() -> None:
    definitions = [
        Definition("once", "merchants", 0.8, 0.9, 1),
        Definition("net", "total", 0.5, 0.7, 0.8),
    ]
    its = {
        (row.component, row.input_name): (row.low, row.central, row.high)
        for row in found({}, VALUES, definitions=definitions)
    }
    # 100 merchants among 640 jobs; products, never sums
    assert its["total", "once"] == pytest.approx((620, 630, 640))
    assert its["total", "net"] == pytest.approx((320, 448, 512))
    assert its["total", None] == pytest.approx((0.5 * 620, 0.7 * 630, 0.8 * 640))
    assert its["merchants", None] == pytest.approx((40, 63, 80))
    assert its["direct", None] == pytest.approx((150, 210, 240))
    assert ("direct", "net") not in its
    held = {(r.component, r.input_name): r.held for r in found({}, definitions=definitions)}
    assert held["total", "once"] == ("net",)


def test_shipped_definitions_are_assumed_and_say_so() -> None:
    options = [row for row in rows("method/choices.csv") if row["layer"] == "coverage"]
    assert options
    for option in options:
        taken = f"{option['decision_id']}={option['option_id']}"
        (row,) = [row for row in rows("method/overlays.csv") if row["options"] == taken]
        assert Fraction(row["low"]) < Fraction(row["central"]) < Fraction(row["high"])
        assert row["provenance"] == "assumed"
        assert option["reason_en"].startswith("assumed: ")
        assert option["reason_zh"].startswith("假设：")
        assert option["source_id"]
