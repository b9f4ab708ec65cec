"""Equation 2.1 of the report, x / y = b0 + b1 x + b2 x^2, fitted to merchants in memory.

Weighted least squares of statsmodels with classic, HC1 and HC3 errors, its tests, leverage and
Cook's distance, the curve at the mean turnover, and a permutation placebo. x is yearly online
turnover in 万元, y headcount.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import fft, stats
from statsmodels.regression.linear_model import OLS, WLS
from statsmodels.stats.diagnostic import het_breuschpagan, linear_reset

from platform_employment.fit.design import AS_IF_RANDOM, NONE, RANGE, Floats, Survey
from platform_employment.fit.estimators import (
    MIN_MERCHANTS,
    ROUNDING_TOLERANCE,
    Corrected,
    NotEstimableError,
    Sample,
    UnusableSampleError,
    orthonormal,
    outside_domain,
)

TERMS = ("intercept", "turnover", "turnover_squared")
SIGNIFICANCE_LEVEL = 0.05
# Nearer to one, rounding decides the leverage: the curve passes through that merchant for any
# headcount, and there are no HC3 errors.
LEVERAGE_TOLERANCE = 1e-8
# Share of u or u^2 that those before it leave unexplained: below, rounding reaches the curve.
COLLINEARITY_TOLERANCE = 1e-8
# Of the lowest turnover: in a narrower band the coefficients of x and x^2 cancel in doubles.
MIN_RELATIVE_RANGE = 1e-6
MAX_INFLUENTIAL = 10
PERMUTATIONS, PLACEBO_SEED, PLACEBO_LIMITS = 999, 20220228, (0.025, 0.975)
MAX_SHUFFLED_MERCHANTS = 10_000  # the headcounts of more are moved around, which takes no longer

Booleans = npt.NDArray[np.bool_]


@dataclass
class Fit:
    """One fit.

    Args:
        numbers: by the columns of `est_merchant_fits`.
        coefficients: a row for each covariance type and term.
        influential: the merchants with the largest Cook's distance.
    """

    numbers: dict[str, Any]
    coefficients: list[dict[str, Any]] = field(default_factory=list)
    influential: list[dict[str, Any]] = field(default_factory=list)


def fit_productivity(
    merchants: pd.DataFrame, found: Corrected, members: Booleans | None = None
) -> Fit:
    """Fit equation 2.1 to a sample or to some of its merchants.

    Args:
        merchants: the rows of the sample, in the order of `found`: merchant_id, turnover_wan_yuan
            and headcount are copied to the influential merchants.
        found: their numbers and survey.
        members: the merchants of an industry: n; None for all.

    Raises:
        UnusableSampleError: too few merchants or turnovers, or productivity without scatter.
    """
    whole, survey = found.sample, found.survey
    if members is None:
        members = np.ones(len(whole.x), dtype=bool)
    s = Sample(whole.x[members], whole.y[members], whole.w[members])
    refuse_unusable(s)
    is_designed = survey.is_declared or survey.regressors is not None

    def embedded(influence: Floats) -> Floats:
        """Return merchants outside the industry an influence of 0: n x k of the whole sample."""
        full = np.zeros((len(whole.x), influence.shape[1]))
        full[members] = influence
        return full

    model = WLS(s.p, s.X, weights=s.w).fit(method="qr")
    d, n, freedom = model.params, len(s.x), int(model.df_resid)
    q, to_powers = orthonormal(s.X, s.w, COLLINEARITY_TOLERANCE)
    leverage = s.w * (q * q).sum(axis=1)
    influence = (s.w * model.resid)[:, None] * q @ to_powers.T
    covariance = model.get_robustcov_results("HC1", use_t=False).cov_params()
    design_freedom = None
    if is_designed:
        covariance, design_freedom = survey.covariance(embedded(influence))
    condition = np.linalg.cond(np.sqrt(s.w)[:, None] * s.X / np.sqrt(s.w @ s.X**2))
    outside = outside_domain(s, d)
    numbers: dict[str, Any] = {
        "nobs": n,
        "r_squared": model.rsquared,
        "condition_number": condition,
        "largest_leverage": leverage.max(),
        "merchants_outside_domain": int(outside.sum()),
        "turnover_share_outside_domain": s.w[outside] @ s.x[outside] / s.total,
        "lowest_wan_yuan": s.low,
        "range_wan_yuan": s.span,
        "interval_kind": survey.kind,
        "no_interval_reason": survey.no_interval_reason,
        "degrees_of_freedom": design_freedom,
        "warnings": "; ".join(survey.warnings) or None,
    }
    numbers |= {f"fitted_{k}": d[k] for k in range(3)}
    numbers |= {f"covariance_{j}_{k}": covariance[j, k] for j in range(3) for k in range(j, 3)}
    numbers["domain_low_wan_yuan"], numbers["domain_high_wan_yuan"] = domain(s.low, s.span, d)
    if np.ptp(s.w) == 0:
        numbers |= specification_tests(s)

    numbers |= _at_mean(s, d, influence, survey, embedded if is_designed else None)
    if survey.kind == RANGE:
        # the lowest and highest limit over the assumed tails
        tails = [
            fit_productivity(
                merchants,
                Corrected(tail, replace(of_tail, kind=AS_IF_RANDOM), None, ()),
                members,
            ).numbers
            for tail, of_tail in found.tails
        ]
        for name in ("mean_turnover", "mean_productivity"):
            numbers[f"{name}_conf_low"] = min(tail[f"{name}_conf_low"] for tail in tails)
            numbers[f"{name}_conf_high"] = max(tail[f"{name}_conf_high"] for tail in tails)

    decides_alone = 1 - leverage < LEVERAGE_TOLERANCE
    coefficients = _coefficients(
        model, s, survey, None if decides_alone.any() else "HC3", is_designed=is_designed
    )
    if is_designed:
        to_x = powers_of_turnover(s.low, s.span)
        errors = np.sqrt(np.diag(to_x @ covariance @ to_x.T))
        rows = coefficient_rows("design", to_x @ d, errors, stats.t(design_freedom))
        coefficients += with_kind(rows, survey.kind)
    for row in coefficients:
        row |= {
            "nobs": n,
            "df_resid": freedom,
            "r_squared": model.rsquared,
            "condition_number": condition,
        }

    influential = _influential(merchants[members], s, model, leverage)
    return Fit(numbers, coefficients, influential)


def _at_mean(
    s: Sample,
    d: Floats,
    influence: Floats,
    survey: Survey,
    embedded: Callable[[Floats], Floats] | None,
) -> dict[str, Any]:
    """Return the mean turnover and the curve there, with errors for the declared design.

    Without a declared design (`embedded` is not one) the error of the curve is HC1's.
    """
    n, freedom = len(s.x), None
    g = s.powers(s.mean)
    slope = (d[1] + 2 * d[2] * g[1]) / s.span
    at_mean, mean_influence = influence @ g, s.mean_influence
    if embedded:
        both = np.column_stack([at_mean + slope * mean_influence, mean_influence])
        variances, freedom = survey.covariance(embedded(both))
        error, mean_error = np.sqrt(np.diag(variances))
    else:
        hc1, by_merchants = np.sqrt(n / (n - 3)), np.sqrt(n / (n - 1))
        total = hc1 * at_mean + by_merchants * slope * mean_influence
        error = np.sqrt(total @ total)
        mean_error = by_merchants * np.sqrt(mean_influence @ mean_influence)
    return means(s.mean, mean_error, float(g @ d), error, survey, freedom)


def _influential(
    merchants: pd.DataFrame, s: Sample, model: Any, leverage: Floats
) -> list[dict[str, Any]]:
    """Return the ten merchants with the largest Cook's distance above 4 / n.

    A merchant that decides the curve alone has no distance and comes first.
    """
    decides_alone = 1 - leverage < LEVERAGE_TOLERANCE
    distance = np.full(len(s.x), np.nan)
    np.divide(
        s.w * model.resid**2 * leverage,
        (1 - leverage) ** 2 * 3 * model.scale,
        out=distance,
        where=~decides_alone,
    )
    ranked = merchants[["merchant_id", "turnover_wan_yuan", "headcount"]].assign(
        fitted_wan_yuan_per_job=model.fittedvalues,
        residual_wan_yuan_per_job=model.resid,
        leverage=leverage,
        cooks_distance=distance,
    )
    ranked = ranked[decides_alone | (distance > 4 / len(s.x))].sort_values(
        ["cooks_distance", "merchant_id"], ascending=[False, True], na_position="first"
    )
    records: list[Any] = ranked.head(MAX_INFLUENTIAL).to_dict("records")
    return records


def _coefficients(
    model: Any, s: Sample, survey: Survey, hc3: str | None, *, is_designed: bool
) -> list[dict[str, Any]]:
    """Return the terms with classic, HC1 and HC3 errors, the ones of merchants drawn one by one.

    Under a declared design of another kind their limits are as if random.
    """
    # coefficients of 1, x, x^2 are to_x times the ones of 1, u, u^2
    to_x = powers_of_turnover(s.low, s.span)
    kind = survey.kind
    if is_designed and kind not in {NONE, RANGE}:
        kind = AS_IF_RANDOM
    found: list[dict[str, Any]] = []
    for cov_type in filter(None, ("nonrobust", "HC1", hc3)):
        results, distribution = model, stats.t(model.df_resid)
        if cov_type != "nonrobust":
            results, distribution = (
                model.get_robustcov_results(cov_type, use_t=False),
                stats.norm(),
            )
        errors = np.sqrt(np.diag(to_x @ results.cov_params() @ to_x.T))
        rows = coefficient_rows(cov_type, to_x @ model.params, errors, distribution)
        found += with_kind(rows, kind)
    return found


def refuse_unusable(s: Sample) -> None:
    """Raise UnusableSampleError if equation 2.1 cannot be fitted."""
    n, distinct = len(s.x), len(np.unique(s.x))
    if n < MIN_MERCHANTS:
        raise UnusableSampleError(f"only {n} merchants, the fit needs {MIN_MERCHANTS}")
    if distinct < 3:  # noqa: PLR2004 (a quadratic)
        number = ("one distinct turnover", "two distinct turnovers")[distinct - 1]
        raise UnusableSampleError(f"only {number}, a quadratic needs 3")
    refuse_narrow_band(s.low, s.span)
    try:
        q, _ = orthonormal(s.X, s.w, COLLINEARITY_TOLERANCE)
    except NotEstimableError:
        raise UnusableSampleError(
            "turnovers are too close to two values, or one merchant has nearly all the weight"
        ) from None
    c = (s.w[:, None] * q).T @ s.p
    residual = s.p - q @ c
    refuse_without_scatter(
        total=float(s.w @ s.p**2),
        scatter=float(s.w @ (s.p - np.average(s.p, weights=s.w)) ** 2),
        rss=float(s.w @ residual**2),
    )


def refuse_narrow_band(low: float, span: float) -> None:
    """Raise UnusableSampleError if turnovers lie in a band too narrow for doubles."""
    if span < MIN_RELATIVE_RANGE * low:
        raise UnusableSampleError(
            f"all turnovers lie within {span:g} of {low:g} 万元: a band this narrow has no curve in"
            " double precision"
        )


def refuse_without_scatter(*, total: float, scatter: float, rss: float) -> None:
    """Raise UnusableSampleError if productivity is constant or follows the curve exactly.

    Args:
        total: sum of squares of productivity.
        scatter: sum of squares about its mean.
        rss: sum of squares about the curve.
    """
    negligible = ROUNDING_TOLERANCE**2 * total
    if scatter <= negligible:
        raise UnusableSampleError("all merchants have the same turnover per head")
    if rss <= negligible:
        raise UnusableSampleError("the curve passes through every merchant")


def powers_of_turnover(low: float, span: float) -> Floats:
    """Return the matrix from coefficients of 1, u, u^2 to the ones of 1, x, x^2: 3 x 3."""
    a, b = low / span, 1 / span
    return np.array([[1, -a, a * a], [0, b, -2 * a * b], [0, 0, b * b]])


def coefficient_rows(
    cov_type: str, estimates: Floats, errors: Floats, distribution: Any
) -> list[dict[str, Any]]:
    """Return estimate, error, test of zero and 95 % limits of each term."""
    quantile = distribution.ppf(1 - SIGNIFICANCE_LEVEL / 2)
    return [
        {
            "cov_type": cov_type,
            "term": term,
            "estimate": float(estimate),
            "std_error": float(error),
            "statistic": float(estimate / error),
            "p_value": float(2 * distribution.sf(abs(estimate / error))),
            "conf_low": float(estimate - quantile * error),
            "conf_high": float(estimate + quantile * error),
        }
        for term, estimate, error in zip(TERMS, estimates, errors, strict=True)
    ]


def with_kind(rows: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    """Describe what the limits of coefficients claim; a censored sample claims nothing."""
    for row in rows:
        row["interval_kind"] = NONE if kind == RANGE else kind
        if row["interval_kind"] == NONE:
            row |= {"conf_low": None, "conf_high": None}
    return rows


def means(
    turnover: float,
    turnover_error: float,
    productivity: float,
    productivity_error: float,
    survey: Survey,
    degrees_of_freedom: int | None,
) -> dict[str, Any]:
    """Return mean turnover and productivity there, with 95 % limits on the logarithmic scale.

    An error as large as the value has no limits.
    """
    quantile = survey.quantile(degrees_of_freedom or 1)

    def limits(value: float, error: float) -> tuple[float | None, float | None]:
        if survey.kind == NONE or not error < value:
            return None, None
        factor = float(np.exp(quantile * error / value))
        return value / factor, value * factor

    turnover_low, turnover_high = limits(turnover, turnover_error)
    low, high = limits(productivity, productivity_error)
    return {
        "mean_turnover_wan_yuan": turnover,
        "mean_turnover_conf_low": turnover_low,
        "mean_turnover_conf_high": turnover_high,
        "mean_productivity_wan_yuan_per_job": productivity,
        "mean_productivity_std_error": productivity_error,
        "mean_productivity_conf_low": low,
        "mean_productivity_conf_high": high,
    }


def domain(low: float, span: float, d: Floats) -> tuple[float | None, float | None]:
    """Return the turnovers between which the curve is positive and rising; None for no bound.

    Both are zero for a curve without such turnovers. d: coefficients of 1, u, u^2.
    """

    def turnover(u: float) -> float:
        return max(0.0, low + span * u)

    if d[2] == 0:
        return (turnover(-d[0] / d[1]), None) if d[1] > 0 else (0, 0)
    turning_point = turnover(-d[1] / (2 * d[2]))
    discriminant = d[1] ** 2 - 4 * d[0] * d[2]
    # the root on the rising branch: below it the curve is negative
    root = turnover((-d[1] + np.sqrt(discriminant)) / (2 * d[2])) if discriminant >= 0 else None
    if d[2] > 0:
        return turning_point if root is None else root, None
    if root is None or turning_point == 0:
        return 0, 0
    return root, turning_point


def specification_tests(s: Sample) -> dict[str, float]:
    """Return the Breusch-Pagan test (Koenker's form) and Ramsey's RESET with the squared fit.

    A test of nothing but rounding is left out: squared residuals that are all alike, a squared fit
    that 1, x, x^2 explain (three turnovers), and a wider curve through every merchant. For equal
    weights only.
    """
    found: dict[str, float] = {}
    plain = OLS(s.p, s.X).fit(method="qr")
    squares = plain.resid**2
    if squares.std() > 1e-6 * squares.mean():
        statistic, p_value, *_ = het_breuschpagan(plain.resid, s.X)
        found |= {"breusch_pagan_statistic": statistic, "breusch_pagan_p_value": p_value}
    square = plain.fittedvalues**2
    unexplained = OLS(square, s.X).fit(method="qr").resid
    if len(s.x) > MIN_MERCHANTS and np.linalg.norm(unexplained) > 1e-7 * np.linalg.norm(square):
        test = linear_reset(plain, power=2, use_f=True)
        wider = plain.ssr - (unexplained @ plain.resid) ** 2 / (unexplained @ unexplained)
        if wider > 1e-12 * (s.p @ s.p):
            found |= {
                "reset_statistic": float(np.ravel(test.fvalue)[0]),
                "reset_p_value": float(test.pvalue),
            }
    return found


def placebo(s: Sample) -> Mapping[str, float]:
    """Fit the equation to 999 random permutations of headcounts among the same merchants.

    Turnover is on both sides of equation 2.1: even if headcount has nothing to do with turnover,
    x / y rises with x. Only the distance between a fit and its placebo is evidence. Too few
    merchants have no placebo.

    Returns R squared and b1 of the merchants and, of the permutations, means, 2.5 and 97.5 %
    quantiles and the share with at least the R squared of the merchants (p-value).
    """
    try:
        refuse_unusable(s)
    except UnusableSampleError:
        return {}
    root = np.sqrt(s.w / s.w.sum())
    q, triangle = np.linalg.qr(root[:, None] * s.X)
    to_b1 = powers_of_turnover(s.low, s.span)[1] @ np.linalg.inv(triangle)
    permuted = _shuffled if len(s.x) <= MAX_SHUFFLED_MERCHANTS else _moved_around
    products, squares = permuted(q, root * s.x, s.y)
    # the merchants themselves come first
    shares = (products[:, 1] ** 2 + products[:, 2] ** 2) / (squares - products[:, 0] ** 2)
    slopes = products @ to_b1
    share_low, share_high = np.quantile(shares[1:], PLACEBO_LIMITS)
    slope_low, slope_high = np.quantile(slopes[1:], PLACEBO_LIMITS)
    return {
        "placebo_merchants": len(s.x),
        "sample_r_squared": shares[0],
        "placebo_r_squared": shares[1:].mean(),
        "placebo_r_squared_low": share_low,
        "placebo_r_squared_high": share_high,
        "sample_b1": slopes[0],
        "placebo_b1": slopes[1:].mean(),
        "placebo_b1_low": slope_low,
        "placebo_b1_high": slope_high,
        # the sample is one of the permutations that could have been drawn
        "placebo_p_value": np.mean(shares >= shares[0]),
    }


def _shuffled(q: Floats, turnover: Floats, headcount: Floats) -> tuple[Floats, Floats]:
    """Return products q'z and squares z'z of z = turnover / headcount and of its permutations.

    Args:
        q: orthonormal regressors: n x 3.
        turnover: times the root of the weight: n.
        headcount: what is permuted: n.

    Returns:
        1,000 x 3 and 1,000; the first row has headcounts in their own places.
    """
    random = np.random.default_rng(PLACEBO_SEED)
    products, squares = np.empty((1 + PERMUTATIONS, 3)), np.empty(1 + PERMUTATIONS)
    shuffled = (random.permutation(headcount) for _ in range(PERMUTATIONS))
    for row, permuted in enumerate(chain([headcount], shuffled)):
        z = turnover / permuted
        products[row], squares[row] = z @ q, z @ z
    return products, squares


def _moved_around(q: Floats, turnover: Floats, headcount: Floats) -> tuple[Floats, Floats]:
    """Return what `_shuffled` does, of merchants in a random order round which headcounts move.

    Moves by 0 to n - 1 places are a group, so that the test is exact (Hemerik and Goeman, Exact
    testing with random permutations, TEST 27, 2018, 811-825), and one convolution has them all.
    """
    random = np.random.default_rng(PLACEBO_SEED)
    n = len(headcount)
    order = random.permutation(n)
    places = np.append(0, 1 + random.choice(n - 1, PERMUTATIONS, replace=False))
    turnover, inverse = turnover[order], 1 / headcount[order]

    def sums(still: Floats, moved: Floats) -> Floats:
        both = fft.rfft(still, axis=0).conj() * fft.rfft(moved, axis=0)
        return np.asarray(fft.irfft(both, n, axis=0)[places])

    products = sums(turnover[:, None] * q[order], inverse[:, None])
    return products, sums(turnover**2, inverse**2)
