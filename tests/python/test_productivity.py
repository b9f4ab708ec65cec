"""The fit of equation 2.1 against plain statsmodels, 50-digit arithmetic and closed forms."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import mpmath
import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from platform_employment.productivity import UnusableSampleError, fit_merchant_productivity

SEED = Path(__file__).parents[2] / "seeds/survey/merchant_sample.csv"
COV_TYPES = ["nonrobust", "HC1", "HC3"]
TERMS = ["intercept", "turnover", "turnover_squared"]

Floats = npt.NDArray[np.float64]
Sample = tuple[Floats, Floats]


def frame(turnover: Any, headcount: Any, sample_id: str = "s") -> pd.DataFrame:
    return pd.DataFrame(
        {
            "platform_id": "p",
            "sample_id": sample_id,
            "turnover_wan_yuan": turnover,
            "headcount": headcount,
        }
    )


def by_cov_type(fit: pd.DataFrame, column: str) -> Floats:
    """The column as 3 x 3: a row per cov_type, a column per term."""
    return fit[column].to_numpy(dtype=np.float64).reshape(3, 3)


def shipped_sample() -> Sample:
    seed = pd.read_csv(SEED)
    return seed["turnover_wan_yuan"].to_numpy(), seed["headcount"].to_numpy(dtype=np.float64)


def log_normal_sample(log_sd: float) -> Sample:
    random = np.random.default_rng(1)
    return merchants_with(np.round(np.exp(4 + log_sd * random.standard_normal(500)) + 0.01, 2))


def narrow_sample(lowest: float, width: float) -> Sample:
    random = np.random.default_rng(2)
    return merchants_with(np.round(lowest + width * random.random(500), 2))


def merchants_with(turnover: Floats) -> Sample:
    scatter = np.exp(0.3 * np.random.default_rng(3).standard_normal(len(turnover)))
    return turnover, np.maximum(1, np.round(turnover / (8 + 0.06 * turnover) * scatter))


SAMPLES: dict[str, Callable[[], Sample]] = {
    "shipped": shipped_sample,
    "heavy tail": lambda: log_normal_sample(2),
    "heavier tail": lambda: log_normal_sample(3),
    "narrow range": lambda: narrow_sample(1e4, 10),
    "narrow range far from zero": lambda: narrow_sample(1e8, 1),
}


@pytest.mark.parametrize("number", range(3), ids=COV_TYPES)
def test_equals_plain_statsmodels_on_the_shipped_sample(number: int) -> None:
    turnover, headcount = shipped_sample()
    fit = fit_merchant_productivity(frame(turnover, headcount))
    design = np.column_stack([np.ones(len(turnover)), turnover, turnover**2])
    plain = sm.OLS(turnover / headcount, design).fit(cov_type=COV_TYPES[number])
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
        "condition_number": plain.condition_number,
    }
    for name, values in expected.items():
        # plain statsmodels itself is 1e-11 off here (see the 50-digit test)
        np.testing.assert_allclose(fit[name], values, rtol=1e-9, err_msg=name)
    # the relative error of a tail probability is z^2 times that of z, and z is near 50
    np.testing.assert_allclose(fit["p_value"], plain.pvalues, rtol=1e-7)


@pytest.mark.parametrize("name", SAMPLES)
def test_holds_twelve_digits_against_fifty(name: str) -> None:
    turnover, headcount = SAMPLES[name]()
    fit = fit_merchant_productivity(frame(turnover, headcount))
    exact = fifty_digit_fit(turnover, headcount)
    # 1e-13 was the worst of estimates and errors; p-values and intervals follow from them
    np.testing.assert_allclose(by_cov_type(fit, "estimate"), [exact.estimates] * 3, rtol=1e-12)
    np.testing.assert_allclose(by_cov_type(fit, "std_error"), exact.std_errors, rtol=1e-12)
    # 1e33 on the last one: the design's own singular values stop making sense at 1e16
    np.testing.assert_allclose(fit["condition_number"], exact.condition_number, rtol=1e-12)


class ExactFit(NamedTuple):
    estimates: Floats  # by term
    std_errors: Floats  # by cov_type and term
    condition_number: float  # of [1, x, x^2]
    largest_estimates: Floats  # by term, over all productivities of the same length


def fifty_digit_fit(turnover: Floats, headcount: Floats) -> ExactFit:
    """The normal equations of equation 2.1, solved with digits to spare."""
    with mpmath.workdps(100):  # condition numbers near 1e33 enter squared
        n = len(turnover)
        x = [mpmath.mpf(float(value)) for value in turnover]
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
        hc3 = [s / (1 - h) ** 2 for s, h in zip(squares, leverage, strict=True)]
        covariances = [
            inverse * mpmath.fsum(squares) / (n - 3),
            inverse * gram(squares) * inverse * n / (n - 3),
            inverse * gram(hc3) * inverse,
        ]
        eigenvalues = mpmath.eigsy(normal, eigvals_only=True)
        variances = [[c[k, k] for k in range(3)] for c in covariances]
        length = mpmath.norm(productivity)
        return ExactFit(
            estimates=np.array([float(value) for value in b]),
            std_errors=np.array([[float(mpmath.sqrt(v)) for v in row] for row in variances]),
            condition_number=float(mpmath.sqrt(max(eigenvalues) / min(eigenvalues))),
            largest_estimates=np.array(
                [float(length * mpmath.sqrt(inverse[k, k])) for k in range(3)]
            ),
        )


@given(
    means=st.lists(st.floats(50, 500), min_size=3, max_size=3),
    deviations=st.lists(st.floats(0.1, 100), min_size=3, max_size=3),
)
@settings(deadline=None)
def test_two_merchants_at_each_of_three_turnovers(
    means: list[float], deviations: list[float]
) -> None:
    """The curve passes through the three means; every error is a sum of three variances."""
    turnover = np.repeat([1.0, 2.0, 3.0], 2)
    productivity = np.repeat(means, 2) + np.array([1, -1] * 3) * np.repeat(deviations, 2)
    assume(productivity.min() > 1)
    fit = fit_merchant_productivity(frame(turnover, turnover / productivity))

    # the quadratic through (1, m1), (2, m2), (3, m3)
    from_means = np.array([[3, -3, 1], [-2.5, 4, -1.5], [0.5, -1, 0.5]])
    squares = np.square(deviations)
    variance_of_means = [
        np.full(3, 2 * squares.sum() / 3 / 2),  # s^2 / 2, s^2 from 6 residuals and 3 df
        2 * squares / 4 * 6 / 3,  # sum of e^2 / 2^2, times n / (n - 3)
        2 * 4 * squares / 4,  # the same with e / (1 - leverage), leverage 1 / 2
    ]
    # the 1e-12 that rounding costs is relative to the largest term: the sums above cancel
    scale = np.abs(from_means) @ means
    for row in by_cov_type(fit, "estimate"):
        assert np.all(np.abs(row - from_means @ means) <= 1e-12 * scale)
    std_errors = [np.sqrt(from_means**2 @ variances) for variances in variance_of_means]
    # productivity is rounded at 1e-16 of up to 600, errors are at least 0.1
    np.testing.assert_allclose(by_cov_type(fit, "std_error"), std_errors, rtol=1e-11)


cents = st.integers(1, 10**10).map(lambda value: value / 100)
people = st.integers(1, 10_000).map(float)


# the covariance matrix of all coefficients at once is half off in its variance of the intercept
@example(merchants=[(0.01, 1.0), (0.02, 1.0), (0.11, 1.0), (662.05, 1.0), (662.05, 2.0)])
@given(merchants=st.lists(st.tuples(cents, people), min_size=4, max_size=12))
@settings(deadline=None, max_examples=300)
def test_any_sample_is_fitted_right_or_refused(merchants: list[tuple[float, float]]) -> None:
    turnover, headcount = np.array(merchants).T
    try:
        fit = fit_merchant_productivity(frame(turnover, headcount))
    except UnusableSampleError:
        return
    assert np.isfinite(fit.select_dtypes("number")).all(axis=None)
    assert (fit["conf_low"] < fit["estimate"]).all()
    assert (fit["estimate"] < fit["conf_high"]).all()

    exact = fifty_digit_fit(turnover, headcount)
    # Collinear regressors cost the estimates four of nearly 16 digits. Rounding of a residual is
    # 1e-15 of the productivities: 1e-5 where the curve almost meets them, and HC3 divides it by
    # 1 - leverage, at least 1e-8.
    errors = np.abs(by_cov_type(fit, "estimate") - exact.estimates)
    assert (errors <= 1e-11 * exact.largest_estimates).all()
    errors = np.abs(by_cov_type(fit, "std_error") - exact.std_errors)
    for_hc3 = np.outer([0, 0, 1e-7], exact.largest_estimates)
    assert (errors <= 1e-5 * exact.std_errors + for_hc3).all()


def test_unit_of_turnover_changes_units_only() -> None:
    turnover, headcount = shipped_sample()
    in_wan = fit_merchant_productivity(frame(turnover, headcount))
    in_yuan = fit_merchant_productivity(frame(turnover * 10_000, headcount))
    unit = np.array([1e4, 1, 1e-4])
    for name in ["estimate", "std_error", "conf_low", "conf_high"]:
        converted = by_cov_type(in_wan, name) * unit
        np.testing.assert_allclose(by_cov_type(in_yuan, name), converted, rtol=1e-12)
    np.testing.assert_allclose(in_yuan["r_squared"], in_wan["r_squared"], rtol=1e-12)


def test_order_of_rows_does_not_change_a_bit() -> None:
    sample = frame(*shipped_sample())
    shuffled = sample.sample(frac=1, random_state=1)
    assert not shuffled.index.equals(sample.index)
    pd.testing.assert_frame_equal(
        fit_merchant_productivity(shuffled), fit_merchant_productivity(sample), check_exact=True
    )


def test_each_sample_is_fitted_by_itself() -> None:
    first = frame(*log_normal_sample(1), sample_id="first")
    second = frame(*log_normal_sample(2), sample_id="second")
    other = second.assign(platform_id="a")
    together = fit_merchant_productivity(pd.concat([first, second, other]).sample(frac=1))
    alone = [fit_merchant_productivity(sample) for sample in (other, first, second)]
    pd.testing.assert_frame_equal(together, pd.concat(alone, ignore_index=True), check_exact=True)


def test_one_row_per_sample_cov_type_and_term() -> None:
    fit = fit_merchant_productivity(pd.read_csv(SEED))
    assert fit.dtypes.astype(str).to_dict() == {
        "platform_id": "str",
        "sample_id": "str",
        "cov_type": "str",
        "term": "str",
        "estimate": "float64",
        "std_error": "float64",
        "statistic": "float64",
        "p_value": "float64",
        "conf_low": "float64",
        "conf_high": "float64",
        "nobs": "int64",
        "df_resid": "int64",
        "r_squared": "float64",
        "condition_number": "float64",
    }
    keys = fit[["platform_id", "sample_id", "cov_type", "term"]].to_numpy().tolist()
    assert keys == [
        ["kuaishou", "synthetic_2021", cov_type, term] for cov_type in COV_TYPES for term in TERMS
    ]


@pytest.mark.parametrize(
    "convert",
    [lambda v: [Decimal(str(x)) for x in v], lambda v: v.astype(str), pd.array],
    ids=["decimal", "text", "nullable"],
)
def test_numbers_may_come_in_any_type(convert: Callable[[Any], Any]) -> None:
    turnover, headcount = shipped_sample()
    pd.testing.assert_frame_equal(
        fit_merchant_productivity(frame(convert(turnover), convert(headcount))),
        fit_merchant_productivity(frame(turnover, headcount)),
        check_exact=True,
    )


NOT_NUMBERS = "1 of 5 values of {} are not positive finite numbers"


@pytest.mark.parametrize(
    ("turnover", "headcount", "reason"),
    [
        ([1, 2, 4], [1, 1, 1], "only 3 merchants, the fit needs 4"),
        ([5, 5, 5, 5], [1, 2, 3, 4], "only 1 distinct turnovers, a quadratic needs 3"),
        ([5, 6, 5, 6, 5], [1, 2, 3, 4, 5], "only 2 distinct turnovers, a quadratic needs 3"),
        ([0.1, 0.3, 0.7, 1.1], [1, 3, 7, 11], "all merchants have the same turnover per head"),
        ([1, 2, 3, 4, 5], [1] * 5, "the curve passes through every merchant"),
        (
            [1, 1, 1 + 1e-5, 1 + 1e-5, 3, 3],
            [1, 2, 1, 3, 2, 1],
            "turnovers are too close to two values to fit a quadratic",
        ),
        (
            [1, 1, 2, 2, 3],
            [1, 2, 1, 3, 2],
            "one merchant, of turnover 3.0, decides a coefficient alone",
        ),
        (
            [1, 1, 2, 2, 3, 3, 1e3],
            [1, 2, 1, 3, 2, 1, 9],
            "one merchant, of turnover 1000.0, decides a coefficient alone",
        ),
        ([1, 2, np.nan, 4, 5], [1, 2, 1, 2, 1], NOT_NUMBERS.format("turnover_wan_yuan")),
        ([1, 2, np.inf, 4, 5], [1, 2, 1, 2, 1], NOT_NUMBERS.format("turnover_wan_yuan")),
        ([1, 2, 1e200, 4, 5], [1, 2, 1, 2, 1], NOT_NUMBERS.format("turnover_wan_yuan")),
        ([1, 2, 1e-200, 4, 5], [1, 2, 1, 2, 1], NOT_NUMBERS.format("turnover_wan_yuan")),
        ([1, 2, 0, 4, 5], [1, 2, 1, 2, 1], NOT_NUMBERS.format("turnover_wan_yuan")),
        ([1, 2, "3万", 4, 5], [1, 2, 1, 2, 1], NOT_NUMBERS.format("turnover_wan_yuan")),
        ([1, 2, 3, 4, 5], [1, 2, None, 2, 1], NOT_NUMBERS.format("headcount")),
        ([1, 2, 3, 4, 5], [1, 2, -np.inf, 2, 1], NOT_NUMBERS.format("headcount")),
        ([1, 2, 3, 4, 5], [1, 2, 0, 2, 1], NOT_NUMBERS.format("headcount")),
        ([1, 2, 3, 4, 5], [1, 2, -1, 2, 1], NOT_NUMBERS.format("headcount")),
    ],
)
def test_unusable_samples_are_refused_in_one_line(
    turnover: list[Any], headcount: list[Any], reason: str
) -> None:
    usable = frame(*log_normal_sample(1), sample_id="usable")
    sample = pd.concat([usable, frame(turnover, headcount, sample_id="unusable")])
    with pytest.raises(UnusableSampleError) as refusal:
        fit_merchant_productivity(sample)
    assert str(refusal.value) == f"merchant sample unusable of platform p: {reason}"
    assert isinstance(refusal.value, ValueError)


@pytest.mark.parametrize(
    ("sample", "reason"),
    [
        (frame([1], [1])[["platform_id", "headcount"]], "lacks the columns: sample_id, turnover"),
        (frame([], []), "has no rows"),
        (frame([1, 2], [1, 1]).assign(sample_id=["s", np.nan]), "has rows without platform_id or"),
    ],
)
def test_unusable_frames_are_refused(sample: pd.DataFrame, reason: str) -> None:
    with pytest.raises(UnusableSampleError, match=f"^merchant sample {reason}"):
        fit_merchant_productivity(sample)


def test_importing_the_module_does_not_load_statsmodels() -> None:
    command = "import platform_employment.productivity, sys; print('statsmodels' in sys.modules)"
    process = subprocess.run(
        [sys.executable, "-c", command], capture_output=True, text=True, check=True
    )
    assert process.stdout == "False\n"
