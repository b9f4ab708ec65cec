"""Errors under survey designs against the library svy, hand-worked cases and what limits claim."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
import svy

from platform_employment.errors import UserError
from platform_employment.fit.design import Design, PopulationTotal, merged_classes, survey_of
from platform_employment.fit.estimators import Sample, compare_estimators, corrected, ratio
from platform_employment.fit.regression import fit_productivity


def merchants(strata: int = 3, clusters: int = 8, size: int = 12, seed: int = 1) -> pd.DataFrame:
    """Clusters of merchants that resemble each other, in strata of unequal weights."""
    random = np.random.default_rng(seed)
    n = strata * clusters * size
    stratum = np.repeat(np.arange(strata), clusters * size)
    cluster = np.repeat(np.arange(strata * clusters), size)
    common = random.standard_normal(strata * clusters)[cluster]
    x = np.round(np.exp(4 + 0.5 * stratum + 0.5 * common + 0.7 * random.standard_normal(n)), 2)
    scatter = np.exp(0.3 * common + 0.3 * random.standard_normal(n))
    return pd.DataFrame(
        {
            "merchant_id": [f"m{i:05}" for i in range(n)],
            "industry_code": "food",
            "turnover_wan_yuan": x,
            "headcount": np.maximum(1, np.round(x / (8 + 0.06 * x) * scatter)),
            "survey_weight": (stratum + 1.0) * random.choice([1.0, 2.5], n),
            "stratum": stratum.astype(str),
            "cluster_id": cluster.astype(str),
            "population_size": 40 + 10 * stratum,
        }
    )


def oracle(frame: pd.DataFrame, **design: Any) -> tuple[float, float]:
    """Ratio of headcount to turnover, and its error, by svy."""
    sample: Any = svy.Sample(pl.from_pandas(frame), svy.Design(wgt="survey_weight", **design))
    (row,) = sample.estimation.ratio(y="headcount", x="turnover_wan_yuan").to_dicts()
    return row["est"], row["se"]


@pytest.mark.parametrize(
    ("columns", "design"),
    [
        ([], {}),
        (["stratum"], {"stratum": "stratum"}),
        (["cluster_id"], {"psu": "cluster_id"}),
        (["stratum", "cluster_id"], {"stratum": "stratum", "psu": "cluster_id"}),
        (
            ["stratum", "cluster_id", "population_size"],
            {"stratum": "stratum", "psu": "cluster_id", "pop_size": "population_size"},
        ),
    ],
    ids=["random", "strata", "clusters", "both", "finite population"],
)
def test_the_error_of_a_ratio_is_that_of_svy(columns: list[str], design: dict[str, str]) -> None:
    frame = merchants()
    base = ["turnover_wan_yuan", "headcount", "survey_weight"]
    own = frame[base + columns]
    estimate = ratio(Sample(*own[base].to_numpy(dtype=float).T))
    error, _ = survey_of(own, Design("random")).standard_error(estimate.influence)
    assert (estimate.value, error) == pytest.approx(oracle(frame, **design), rel=1e-10)


def test_the_error_of_a_curve_is_that_of_svy() -> None:
    frame = merchants()
    x = frame["turnover_wan_yuan"]
    data = frame.assign(p=x / frame["headcount"], u=x / 1000, v=(x / 1000) ** 2)
    design = svy.Design(wgt="survey_weight", stratum="stratum", psu="cluster_id")
    model: Any = svy.Sample(pl.from_pandas(data), design).glm.fit(y="p", x=["u", "v"])
    expected = {row["term"]: row for row in model.fitted.to_polars().to_dicts()}
    fit = fit_productivity(
        frame, corrected(frame.drop(columns="population_size"), Design("stratified_clustered", 1))
    )
    ours = {row["term"]: row for row in fit.coefficients if row["cov_type"] == "design"}
    for term, (name, unit) in {"turnover": ("u", 1e3), "turnover_squared": ("v", 1e6)}.items():
        row = expected[name]
        assert ours[term]["estimate"] * unit == pytest.approx(row["estimate"], rel=1e-8)
        assert ours[term]["std_error"] * unit == pytest.approx(row["std_err"], rel=1e-8)
    assert fit.numbers["degrees_of_freedom"] == 24 - 3


def test_a_stratum_taken_whole_has_no_error() -> None:
    frame = merchants(strata=1, clusters=8).drop(columns=["cluster_id"])
    whole = frame.assign(population_size=len(frame))
    found: Any = compare_estimators(whole, Design("stratified", 1)).set_index("estimator_id")
    assert found.at["ratio", "std_error"] == 0
    assert found.at["ratio", "conf_low"] == found.at["ratio", "jobs_per_wan_yuan"]


def test_a_stratum_of_one_unit_is_taken_about_the_mean_of_all() -> None:
    frame = pd.DataFrame({"survey_weight": np.ones(5), "stratum": ["a"] * 4 + ["b"]})
    influence = np.array([1.0, 2, 3, 4, 10])
    error, freedom = survey_of(frame, Design("stratified")).standard_error(influence)
    assert error**2 == pytest.approx(4 / 3 * 5 + (10 - 4) ** 2)
    assert freedom == 3


# --- totals ------------------------------------------------------------------------------------


def totals(*rows: tuple[float | None, float | None, float | None, float | None]) -> Any:
    return [PopulationTotal(*row) for row in rows]


def test_weights_meet_the_totals() -> None:
    frame = merchants()
    known = totals((None, 60, 5_000, None), (60, None, 2_000, None), (None, None, None, 900_000))
    survey = corrected(frame, Design("stratified_clustered", 0.5), known).survey
    x = frame["turnover_wan_yuan"].to_numpy()
    assert survey.weight[x < 60].sum() == pytest.approx(5_000)
    assert survey.weight[x >= 60].sum() == pytest.approx(2_000)
    assert survey.weight @ x == pytest.approx(900_000)
    assert (survey.weight > 0).all()
    assert survey.kind == "calibrated"


def test_what_totals_explain_has_no_error() -> None:
    frame = merchants().drop(columns=["stratum", "cluster_id", "population_size"])
    known = totals((None, None, 7_000, 900_000))
    survey = corrected(frame, Design("random", 0.5), known).survey
    x = frame["turnover_wan_yuan"].to_numpy()
    influence = survey.weight * (3 + 0.2 * x)
    assert survey.standard_error(influence)[0] < 1e-9 * abs(influence).sum()


def test_value_and_limits_before_totals_are_kept() -> None:
    frame = merchants()
    known = totals((None, 60, 5_000, None), (60, None, 2_000, None))
    before = compare_estimators(frame, Design("stratified_clustered", 1))
    after = compare_estimators(frame, Design("stratified_clustered", 1), known)
    np.testing.assert_allclose(after["uncorrected_low"], before["conf_low"])
    value = before["jobs_per_wan_yuan"].fillna(before["jobs_per_merchant"])
    np.testing.assert_allclose(after["uncorrected_value"], value)
    assert (after["jobs_per_wan_yuan"].dropna() != before["jobs_per_wan_yuan"].dropna()).all()


def test_sparse_classes_are_merged_with_the_one_below() -> None:
    x = np.array([1.0] * 20 + [50.0] * 20 + [500.0] * 3)
    found = merged_classes(
        x, totals((None, 10, 100, 1), (10, 100, 40, 2), (100, None, 5, None), (None, None, 1, 1))
    )
    assert found == totals((None, 10, 100, 1), (10, None, 45, None), (None, None, 1, 1))


def test_totals_that_no_weights_meet_are_refused_in_one_line() -> None:
    known = totals((None, 60, 5_000, None), (60, None, 2_000, None), (None, None, 1_000, None))
    with pytest.raises(
        UserError, match=r"^no positive weights meet the totals: class below 60 has"
    ):
        corrected(merchants(), Design("random", 1), known)


# --- what limits claim -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("design", "known", "censored", "kind", "reason"),
    [
        (Design(), False, False, "as_if_random", None),
        (Design("unknown", 1), True, False, "as_if_random", None),
        (Design("census", 1), False, False, "as_if_random", None),
        (Design("random"), False, False, "as_if_random", None),
        (Design("random", 0.79), False, False, "as_if_random", None),
        (Design("random", 0.8), False, False, "confidence", None),
        (Design("clustered", 0.9), False, False, "confidence", None),
        (Design("random", 0.4), True, False, "calibrated", None),
        (Design("random", 0.2), True, False, "calibrated", None),
        (Design("random", 0.2), False, False, "none", "low_response_rate"),
        (Design("random", 1), False, True, "range", None),
        (Design("volunteers", 1), True, False, "none", "volunteers"),
    ],
)
def test_limits_claim_what_the_design_allows(
    design: Design, known: bool, censored: bool, kind: str, reason: str | None
) -> None:
    frame = merchants().drop(columns=["stratum", "cluster_id", "population_size"])
    frame["is_censored"] = censored & (frame["turnover_wan_yuan"] >= 400)
    rows = compare_estimators(frame, design, totals((None, None, 900, None)) if known else ())
    row: Any = rows.set_index("estimator_id").loc["ratio"]
    assert row["interval_kind"] == kind
    assert (row["no_interval_reason"] if reason else None) == reason
    assert np.isnan(row["conf_low"]) == (kind == "none")
    assert row["jobs_per_wan_yuan"] > 0


def test_one_cluster_has_no_limits() -> None:
    frame = merchants(strata=1, clusters=1, size=60).drop(columns=["stratum", "population_size"])
    rows = compare_estimators(frame, Design("clustered", 1))
    assert set(rows["no_interval_reason"]) == {"too_few_units"}


def test_a_range_holds_all_tails() -> None:
    frame = merchants().drop(columns=["stratum", "cluster_id", "population_size"])
    frame["is_censored"] = frame["turnover_wan_yuan"] >= 400
    frame["turnover_wan_yuan"] = frame["turnover_wan_yuan"].clip(upper=400)
    found = corrected(frame, Design("random", 1))
    rows: Any = compare_estimators(frame, Design("random", 1)).set_index("estimator_id")
    assert len(found.tails) == 6
    for tail, _ in found.tails:
        jobs = ratio(tail).value
        assert rows.at["ratio", "conf_low"] < jobs < rows.at["ratio", "conf_high"]
    assert rows.at["ratio", "uncorrected_value"] > rows.at["ratio", "jobs_per_wan_yuan"]
    # a known total leaves one mean for the censored, in two shapes
    total = 1.4 * (frame["survey_weight"] * frame["turnover_wan_yuan"]).sum()
    known = totals((None, None, float(frame["survey_weight"].sum()), total))
    found = corrected(frame, Design("random", 1), known)
    assert len(found.tails) == 2
    for tail, _ in found.tails:
        assert tail.w @ tail.x == pytest.approx(total, rel=1e-6)
    fit = fit_productivity(frame, found)
    assert fit.numbers["interval_kind"] == "range"
    assert {row["conf_low"] for row in fit.coefficients} == {None}


def test_caveats_are_named() -> None:
    few = merchants(strata=1, clusters=6).drop(columns=["stratum", "population_size"])
    assert survey_of(few, Design("clustered")).warnings == (
        "6 clusters: limits use t with 5 degrees of freedom",
    )
    weighted = few.drop(columns="cluster_id")
    assert survey_of(weighted, Design()).warnings == (
        "weights differ and no design is declared: limits are as if random",
    )
