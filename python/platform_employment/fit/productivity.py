"""Tables of the fit of equation 2.1: what the dbt models of the merchants return.

Each sample is fitted as a whole and by industry, on the same moments. Survey weights count; in a
sample without they are all 1, which is the report's unweighted fit.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from statistics import NormalDist
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from platform_employment.duckdb_rows import rows_of
from platform_employment.fit.bootstrap import mean_productivity_interval
from platform_employment.fit.diagnostics import Test, breusch_pagan, reset
from platform_employment.fit.moments import (
    TERMS,
    Moments,
    Polynomials,
    ProductivityFit,
    UnusableSampleError,
    fit_from_moments,
    moments_from_rows,
    polynomials,
    pooled,
)

SAMPLE_KEY = ("platform_id", "sample_id")
# The name of the fit of all industries together.
ALL_INDUSTRIES = "all"
SIGNIFICANCE_LEVEL = 0.05  # of the 95 % confidence intervals
# HC3 divides by 1 - leverage, which rounding leaves uncertain by up to 1e-15: at this distance from
# one it keeps seven digits, and the curve passes through that merchant whatever its headcount.
# Nearer, there are no errors of HC3.
LEVERAGE_TOLERANCE = 1e-8

# the numbers of a fit, by the columns of the model est_merchant_fits
FIT_NUMBERS = (
    *("r_squared", "condition_number", "certain_digits", "residual_sum_of_squares"),
    *("domain_low_wan_yuan", "domain_high_wan_yuan"),
    *(f"{test}_{part}" for test in ("breusch_pagan", "reset") for part in ("statistic", "p_value")),
    *("mean_turnover_wan_yuan", "mean_turnover_conf_low", "mean_turnover_conf_high"),
    *("mean_productivity_wan_yuan_per_job", "mean_productivity_std_error"),
    *("mean_productivity_conf_low", "mean_productivity_conf_high"),
    *("bootstrap_conf_low", "bootstrap_conf_high", "lowest_wan_yuan", "range_wan_yuan"),
    *(f"fitted_{k}" for k in range(3)),
    *(f"orthonormal_{j}_{k}" for j in range(3) for k in range(3)),
    *(f"covariance_{j}_{k}" for j in range(3) for k in range(j, 3)),
    *(f"{term}_influence_{k}" for term in TERMS for k in range(3)),
)
COEFFICIENT_NUMBERS = ("estimate", "std_error", "statistic", "p_value", "conf_low", "conf_high")

Floats = npt.NDArray[np.float64]
Row = Mapping[str, Any]
Key = tuple[str, str, str]


def est_merchant_fits(tables: Mapping[str, Any]) -> pd.DataFrame:
    """One row per platform, sample and industry, `all` being the sample as a whole."""
    return fit_merchants(
        rows_of(tables["int_fit__moments"]), rows_of(tables["int_fit__block_sums"])
    )


def est_merchant_productivity(tables: Mapping[str, Any]) -> pd.DataFrame:
    """One row per platform, sample, industry, covariance type and term."""
    return coefficients(
        rows_of(tables["int_fit__moments"]), rows_of(tables["int_fit__leverage_sums"])
    )


def fit_merchants(moments: Iterable[Row], blocks: Iterable[Row]) -> pd.DataFrame:
    """Fit equation 2.1 to each sample and to each of its industries.

    Args:
        moments: rows of `int_fit__moments`, in any order.
        blocks: rows of `int_fit__block_sums`, in any order.

    Returns:
        One row per fit, `industry_code` being `all` for a sample as a whole, with the columns of
        the model `est_merchant_fits`. What cannot be fitted has `unusable_reason` and no numbers.
    """
    by_sample = defaultdict(list)
    for row in blocks:
        by_sample[tuple(row[name] for name in SAMPLE_KEY)].append(row)
    rows = []
    for key, sample in _samples(moments).items():
        try:
            numbers = _fit(sample, by_sample[key[:2]] if key[2] == ALL_INDUSTRIES else [])
        except UnusableSampleError as error:
            numbers = {"nobs": sample.merchants, "unusable_reason": str(error)}
        rows.append(dict(zip((*SAMPLE_KEY, "industry_code"), key, strict=True)) | numbers)
    # a column without any value, as all are of a build without merchants, has no type of its own
    types = {
        **dict.fromkeys((*SAMPLE_KEY, "industry_code"), "str"),
        "nobs": "int64",
        **dict.fromkeys(FIT_NUMBERS, "float64"),
        "unusable_reason": "str",
    }
    return pd.DataFrame(rows, columns=list(types)).astype(types)


def coefficients(moments: Iterable[Row], leverage_sums: Iterable[Row]) -> pd.DataFrame:
    """Coefficients of every fit with their inference.

    Args:
        moments: rows of `int_fit__moments`, in any order.
        leverage_sums: rows of `int_fit__leverage_sums`, in any order. A fit without, or with
            a merchant through which the curve passes whatever its headcount, has no HC3.

    Returns:
        One row per fit x `cov_type` (`nonrobust`, `HC1`, `HC3`) x `term` (`intercept` in 万元 a
        person, `turnover` per person, `turnover_squared` per person and 万元), with `estimate`,
        `std_error`, `statistic`, `p_value`, `conf_low` and `conf_high` (95 %). As in statsmodels,
        tests and intervals rest on Student's t with `df_resid` degrees of freedom for
        `nonrobust`, on the normal distribution for `HC1` and `HC3`. What cannot be fitted has no
        rows.
    """
    second_scans = {
        tuple(row[name] for name in (*SAMPLE_KEY, "industry_code")): row for row in leverage_sums
    }
    rows: list[dict[str, Any]] = []
    for key, sample in _samples(moments).items():
        with suppress(UnusableSampleError):
            rows += (
                dict(zip((*SAMPLE_KEY, "industry_code"), key, strict=True)) | row
                for row in _coefficients(sample, second_scans.get(key))
            )
    texts = (*SAMPLE_KEY, "industry_code", "cov_type", "term")
    types = {
        **dict.fromkeys(texts, "str"),
        **dict.fromkeys(COEFFICIENT_NUMBERS, "float64"),
        **dict.fromkeys(("nobs", "df_resid"), "int64"),
        **dict.fromkeys(("r_squared", "condition_number"), "float64"),
    }
    return pd.DataFrame(rows, columns=list(types)).astype(types)


def _samples(rows: Iterable[Row]) -> dict[Key, Moments]:
    """The moments of each sample and of each of its industries, by platform, sample, industry."""
    by_part: dict[Key, list[Row]] = defaultdict(list)
    for row in rows:
        platform_id, sample_id = (row[name] for name in SAMPLE_KEY)
        key = (platform_id, sample_id, row["industry_code"])
        by_part[key].append(row)
    samples: dict[Key, list[Moments]] = defaultdict(list)
    for (platform_id, sample_id, industry_code), part in sorted(by_part.items()):
        moments = moments_from_rows(part)
        for code in (industry_code, ALL_INDUSTRIES):
            samples[platform_id, sample_id, code].append(moments)
    return {key: pooled(parts) for key, parts in sorted(samples.items())}


def _fit(sample: Moments, blocks: list[Row]) -> dict[str, Any]:
    """The columns of one fit."""
    fit, scan = fit_from_moments(sample), polynomials(sample)
    domain_low, domain_high = _domain(scan)
    tests: dict[str, Test | None] = {
        "breusch_pagan": breusch_pagan(sample),
        "reset": reset(sample),
    }
    columns: dict[str, Any] = {
        "nobs": fit.nobs,
        "r_squared": fit.r_squared,
        "condition_number": fit.condition_number,
        "certain_digits": fit.certain_digits,
        "residual_sum_of_squares": fit.rss,
        "domain_low_wan_yuan": domain_low,
        "domain_high_wan_yuan": domain_high,
    }
    for name, test in tests.items():
        columns[f"{name}_statistic"] = test.statistic if test else None
        columns[f"{name}_p_value"] = test.p_value if test else None
    columns |= _mean_turnover(fit) | _mean_productivity(fit)
    interval = mean_productivity_interval(blocks, scan) if blocks else None
    columns["bootstrap_conf_low"], columns["bootstrap_conf_high"] = interval or (None, None)
    columns |= {"lowest_wan_yuan": float(scan.lowest), "range_wan_yuan": scan.span}
    columns |= {f"fitted_{k}": scan.fitted[k] for k in range(3)}
    columns |= {f"orthonormal_{j}_{k}": scan.orthonormal[j, k] for j in range(3) for k in range(3)}
    columns |= {f"covariance_{j}_{k}": scan.covariance[j, k] for j in range(3) for k in range(j, 3)}
    columns |= {
        f"{term}_influence_{k}": scan.influence[t, k]
        for t, term in enumerate(TERMS)
        for k in range(3)
    }
    return columns | {"unusable_reason": None}


def _mean_turnover(fit: ProductivityFit) -> dict[str, float]:
    """The mean turnover with its interval on the logarithmic scale."""
    value, error = fit.mean_turnover, math.sqrt(fit.mean_turnover_variance)
    quantile = NormalDist().inv_cdf(1 - SIGNIFICANCE_LEVEL / 2)
    factor = math.exp(quantile * error / value)
    return {
        "mean_turnover_wan_yuan": value,
        "mean_turnover_conf_low": value / factor,
        "mean_turnover_conf_high": value * factor,
    }


def _mean_productivity(fit: ProductivityFit) -> dict[str, float | None]:
    """The curve at the mean turnover with its interval on the logarithmic scale."""
    value, error = fit.mean_productivity, fit.mean_productivity_std_error
    quantile = NormalDist().inv_cdf(1 - SIGNIFICANCE_LEVEL / 2)
    # an error as large as the value is no first-order matter
    factor = math.exp(quantile * error / value) if error < value else None
    return {
        "mean_productivity_wan_yuan_per_job": value,
        "mean_productivity_std_error": error,
        "mean_productivity_conf_low": value / factor if factor else None,
        "mean_productivity_conf_high": value * factor if factor else None,
    }


def _domain(scan: Polynomials) -> tuple[float | None, float | None]:
    """Turnovers between which the curve is positive and rising; None where it has no bound.

    Both are zero for a curve without such turnovers. Worked out in positions u, as coefficients of
    turnovers in a narrow range far from zero cancel.
    """

    def turnover(u: float) -> float:
        return max(0.0, float(scan.lowest) + scan.span * u)

    d0, d1, d2 = (float(value) for value in scan.fitted)
    if d2 == 0:
        return (turnover(-d0 / d1), None) if d1 > 0 else (0, 0)
    turning_point = turnover(-d1 / (2 * d2))
    discriminant = d1**2 - 4 * d0 * d2
    # the root on the branch that rises: below it the curve is negative
    root = turnover((-d1 + math.sqrt(discriminant)) / (2 * d2)) if discriminant >= 0 else None
    if d2 > 0:
        return turning_point if root is None else root, None
    if root is None or turning_point == 0:
        return 0, 0
    return root, turning_point


def _coefficients(sample: Moments, second_scan: Row | None) -> list[dict[str, Any]]:
    """The rows of one fit."""
    fit = fit_from_moments(sample)
    all_results = {"nonrobust": fit.results("nonrobust"), "HC1": fit.results("HC1")}
    if second_scan and 1 - second_scan["largest_leverage"] >= LEVERAGE_TOLERANCE:
        all_results["HC3"] = fit.results("HC3", _hc3_covariance(sample, fit, second_scan))
    rows = []
    for cov_type, results in all_results.items():
        intervals = results.conf_int(alpha=SIGNIFICANCE_LEVEL)
        for j, term in enumerate(TERMS):
            rows.append(
                {
                    "cov_type": cov_type,
                    "term": term,
                    "estimate": results.params[j],
                    "std_error": results.bse[j],
                    "statistic": results.tvalues[j],
                    "p_value": results.pvalues[j],
                    "conf_low": intervals[j, 0],
                    "conf_high": intervals[j, 1],
                    "nobs": fit.nobs,
                    "df_resid": fit.df_resid,
                    "r_squared": fit.r_squared,
                    "condition_number": fit.condition_number,
                }
            )
    return rows


def _hc3_covariance(sample: Moments, fit: ProductivityFit, second_scan: Row) -> Floats:
    """The variances of HC3 on the diagonal of a matrix; covariances are not worked out."""
    sums = np.array([float(second_scan[f"{term}_hc3"]) for term in TERMS])
    return np.diag(polynomials(sample).influence_scale ** 2 * sums * fit.rss / fit.nobs)
