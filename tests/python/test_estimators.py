"""The estimators against statsmodels, closed forms, perturbed weights and a bootstrap of rows."""

from __future__ import annotations

import math
from statistics import NormalDist

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
import statsmodels.api as sm
from conftest import PROJECT_DIR, Project
from scipy.optimize import brentq, linprog
from statsmodels.robust.norms import HuberT
from statsmodels.robust.scale import HuberScale

from platform_employment.fit import estimators
from platform_employment.fit.design import Design, survey_of
from platform_employment.fit.estimators import (
    ESTIMATORS,
    Estimate,
    Sample,
    UnusableSampleError,
    compare_estimators,
    huber_curve,
    least_squares,
    median_curve,
    ratio,
)

Floats = npt.NDArray[np.float64]

UNWEIGHTED = (1.0,)
# 15 % of the merchants represent 95 % of all
UNEQUAL = (0.05,) * 17 + (5.0,) * 3
SMOOTH = [name for name in ESTIMATORS if name != "median"]


def made_sample(weights: tuple[float, ...] = (1, 2, 3, 4), seed: int = 1) -> Sample:
    """Log-normal turnover, skewed scatter, headcount in whole people, equally frequent weights."""
    random = np.random.default_rng(seed)
    merchants = 800
    turnover = 10 + 60 * np.exp(0.7 * random.standard_normal(merchants))
    scatter = np.exp(0.4 * random.standard_normal(merchants))
    headcount = np.maximum(1, np.round(turnover / (8 + 0.06 * turnover) * scatter))
    weight = np.array(weights, dtype=np.float64)[random.integers(0, len(weights), merchants)]
    return Sample(turnover, headcount, weight)


@pytest.fixture(scope="module")
def sample() -> Sample:
    return made_sample()


def standard_error(estimate: Estimate) -> float:
    """Of merchants drawn one by one."""
    merchants = pd.DataFrame({"survey_weight": np.ones(len(estimate.influence))})
    return survey_of(merchants, Design()).standard_error(estimate.influence)[0]


def frame(turnover: object, headcount: object, weight: object = 1.0) -> pd.DataFrame:
    columns = {"turnover_wan_yuan": turnover, "headcount": headcount, "survey_weight": weight}
    return pd.DataFrame({"platform_id": "p", "sample_id": "s", **columns})


def rows(merchants: pd.DataFrame) -> pd.DataFrame:
    """By estimator, jobs of `mean_headcount` per merchant in the column of the others."""
    table = compare_estimators(merchants).set_index("estimator_id")
    jobs = table["jobs_per_wan_yuan"].fillna(table["jobs_per_merchant"])
    return table.assign(jobs_per_wan_yuan=jobs)


# influence


@pytest.mark.parametrize("name", SMOOTH)
def test_influence_is_the_derivative_by_the_weight(name: str, sample: Sample) -> None:
    influence = ESTIMATORS[name](sample).influence
    # the smallest, the middle, the largest and those in between
    for i in [0, 50, 200, 400, 600, 750, 798, 799]:
        step = 1e-3
        moved = []
        for sign in (1, -1):
            weight = sample.w.copy()
            weight[i] *= 1 + sign * step
            changed = Sample(sample.x, sample.y, weight)
            moved.append(ESTIMATORS[name](changed).value)
        derivative = (moved[0] - moved[1]) / (2 * step)
        # central differences err by the square of the step; Huber's iterations by 1e-9 / step
        scale = np.abs(influence).max()
        assert influence[i] == pytest.approx(derivative, rel=1e-4, abs=1e-5 * scale), i


@pytest.mark.parametrize(
    "sample",
    # with the bandwidth of residuals times weights, the second would be 1.8 times too wide
    [made_sample(UNWEIGHTED), made_sample(UNEQUAL, seed=4)],
    ids=["unweighted", "unequal"],
)
def test_standard_errors_are_those_of_a_bootstrap(sample: Sample) -> None:
    random = np.random.default_rng(2)
    drawn: dict[str, list[float]] = {name: [] for name in ESTIMATORS}
    for _ in range(200):
        rows = random.integers(0, len(sample.x), len(sample.x))
        again = Sample(sample.x[rows], sample.y[rows], sample.w[rows])
        for name, estimator in ESTIMATORS.items():
            drawn[name].append(estimator(again).value)
    for name, estimator in ESTIMATORS.items():
        # 200 draws leave a standard error of 5 %, and the kernel of the median depends on the few
        # merchants near the curve
        tolerance = 0.35 if name == "median" else 0.15
        expected = pytest.approx(np.std(drawn[name]), rel=tolerance)
        assert standard_error(estimator(sample)) == expected, name


def test_least_squares_has_the_sandwich_of_statsmodels(sample: Sample) -> None:
    for weight in (sample.w, sample.w * sample.x):
        curve = least_squares(sample.X, sample.p, weight)
        design = sample.X
        fit = sm.WLS(sample.p, design, weights=weight).fit(cov_type="HC0")
        np.testing.assert_allclose(curve.b, fit.params, rtol=1e-9)
        covariance = curve.influence.T @ curve.influence
        np.testing.assert_allclose(covariance, fit.cov_params(), rtol=1e-7)


def test_ratio_is_that_of_survey_sampling(sample: Sample) -> None:
    x, y, w = sample.x, sample.y, sample.w
    slope = sm.WLS(y, x, weights=w / x).fit(cov_type="HC1")
    estimate = ratio(sample)
    assert estimate.value == pytest.approx(slope.params[0], rel=1e-12)
    assert standard_error(estimate) == pytest.approx(slope.bse[0], rel=1e-9)
    # people in proportion to turnover leave no error
    exact = ratio(Sample(x, x / 20, w))
    assert (exact.value, standard_error(exact)) == pytest.approx((0.05, 0))


# curves


def test_huber_solves_its_equations(sample: Sample) -> None:
    curve = huber_curve(sample)
    residual = sample.p - sample.X @ curve.b
    d, normal = 2.5, NormalDist()
    mean_chi = d**2 + (1 - d**2) * normal.cdf(d) - 0.5 - d * normal.pdf(d)

    def proposal_2(scale: float) -> float:
        chi = np.minimum((residual / scale) ** 2, d**2) / 2
        return float(np.average(chi, weights=sample.w)) - mean_chi

    scale = brentq(proposal_2, 0.01, 100, xtol=1e-12)
    scores = (sample.w * HuberT().psi(residual / scale)) @ sample.X
    np.testing.assert_allclose(scores, 0, atol=1e-5)


def test_huber_without_weights_is_that_of_statsmodels() -> None:
    sample = made_sample(UNWEIGHTED)
    curve = huber_curve(sample)
    design = sample.X
    fit = sm.RLM(sample.p, design, M=HuberT()).fit(scale_est=HuberScale(), maxiter=500)
    # its scale has a correction for degrees of freedom, 3 of 800
    np.testing.assert_allclose(curve.b, fit.params, rtol=1e-3)


def test_median_minimises_absolute_residuals(sample: Sample) -> None:
    curve = median_curve(sample)
    design = sample.X
    half = sample.w / 2
    programme = linprog(
        -sample.p,
        A_eq=design.T,
        b_eq=np.zeros(3),
        bounds=np.column_stack([-half, half]),
        method="highs",
    )
    exact = design @ -programme.eqlin.marginals
    np.testing.assert_allclose(sample.X @ curve.b, exact, rtol=1e-9)


def test_median_has_the_density_of_statsmodels_by_merchant() -> None:
    sample = made_sample(UNWEIGHTED)
    curve = median_curve(sample)
    design = sample.X
    fit = sm.QuantReg(sample.p, design).fit(max_iter=20_000)
    residual = sample.p - sample.X @ curve.b
    # Epanechnikov's kernel; its mean is the one density that statsmodels takes for all
    density = 0.75 * np.maximum(1 - (residual / fit.bandwidth) ** 2, 0) / fit.bandwidth
    # the three merchants on the curve have no sign here, and some leverage
    assert density.mean() == pytest.approx(1 / fit.sparsity, rel=0.01)
    bread = np.linalg.inv((density[:, np.newaxis] * design).T @ design)
    covariance = bread @ design.T @ design @ bread / 4
    np.testing.assert_allclose(curve.influence.T @ curve.influence, covariance, rtol=0.06)


def test_log_log_smears_the_residuals(sample: Sample) -> None:
    log_turnover = sm.add_constant(np.log(sample.x))
    fit = sm.WLS(np.log(sample.p), log_turnover, weights=sample.w).fit()
    smearing = np.average(np.exp(fit.resid), weights=sample.w)
    a, b = fit.params
    by_hand = 1 / (smearing * math.exp(a) * sample.mean**b)
    assert ESTIMATORS["log_log"](sample).value == pytest.approx(by_hand, rel=1e-9)


# the whole table


def test_a_weight_is_a_number_of_merchants(sample: Sample) -> None:
    copies = np.rint(sample.w / sample.w.min()).astype(int)
    weighted = rows(frame(sample.x, sample.y, sample.w))
    repeated = rows(frame(sample.x.repeat(copies), sample.y.repeat(copies)))
    for name in ESTIMATORS:
        tolerance = 1e-7
        for column in ("jobs_per_wan_yuan", "turnover_share_outside_domain"):
            values = (weighted.at[name, column], repeated.at[name, column])
            assert values[0] == pytest.approx(values[1], rel=tolerance, nan_ok=True), name


def test_neither_order_nor_unit_matters(sample: Sample) -> None:
    merchants = frame(sample.x, sample.y, sample.w)
    compared = compare_estimators(merchants)
    pd.testing.assert_frame_equal(compared, compare_estimators(merchants.sample(frac=1)))
    in_yuan = merchants.assign(turnover_wan_yuan=merchants["turnover_wan_yuan"] * 10_000)
    in_yuan = compare_estimators(in_yuan)
    of_turnover = compared["jobs_per_wan_yuan"].notna()
    for column in ("jobs_per_wan_yuan", "std_error", "conf_low", "conf_high"):
        np.testing.assert_allclose(
            in_yuan.loc[of_turnover, column] * 10_000, compared.loc[of_turnover, column], rtol=1e-7
        )


def test_intervals_are_symmetric_in_the_logarithm(sample: Sample) -> None:
    compared = rows(frame(sample.x, sample.y, sample.w))
    log_width = 1.959964 * compared["std_error"] / compared["jobs_per_wan_yuan"]
    for column, sign in (("conf_low", -1), ("conf_high", 1)):
        expected = compared["jobs_per_wan_yuan"] * np.exp(sign * log_width)
        np.testing.assert_allclose(compared[column], expected, rtol=1e-6)
    assert list(compared.index) == list(ESTIMATORS)


def test_productivity_is_held_at_the_peak() -> None:
    # f(x) = 4 + x - x^2 / 40 peaks at 20 with 14; scatter that leaves the fit as it is
    turnover = np.array([2.0, 6, 10, 14, 18, 22, 26, 30] * 2)
    scatter = np.array([0.5] * 8 + [-0.5] * 8)
    productivity = 4 + turnover - turnover**2 / 40 + scatter
    compared = rows(frame(turnover, turnover / productivity))
    held = np.minimum(turnover, 20)
    predicted = turnover / (4 + held - held**2 / 40)
    row = compared.loc["sum_of_predictions"]
    assert row["jobs_per_wan_yuan"] == pytest.approx(predicted.sum() / turnover.sum())
    assert row["merchants_outside_domain"] == 6
    assert row["turnover_share_outside_domain"] == pytest.approx(78 / 128)
    # at the mean turnover, 16
    assert compared.at["report_formula", "jobs_per_wan_yuan"] == pytest.approx(1 / 13.6)
    assert compared["merchants_outside_domain"].isna()["ratio"]
    assert compared.at["log_log", "merchants_outside_domain"] == 0


def test_scatter_takes_the_predictions_below_the_total() -> None:
    # two merchants of each turnover, a fifth above and below the curve: theirs are x / f over 0.96
    turnover = np.repeat(np.arange(2.0, 31, 4), 2)
    curve = 4 + turnover - turnover**2 / 80
    compared = rows(frame(turnover, turnover / (curve * np.tile([0.8, 1.2], 8))))[
        "jobs_per_wan_yuan"
    ]
    assert compared["sum_of_predictions"] == pytest.approx(0.96 * compared["ratio"])


# what cannot be estimated


def test_an_estimator_without_a_value_leaves_the_others() -> None:
    # a parabola through 100 at both ends and 1 at 30 is below zero at the mean turnover, 52
    turnover = np.array([1, 1.5, 29, 30, 31, 32, 98, 99, 100, 101])
    productivity = np.array([99.0, 101, 1, 2, 1, 2, 99, 101, 99, 101])
    compared = rows(frame(turnover, turnover / productivity))
    reasons = compared["reason_code"].dropna().to_dict()
    lacking = ["report_formula", "sum_of_predictions", "turnover_weighted", "huber", "median"]
    assert reasons == dict.fromkeys(lacking, "productivity_not_positive")
    numbers = ["jobs_per_wan_yuan", "std_error", "conf_low", "conf_high", "interval_method"]
    assert compared.loc[lacking, numbers].isna().to_numpy().all()
    assert compared.loc[["ratio", "log_log"], numbers].notna().to_numpy().all()


def test_a_fit_that_does_not_converge_says_so(
    sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(estimators, "MAX_ITERATIONS", 2)
    compared = rows(frame(sample.x, sample.y, sample.w))
    reasons = compared["reason_code"].dropna().to_dict()
    assert reasons == {"huber": "no_solution"}


def test_columns_have_a_type_without_a_value() -> None:
    """DuckDB would give columns of unknown type the type NULL, which no model can read."""
    compared = compare_estimators(frame([12.5], [3]))
    found = dict(zip(compared, duckdb.from_df(compared).types, strict=True))
    texts = {"estimator_id", "interval_kind", "no_interval_reason", "interval_method"}
    texts |= {"reason_code"}
    assert {name for name, kind in found.items() if kind == "VARCHAR"} == texts


@pytest.mark.parametrize("seed", range(40))
def test_tiny_samples_give_an_estimate_or_a_reason(seed: int) -> None:
    random = np.random.default_rng(seed)
    turnover = np.round(np.exp(5 + 2 * random.standard_normal(4 + seed % 5)), 2)
    headcount = random.integers(1, 4, len(turnover))
    compared = rows(frame(turnover, headcount))
    found = compared["reason_code"].isna()
    numbers = ["jobs_per_wan_yuan", "std_error", "conf_low", "conf_high"]
    assert np.isfinite(compared.loc[found, numbers].to_numpy(dtype=np.float64)).all()
    # one with an error as large as itself would have an end seven times as high
    assert (compared["conf_high"] < 7.2 * compared["jobs_per_wan_yuan"])[found].all()
    assert set(compared.loc[~found, "reason_code"]) <= {
        "productivity_not_positive",
        "no_solution",
        "imprecise",
    }


CURVES = ["report_formula", "sum_of_predictions", "turnover_weighted", "huber", "median"]


@pytest.mark.parametrize(
    ("turnover", "headcount", "lacking"),
    [
        ([1, 2, 3], [1, 1, 1], list(ESTIMATORS)),
        ([1, 1, 2, 2, 2], [1, 2, 3, 1, 2], CURVES),
        ([1, 1, 1, 1, 1], [1, 2, 3, 1, 2], [*CURVES, "log_log"]),
        ([5, 10, 15, 20], [1, 2, 3, 4], [n for n in ESTIMATORS if n != "mean_headcount"]),
        ([1, 1 + 1e-9, 2, 2], [1, 2, 3, 4], CURVES),
    ],
    ids=["three merchants", "two turnovers", "one turnover", "no error", "nearly two turnovers"],
)
def test_what_a_sample_does_not_determine_has_a_reason(
    turnover: list[float], headcount: list[float], lacking: list[str]
) -> None:
    compared = rows(frame(turnover, headcount))
    reasons = compared["reason_code"].dropna()
    assert list(reasons.index[reasons == "no_solution"]) == [n for n in ESTIMATORS if n in lacking]
    assert "ratio" in lacking or not np.isnan(compared["std_error"]["ratio"])


@pytest.mark.parametrize(
    ("turnover", "headcount", "message"),
    [
        ([1, 2, 3, 0], [1, 1, 1, 1], "1 of 4 values of turnover_wan_yuan are not positive finite"),
        ([1, 2, 3, 4], [1, math.nan, math.inf, 1], "2 of 4 values of headcount are not positive"),
    ],
)
def test_values_that_are_none_are_refused(
    turnover: list[float], headcount: list[float], message: str
) -> None:
    with pytest.raises(UnusableSampleError, match=message):
        compare_estimators(frame(turnover, headcount))


def test_no_merchants_are_refused() -> None:
    with pytest.raises(UnusableSampleError, match="merchant sample has no rows"):
        compare_estimators(frame([], []))


# the warehouse


def test_the_mart_agrees_with_the_chain(built_project: Project) -> None:
    with duckdb.connect(str(built_project.database), read_only=True) as connection:
        differences = connection.execute(
            """
            select
                max(abs(comparison.jobs_wan_of_estimator - estimates.jobs_wan_of_scenario)),
                count(*)
            from marts.fct_estimator_comparison as comparison
            inner join marts.fct_all_jobs as estimates
                using (platform_id, window_end)
            where comparison.estimator_id = 'report_formula'
                and estimates.scenario_id = 'fitted_synthetic'
                and estimates.component_id = 'merchants'
            """
        ).fetchone()
        by_ratio = connection.execute(
            "select jobs_wan_of_estimator from marts.fct_estimator_comparison"
            " where estimator_id = 'ratio' and window_end = '2021-09-30'"
        ).fetchone()
    assert differences is not None
    assert differences[1] > 10
    assert differences[0] <= 0.001  # the chain rounds mean turnover to six digits
    seed = pd.read_csv(PROJECT_DIR / "seeds/survey/merchant_sample.csv")
    by_hand = 6168 * seed["headcount"].sum() / seed["turnover_wan_yuan"].sum()
    assert by_ratio is not None
    assert float(by_ratio[0]) == pytest.approx(by_hand, abs=1e-4)
