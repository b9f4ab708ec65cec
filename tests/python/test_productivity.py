"""The tables of the fit against plain statsmodels, 50-digit arithmetic and refits of every row."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import mpmath
import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import example, given, settings
from hypothesis import strategies as st
from merchant_models import estimate, make_table, merchants_table
from statsmodels.stats.diagnostic import het_breuschpagan, linear_reset

from platform_employment.duckdb_rows import rows_of
from platform_employment.fit.bootstrap import (
    REPLICATES,
    SEED,
    SUMS,
    mean_productivity_replicates,
)
from platform_employment.fit.moments import (
    UnusableSampleError,
    moments_from_rows,
    polynomials,
)

SAMPLE_FILE = Path(__file__).parents[2] / "seeds/survey/merchant_sample.csv"
COV_TYPES = ["nonrobust", "HC1", "HC3"]
TERMS = ["intercept", "turnover", "turnover_squared"]

Floats = npt.NDArray[np.float64]
Sample = tuple[Floats, Floats]


def frame(turnover: Any, headcount: Any, sample_id: str = "s", **columns: Any) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "platform_id": "p",
            "sample_id": sample_id,
            "turnover_wan_yuan": turnover,
            "headcount": headcount,
            **columns,
        }
    )


def whole(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of the sample as a whole."""
    return table[table["industry_code"] == "all"].reset_index(drop=True)


def by_cov_type(fit: pd.DataFrame, column: str) -> Floats:
    """The column with a row per cov_type and a column per term."""
    return whole(fit)[column].to_numpy(dtype=np.float64).reshape(-1, 3)


def shipped_sample() -> Sample:
    seed = pd.read_csv(SAMPLE_FILE)
    return seed["turnover_wan_yuan"].to_numpy(), seed["headcount"].to_numpy(dtype=np.float64)


def log_normal_sample(log_sd: float) -> Sample:
    random = np.random.default_rng(1)
    return merchants_with(np.round(np.exp(4 + log_sd * random.standard_normal(500)) + 0.01, 2))


def narrow_sample(lowest: float, width: float) -> Sample:
    random = np.random.default_rng(2)
    return merchants_with(np.round(lowest + width * random.random(500), 2))


def heavy_tailed_sample(size: int) -> Sample:
    logarithms = 2.5 * np.random.default_rng(8).standard_normal(size)
    return merchants_with(np.round(np.exp(logarithms) * 50 + 0.01, 2))


def merchants_with(turnover: Floats) -> Sample:
    scatter = np.exp(0.3 * np.random.default_rng(3).standard_normal(len(turnover)))
    return turnover, np.maximum(1, np.round(turnover / (8 + 0.06 * turnover) * scatter))


def design(turnover: Floats) -> Floats:
    return np.vander(turnover, 3, increasing=True)


SAMPLES: dict[str, Callable[[], Sample]] = {
    "shipped": shipped_sample,
    "heavy tail": lambda: log_normal_sample(2),
    "heavier tail": lambda: log_normal_sample(3),
    "narrow range": lambda: narrow_sample(1e4, 10),
    "narrow range far from zero": lambda: narrow_sample(1e8, 1),
}


# --- coefficients and their errors -----------------------------------------------------------


@pytest.mark.parametrize("number", range(3), ids=COV_TYPES)
def test_equals_plain_statsmodels_on_the_shipped_sample(number: int) -> None:
    turnover, headcount = shipped_sample()
    fit = whole(estimate(frame(turnover, headcount))[1])
    plain = sm.OLS(turnover / headcount, design(turnover)).fit(cov_type=COV_TYPES[number])
    fit = fit[fit["cov_type"] == COV_TYPES[number]]
    assert list(fit["term"]) == TERMS
    expected = {
        "estimate": plain.params,
        "std_error": plain.bse,
        "statistic": plain.tvalues,
        "conf_low": plain.conf_int()[:, 0],
        "conf_high": plain.conf_int()[:, 1],
        "nobs": plain.nobs,
        "df_resid": plain.df_resid,
        "r_squared": plain.rsquared,
    }
    for name, values in expected.items():
        # plain statsmodels itself is 1e-11 off here (see the 50-digit test)
        np.testing.assert_allclose(fit[name], values, rtol=1e-9, err_msg=name)
    # the relative error of a tail probability is z^2 times that of z, and z is near 50
    np.testing.assert_allclose(fit["p_value"], plain.pvalues, rtol=1e-7)


@pytest.mark.parametrize("name", SAMPLES)
def test_holds_eleven_digits_against_fifty(name: str) -> None:
    turnover, headcount = SAMPLES[name]()
    fit = estimate(frame(turnover, headcount))[1]
    exact = fifty_digit_fit(turnover, headcount)
    np.testing.assert_allclose(by_cov_type(fit, "estimate"), [exact.estimates] * 3, rtol=1e-12)
    errors = by_cov_type(fit, "std_error")
    np.testing.assert_allclose(errors[:2], exact.std_errors[:2], rtol=1e-12)
    # the second scan works in doubles: 3e-12 was the worst
    np.testing.assert_allclose(errors[2], exact.std_errors[2], rtol=1e-11)


class ExactFit(NamedTuple):
    estimates: Floats  # by term
    std_errors: Floats  # by cov_type and term
    largest_estimates: Floats  # by term, over all productivities of the same length


def fifty_digit_fit(turnover: Floats, headcount: Floats) -> ExactFit:
    """The normal equations of equation 2.1, solved with digits to spare."""
    with mpmath.workdps(100):  # condition numbers near 1e33 enter squared
        n = len(turnover)
        x = [mpmath.mpf(f"{value:.2f}") for value in turnover]
        productivity = [a / mpmath.mpf(float(b)) for a, b in zip(x, headcount, strict=True)]

        def gram(weights: Sequence[Any]) -> Any:
            powers = [
                mpmath.fsum(w * a**k for w, a in zip(weights, x, strict=True)) for k in range(5)
            ]
            return mpmath.matrix([[powers[i + j] for j in range(3)] for i in range(3)])

        normal = gram([mpmath.mpf(1)] * n)
        inverse = normal**-1
        target = [
            mpmath.fsum(p * a**k for p, a in zip(productivity, x, strict=True)) for k in range(3)
        ]
        b = inverse * mpmath.matrix(target)
        residual = [p - b[0] - b[1] * a - b[2] * a**2 for p, a in zip(productivity, x, strict=True)]
        leverage = [
            mpmath.fsum(inverse[i, j] * a ** (i + j) for i in range(3) for j in range(3)) for a in x
        ]
        squares = [r**2 for r in residual]
        # where one merchant has all the leverage there is no HC3
        hc3 = [
            s / (1 - h) ** 2 if h < 1 else mpmath.nan
            for s, h in zip(squares, leverage, strict=True)
        ]
        covariances = [
            inverse * mpmath.fsum(squares) / (n - 3),
            inverse * gram(squares) * inverse * n / (n - 3),
            inverse * gram(hc3) * inverse,
        ]
        variances = [[c[k, k] for k in range(3)] for c in covariances]
        length = mpmath.norm(productivity)
        return ExactFit(
            estimates=np.array([float(value) for value in b]),
            std_errors=np.array([[float(mpmath.sqrt(v)) for v in row] for row in variances]),
            largest_estimates=np.array(
                [float(length * mpmath.sqrt(inverse[k, k])) for k in range(3)]
            ),
        )


cents = st.integers(1, 10**9).map(lambda value: value / 100)
people = st.integers(1, 10_000).map(float)


@example(merchants=[(0.01, 1.0), (0.02, 1.0), (0.11, 1.0), (662.05, 1.0), (662.05, 2.0)])
@example(merchants=[(0.01, 1.0), (906.74, 1.0), (906.74, 2.0), (2390.0, 1.0)])
@given(merchants=st.lists(st.tuples(cents, people), min_size=4, max_size=12))
@settings(deadline=None, max_examples=40)
def test_any_sample_is_fitted_right_or_refused(merchants: list[tuple[float, float]]) -> None:
    turnover, headcount = np.array(merchants).T
    try:
        fit = whole(estimate(frame(turnover, headcount))[1])
    except UnusableSampleError:
        return
    assert np.isfinite(fit.select_dtypes("number")).all(axis=None)
    assert (fit["conf_low"] < fit["estimate"]).all()
    assert (fit["estimate"] < fit["conf_high"]).all()

    exact = fifty_digit_fit(turnover, headcount)
    # six digits are certain or the sample is refused; HC3 divides a residual, which rounding leaves
    # uncertain by 1e-15 of the productivities, by 1 - leverage of at least 1e-8
    errors = np.abs(by_cov_type(fit, "estimate") - exact.estimates)
    sizes = np.maximum(np.abs(exact.estimates), exact.std_errors[:1])
    assert (errors <= 1e-6 * sizes).all()
    ours = by_cov_type(fit, "std_error")
    for_hc3 = np.outer([0, 0, 1e-7], exact.largest_estimates)
    errors = np.abs(ours - exact.std_errors[: len(ours)])
    assert (errors <= 1e-5 * exact.std_errors[: len(ours)] + for_hc3[: len(ours)]).all()


def test_weights_are_those_of_weighted_least_squares() -> None:
    turnover, headcount = log_normal_sample(1)
    weight = np.random.default_rng(4).choice([0.5, 1, 40.25], len(turnover))
    fits, table = estimate(frame(turnover, headcount, survey_weight=weight))
    for number, cov_type in enumerate(COV_TYPES):
        plain = sm.WLS(turnover / headcount, design(turnover), weights=weight)
        np.testing.assert_allclose(
            by_cov_type(table, "std_error")[number], plain.fit(cov_type=cov_type).bse, rtol=1e-9
        )
    mean = np.average(turnover, weights=weight)
    np.testing.assert_allclose(whole(fits)["mean_turnover_wan_yuan"], mean, rtol=1e-12)
    # the tests are not defined for survey weights
    assert whole(fits)[["breusch_pagan_p_value", "reset_p_value"]].isna().all(axis=None)


@pytest.mark.parametrize("factor", [1e-6, 3.25, 1e9])
def test_a_factor_of_all_weights_changes_no_inference(factor: float) -> None:
    """From the smallest weight that is accepted to the largest: tests count merchants."""
    sample = frame(*shipped_sample())
    plain, weighted = estimate(sample), estimate(sample.assign(survey_weight=factor))
    of_scan = ["residual_sum_of_squares", "lowest", "range", "fitted", "orthonormal", "influence"]
    of_scan += ["covariance"]
    numbers = plain[0].select_dtypes("number")
    names = [name for name in map(str, numbers) if not any(part in name for part in of_scan)]
    assert {"breusch_pagan_statistic", "reset_p_value", "bootstrap_conf_low"} < set(names)
    np.testing.assert_allclose(weighted[0][names], plain[0][names], rtol=1e-9)
    # standard errors of a coefficient near zero are what its statistic is relative to
    numbers = plain[1].select_dtypes("number")
    assert set(plain[1]["cov_type"]) == set(COV_TYPES)
    np.testing.assert_allclose(weighted[1][numbers.columns], numbers, rtol=1e-9)


def test_order_of_rows_does_not_change_a_bit() -> None:
    sample = frame(*shipped_sample())
    sample["merchant_id"] = [f"m{i}" for i in range(len(sample))]
    shuffled = sample.sample(frac=1, random_state=1)
    assert not shuffled.index.equals(sample.index)
    for ours, theirs in zip(estimate(shuffled), estimate(sample), strict=True):
        pd.testing.assert_frame_equal(ours, theirs, check_exact=True)


def test_each_sample_and_industry_is_fitted_by_itself() -> None:
    turnover, headcount = log_normal_sample(1)
    industry = np.where(np.arange(len(turnover)) % 3, "food", "home")
    both = frame(turnover, headcount, "first", industry_code=industry)
    other = frame(*log_normal_sample(2), "second").assign(platform_id="a", industry_code="food")
    fits, table = estimate(pd.concat([both, other]).sample(frac=1, random_state=1))
    assert fits[["platform_id", "sample_id", "industry_code"]].to_numpy().tolist() == [
        ["a", "second", "all"],
        ["a", "second", "food"],
        ["p", "first", "all"],
        ["p", "first", "food"],
        ["p", "first", "home"],
    ]
    for code in ("food", "home"):
        alone = estimate(frame(turnover[industry == code], headcount[industry == code]))[1]
        together = table[(table["sample_id"] == "first") & (table["industry_code"] == code)]
        for name in ("estimate", "std_error", "conf_low", "p_value", "nobs"):
            np.testing.assert_allclose(together[name], whole(alone)[name], rtol=1e-9, err_msg=name)


def test_an_industry_that_cannot_be_fitted_has_a_reason_and_no_numbers() -> None:
    turnover, headcount = log_normal_sample(1)
    industry = ["tiny"] * 3 + ["food"] * (len(turnover) - 3)
    fits, table = estimate(frame(turnover, headcount, industry_code=industry))
    (tiny,) = fits[fits["industry_code"] == "tiny"].to_dict("records")
    assert (tiny["nobs"], tiny["unusable_reason"]) == (3, "only 3 merchants, the fit needs 4")
    assert pd.isna(tiny["r_squared"])
    assert set(table["industry_code"]) == {"all", "food"}


def test_an_industry_in_a_narrow_band_is_fitted_as_if_alone() -> None:
    """In the range of the sample, 0.01 to 12,000, its small powers would be rounded away."""
    turnover, headcount = log_normal_sample(1)
    band, staff = merchants_with(np.round(np.random.default_rng(5).uniform(100, 200, 50), 2))
    sample = frame(
        np.concatenate([[0.01, 12_000], turnover, band]),
        np.concatenate([[1, 300], headcount, staff]),
        industry_code=["food"] * (len(turnover) + 2) + ["band"] * 50,
    )
    together, alone = estimate(sample), estimate(frame(band, staff, industry_code="band"))
    assert alone[0]["certain_digits"].min() > 11
    for tables in zip(together, alone, strict=True):
        ours, theirs = (
            table[table["industry_code"] == "band"].reset_index(drop=True) for table in tables
        )
        pd.testing.assert_frame_equal(ours, theirs, check_exact=True)


@pytest.mark.parametrize(
    ("turnover", "headcount", "reason"),
    [
        ([1, 2, 4], [1, 1, 1], "only 3 merchants, the fit needs 4"),
        (
            [5, 5, 5, 5],
            [1, 2, 3, 4],
            "only one distinct turnover up to rounding, a quadratic needs 3",
        ),
        (
            [5, 6, 5, 6, 5],
            [1, 2, 3, 4, 5],
            "only two distinct turnovers up to rounding, a quadratic needs 3",
        ),
        ([0.1, 0.3, 0.7, 1.1], [1, 3, 7, 11], "all merchants have the same turnover per head"),
        ([1, 2, 3, 4, 5], [1] * 5, "the curve passes through every merchant"),
    ],
)
def test_an_unusable_sample_has_its_reason_beside_one_that_is_usable(
    turnover: list[Any], headcount: list[Any], reason: str
) -> None:
    usable = frame(*log_normal_sample(1), sample_id="usable")
    sample = pd.concat([usable, frame(turnover, headcount, sample_id="unusable")])
    with pytest.raises(UnusableSampleError) as refusal:
        estimate(sample)
    assert str(refusal.value) == reason


def test_importing_the_module_does_not_load_statsmodels() -> None:
    command = (
        "import platform_employment.fit.productivity, sys; print('statsmodels' in sys.modules)"
    )
    process = subprocess.run(
        [sys.executable, "-c", command], capture_output=True, text=True, check=True
    )
    assert process.stdout == "False\n"


# --- diagnostics -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["shipped", "heavy tail", "narrow range"])
def test_tests_are_those_of_statsmodels(name: str) -> None:
    turnover, headcount = SAMPLES[name]()
    fit = whole(estimate(frame(turnover, headcount))[0]).iloc[0]
    # standardised, as statsmodels has no digits left in the plain design of the last sample
    regressors = design((turnover - turnover.mean()) / np.ptp(turnover))
    plain = sm.OLS(turnover / headcount, regressors).fit()
    statistic, p_value, _, _ = het_breuschpagan(plain.resid, regressors)
    np.testing.assert_allclose(fit["breusch_pagan_statistic"], statistic, rtol=1e-8)
    np.testing.assert_allclose(fit["breusch_pagan_p_value"], p_value, rtol=1e-6)
    ramsey = linear_reset(plain, power=2, use_f=True)
    np.testing.assert_allclose(fit["reset_statistic"], ramsey.fvalue, rtol=1e-6)
    np.testing.assert_allclose(fit["reset_p_value"], ramsey.pvalue, rtol=1e-6)


def influential(sample: pd.DataFrame) -> pd.DataFrame:
    """What `fct_influential_merchants` makes of a sample, by rank."""
    with duckdb.connect() as connection:
        merchants_table(connection, sample)
        connection.register("est_merchant_fits", estimate(sample)[0])
        make_table(connection, "int_fit__residuals")
        make_table(connection, "int_fit__leverage_sums")
        connection.execute(
            "create table int_survey__samples as select distinct platform_id, sample_id,"
            " 'synthetic' as provenance, 'tests' as source_id from stg_survey__merchants"
        )
        make_table(connection, "fct_influential_merchants")
        table = connection.table("fct_influential_merchants").order("influence_rank")
        return pd.DataFrame(rows_of(table))


@pytest.mark.parametrize("weights", [[1.0], [0.5, 1, 40.25]], ids=["unweighted", "weighted"])
def test_influence_is_that_of_statsmodels_and_of_a_deleted_merchant(weights: list[float]) -> None:
    turnover, headcount = shipped_sample()
    z, X, n = turnover / headcount, design(turnover), len(turnover)
    weight = np.random.default_rng(4).choice(weights, n)
    root = np.sqrt(weight)
    distances, _ = sm.OLS(root * z, root[:, np.newaxis] * X).fit().get_influence().cooks_distance
    ids = [f"m{i}" for i in range(n)]
    ours = influential(frame(turnover, headcount, merchant_id=ids, survey_weight=weight))
    expected = pd.Series(distances, index=ids).sort_values(ascending=False)
    expected = expected[expected > 4 / n]
    assert len(expected) > 10
    assert list(ours["merchant_id"]) == list(expected.index[:10])
    np.testing.assert_allclose(ours["cooks_distance"], expected[:10], rtol=1e-8)

    plain = sm.WLS(z, X, weights=weight).fit(method="qr")
    for merchant_id, distance in ours[["merchant_id", "cooks_distance"]].to_numpy():
        kept = np.array(ids) != merchant_id
        without = sm.WLS(z[kept], X[kept], weights=weight[kept]).fit(method="qr")
        moved = root * (X @ (plain.params - without.params))
        # the distance of two fits: relative to what the merchant moves, nine digits are left
        np.testing.assert_allclose(distance, moved @ moved / (3 * plain.scale), rtol=1e-8)


def exact_distances(turnover: Floats, headcount: Floats) -> tuple[list[float], list[float]]:
    """1 - leverage and Cook's distance of each merchant, in exact fractions."""
    x = [Fraction(f"{value:.2f}") for value in turnover]
    z = [a / int(people) for a, people in zip(x, headcount, strict=True)]
    sums = [sum(a**k for a in x) for k in range(5)]
    (a, b, c), (_, d, e), (_, _, f) = ([sums[j + k] for k in range(3)] for j in range(3))
    adjugate = [
        [d * f - e * e, c * e - b * f, b * e - c * d],
        [c * e - b * f, a * f - c * c, b * c - a * e],
        [b * e - c * d, b * c - a * e, a * d - b * b],
    ]
    determinant = a * adjugate[0][0] + b * adjugate[1][0] + c * adjugate[2][0]
    cross = [sum(u * v**k for u, v in zip(z, x, strict=True)) for k in range(3)]
    curve = [sum(adjugate[j][k] * cross[k] for k in range(3)) / determinant for j in range(3)]
    powers = [[v**k for k in range(3)] for v in x]
    residuals = [
        u - sum(g * v for g, v in zip(curve, row, strict=True))
        for u, row in zip(z, powers, strict=True)
    ]
    scale = 3 * sum(r * r for r in residuals) / (len(x) - 3)
    rest, distances = [], []
    for row, residual in zip(powers, residuals, strict=True):
        leverage = (
            sum(row[j] * adjugate[j][k] * row[k] for j in range(3) for k in range(3)) / determinant
        )
        rest.append(float(1 - leverage))
        distances.append(float(residual**2 / scale * leverage / (1 - leverage) ** 2))
    return rest, distances


@pytest.mark.parametrize("largest", [2_000, 20_000, 200_000, 5_000_000, 9_000_000])
def test_a_merchant_that_decides_the_curve_alone_is_first(largest: float) -> None:
    """Beside 1,499 merchants of 90 to 110 万元; where its distance has digits they are right."""
    random = np.random.default_rng(7)
    turnover = np.append(np.round(random.uniform(90, 110, 1_499), 2), largest)
    headcount = np.append(random.integers(4, 16, 1_499), 5).astype(np.float64)
    rest, distances = exact_distances(turnover, headcount)
    ours = influential(frame(turnover, headcount))
    first = ours.iloc[0]
    assert first["merchant_id"] == "m1499"
    assert np.isnan(first["cooks_distance"]) == (rest[-1] < 1e-8)
    ranked = ours.dropna(subset="cooks_distance")
    exact = [distances[int(name[1:])] for name in ranked["merchant_id"]]
    np.testing.assert_allclose(ranked["cooks_distance"], exact, rtol=1e-5)
    assert len(ours) == 10


def productivities(turnover: Floats, productivity: Floats, weight: float = 1) -> pd.DataFrame:
    """Merchants with about these productivities; the second half of them with this weight."""
    headcount = np.maximum(1, np.round(turnover / productivity))
    weights = np.where(np.arange(len(turnover)) < len(turnover) / 2, 1, weight)
    return frame(turnover, headcount, survey_weight=weights)


@pytest.mark.parametrize(
    ("productivity", "bounds"),
    [
        pytest.param(lambda x: 10 + 40 * np.sin(x / 9000 * 2.8), (False, True), id="with a peak"),
        pytest.param(lambda x: 5 + 1e-6 * (x - 2000) ** 2, (True, False), id="with a trough"),
        pytest.param(lambda x: 60 - x / 200 - 1e-7 * x**2, (False, True), id="falling"),
        pytest.param(lambda x: 5 + x / 200 + 1e-7 * x**2, (False, False), id="rising"),
    ],
)
def test_the_domain_is_where_the_curve_is_positive_and_rising(
    productivity: Callable[[Floats], Floats], bounds: tuple[bool, bool]
) -> None:
    turnover = np.round(np.linspace(10, 9000, 400), 2)
    sample = productivities(turnover, productivity(turnover), weight=2.5)
    fits, _ = estimate(sample)
    fit = whole(fits).iloc[0]
    low, high = fit["domain_low_wan_yuan"], fit["domain_high_wan_yuan"]
    assert (low > 0, not np.isnan(high)) == bounds
    weight = sample["survey_weight"].to_numpy()
    b2, b1, b0 = np.polyfit(turnover, turnover / sample["headcount"], 2, w=np.sqrt(weight))
    outside = (b0 + b1 * turnover + b2 * turnover**2 <= 0) | (b1 + 2 * b2 * turnover <= 0)
    in_bounds = (turnover > low) & (turnover < (np.inf if np.isnan(high) else high))
    assert (outside == ~in_bounds).all()
    with duckdb.connect() as connection:
        merchants_table(connection, sample)
        connection.register("est_merchant_fits", fits)
        make_table(connection, "int_fit__residuals")
        make_table(connection, "int_fit__leverage_sums")
        sums = connection.table("int_fit__leverage_sums").filter("industry_code = 'all'")
        (row,) = rows_of(sums)
    assert row["merchants_outside_domain"] == outside.sum()
    share = (weight * turnover)[outside].sum() / (weight * turnover).sum()
    np.testing.assert_allclose(row["turnover_share_outside_domain"], share, rtol=1e-12)


def test_the_domain_holds_its_digits_far_from_zero() -> None:
    turnover, _ = narrow_sample(1e8, 1)
    u = turnover - 1e8
    scatter = np.exp(0.05 * np.random.default_rng(1).standard_normal(len(u)))
    sample = productivities(turnover, (10 - 20 * (u - 0.6) ** 2) * scatter)
    fit = whole(estimate(sample)[0]).iloc[0]
    a, b, c = np.polyfit(u, turnover / sample["headcount"], 2)
    root = (-b + np.sqrt(b**2 - 4 * a * c)) / (2 * a)
    bounds = fit[["domain_low_wan_yuan", "domain_high_wan_yuan"]].to_numpy(dtype=np.float64)
    # a double at 1e8 is 1.5e-8 from the next
    np.testing.assert_allclose(bounds - 1e8, [root, -b / (2 * a)], atol=1e-7)


@pytest.mark.parametrize(
    ("turnover", "headcount", "missing"),
    [
        # the square of the fitted values is a combination of 1, x, x^2 on three turnovers
        ([1, 2, 3, 3, 2, 1], [1, 3, 2, 4, 1, 2], "reset"),
        # four turnovers: the wider curve passes through all
        ([1, 2, 2, 4, 8, 8], [1, 1, 1, 3, 4, 4], "reset"),
        # every residual is as large as the next
        ([6, 6, 12, 12, 18, 18, 24, 24], [1, 2, 2, 4, 3, 6, 4, 8], "breusch_pagan"),
    ],
)
def test_a_test_of_nothing_but_rounding_is_left_out(
    turnover: list[float], headcount: list[float], missing: str
) -> None:
    fit = whole(estimate(frame(turnover, headcount))[0]).iloc[0]
    assert np.isnan(fit[f"{missing}_statistic"])
    assert np.isnan(fit[f"{missing}_p_value"])


# --- the curve at the mean turnover ----------------------------------------------------------


def test_the_delta_method_adds_the_errors_of_curve_and_mean() -> None:
    turnover, headcount = shipped_sample()
    n, z = len(turnover), turnover / headcount
    plain = sm.OLS(z, design(turnover)).fit(cov_type="HC1")
    mean = turnover.mean()
    by_params = np.array([1, mean, mean**2])
    by_mean = plain.params[1] + 2 * plain.params[2] * mean
    # each merchant's influence on the curve at the mean, by coefficients and by the mean
    of_params = design(turnover) @ np.linalg.pinv(design(turnover).T @ design(turnover), rcond=0)
    one = (of_params * plain.resid[:, np.newaxis]) @ by_params * np.sqrt(n / (n - 3))
    two = by_mean * (turnover - mean) / n * np.sqrt(n / (n - 1))
    fit = whole(estimate(frame(turnover, headcount))[0]).iloc[0]
    value, error = by_params @ plain.params, np.sqrt(((one + two) ** 2).sum())
    np.testing.assert_allclose(fit["mean_productivity_wan_yuan_per_job"], value, rtol=1e-9)
    np.testing.assert_allclose(fit["mean_productivity_std_error"], error, rtol=1e-7)
    half_width = np.log(fit["mean_productivity_conf_high"] / fit["mean_productivity_conf_low"]) / 2
    np.testing.assert_allclose(half_width, 1.959963984540054 * error / value, rtol=1e-7)


def test_the_mean_turnover_has_the_error_of_a_weighted_mean() -> None:
    turnover, headcount = shipped_sample()
    weight = 1 + np.arange(len(turnover)) % 4
    fit = whole(estimate(frame(turnover, headcount, survey_weight=weight))[0]).iloc[0]
    mean = sm.WLS(turnover, np.ones(len(turnover)), weights=weight).fit(cov_type="HC1")
    np.testing.assert_allclose(fit["mean_turnover_wan_yuan"], mean.params[0], rtol=1e-12)
    factor = np.exp(1.959963984540054 * mean.bse[0] / mean.params[0])
    limits = fit[["mean_turnover_conf_low", "mean_turnover_conf_high"]].to_numpy(dtype=float)
    np.testing.assert_allclose(limits, mean.params[0] * np.array([1 / factor, factor]), rtol=1e-9)


def test_a_replicate_is_the_refit_of_the_resampled_merchants() -> None:
    turnover, headcount = log_normal_sample(1)
    with duckdb.connect() as connection:
        merchants_table(connection, frame(turnover, headcount))
        for model in ("int_fit__moments", "int_fit__block_sums"):
            make_table(connection, model)
        moments = moments_from_rows(rows_of(connection.table("int_fit__moments")))
        rows = rows_of(connection.table("int_fit__block_sums").order("block"))
        block = connection.sql(
            "select substr(md5('block' || merchant_id), 1, 3) as block from stg_survey__merchants"
            " order by cast(substr(merchant_id, 2) as integer)"
        ).df()["block"]
    sums = np.array([[float(row[name]) for name in SUMS] for row in rows])
    ours = mean_productivity_replicates(sums, polynomials(moments), replicates=5)
    counts = np.random.default_rng(SEED).multinomial(
        len(rows), np.full(len(rows), 1 / len(rows)), size=5
    )
    for count, value in zip(counts, ours, strict=True):
        drawn = block.map(dict(zip([row["block"] for row in rows], count, strict=True))).to_numpy()
        plain = sm.WLS(turnover / headcount, design(turnover), weights=drawn).fit(method="qr")
        mean = np.average(turnover, weights=drawn)
        expected = plain.params @ [1, mean, mean**2]
        np.testing.assert_allclose(value * turnover.max(), expected, rtol=1e-9)


def test_the_bootstrap_spreads_like_the_delta_method() -> None:
    fits, _ = estimate(frame(*shipped_sample()))
    fit = whole(fits).iloc[0]
    assert REPLICATES >= 2_000
    widths = [
        np.log(fit[f"{name}_conf_high"] / fit[f"{name}_conf_low"])
        for name in ("bootstrap", "mean_productivity")
    ]
    # two estimates of one error: 1580 blocks leave 2 % to chance, the tail of the sample the rest
    np.testing.assert_allclose(widths[0], widths[1], rtol=0.15)
    assert np.isnan(fits.loc[fits["industry_code"] != "all", "bootstrap_conf_low"]).all()


def test_a_merchant_that_decides_alone_leaves_no_hc3() -> None:
    fits, table = estimate(frame([1, 1, 2, 2, 3], [1, 2, 1, 3, 2]))
    assert set(table["cov_type"]) == {"nonrobust", "HC1"}
    assert fits["unusable_reason"].isna().all()


@pytest.mark.parametrize(
    ("turnover", "headcount"),
    [
        # three turnovers, of which one is that of two merchants: many resamples lack it
        ([10.0] * 40 + [20.0] * 40 + [90.0] * 2, [1, 2] * 20 + [2, 3] * 20 + [4, 5]),
        # a tail so heavy that 1 % of the resampled curves are negative at their mean
        merchants_with(
            np.round(np.exp(2.5 * np.random.default_rng(1).standard_normal(80)) * 50, 2)
        ),
    ],
    ids=["open", "heavy tail"],
)
def test_a_bootstrap_without_meaning_is_left_out(turnover: Any, headcount: Any) -> None:
    fit = whole(estimate(frame(turnover, headcount))[0]).iloc[0]
    assert np.isnan(fit["bootstrap_conf_low"])


def test_few_merchants_have_no_bootstrap() -> None:
    turnover, headcount = log_normal_sample(1)
    fit = whole(estimate(frame(turnover[:40], headcount[:40]))[0]).iloc[0]
    assert np.isnan(fit["bootstrap_conf_low"])
    assert fit["mean_productivity_conf_low"] > 0
