"""Equation 2.1 from the sums of a sample too large for memory: one row in, one fit out.

The row is one of `int_fit__sums`. Its curve has the coefficients c of orthonormal polynomials
q_0, q_1, q_2 of the position u of a turnover between the lowest and the highest one, so every
result is a sum and nothing is inverted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy import stats

from platform_employment.fit.design import (
    AS_IF_RANDOM,
    CONFIDENCE,
    NONE,
    RANGE,
    Design,
    Floats,
    Survey,
    interval_kind,
)
from platform_employment.fit.estimators import MIN_MERCHANTS, UnusableSampleError
from platform_employment.fit.regression import (
    LEVERAGE_TOLERANCE,
    Fit,
    coefficient_rows,
    domain,
    means,
    powers_of_turnover,
    refuse_narrow_band,
    refuse_without_scatter,
    with_kind,
)

# The last digits of a sum of doubles depend on the order in which an engine adds: two runs over a
# million merchants agree to 11 digits.
SIGNIFICANT_DIGITS = 9


def fit_of_sums(
    row: Mapping[str, Any], design: Design, *, is_declared: bool = False, is_censored: bool = False
) -> Fit:
    """Return the fit of one sample or industry, to 9 significant digits.

    Args:
        row: of `int_fit__sums`.
        design: how the sample was drawn.
        is_declared: whether its merchants have strata, clusters or population sizes.
        is_censored: whether a turnover of the sample is censored.

    Raises:
        UnusableSampleError: as in `fit_productivity`.
    """
    n, freedom = int(row["nobs"]), int(row["nobs"]) - 3
    if n < MIN_MERCHANTS:
        raise UnusableSampleError(f"only {n} merchants, the fit needs {MIN_MERCHANTS}")
    if row["s0"] is None:
        raise UnusableSampleError(
            "turnovers are too close to two values, or one merchant has nearly all the weight"
        )
    low, span = float(row["lowest_wan_yuan"]), float(row["range_wan_yuan"])
    refuse_narrow_band(low, span)
    scatter = row["pp"] - row["p0"] ** 2 / row["s0"]
    # a difference of sums keeps an error of rounding
    is_constant = scatter <= 1e-15 * row["pp"]
    refuse_without_scatter(total=row["pp"], scatter=0.0 if is_constant else scatter, rss=row["rss"])
    m, r, k, a0, a1, a2 = (float(row[name]) for name in ("m", "r", "k", "a0", "a1", "a2"))
    # q_j by powers of u, one row each; curves in powers of u and of x
    q = np.array([[a0, 0, 0], [-a1 * m, a1, 0], [a2 * (k * m - r), -a2 * k, a2]])
    to_x = powers_of_turnover(low, span) @ q.T
    # one step of refinement: what rounding left of the residuals in the curve
    c = np.array([row[f"c{j}"] + row[f"d{j}"] for j in range(3)])
    hc1 = _matrix(row, "g") * n / freedom
    scale = row["rss"] / freedom
    survey = _as_if_random(design, n, is_declared=is_declared, is_censored=is_censored)

    coefficients = []
    covariances = {"nonrobust": np.eye(3) * scale, "HC1": hc1}
    if 1 - row["largest_leverage"] >= LEVERAGE_TOLERANCE:
        covariances["HC3"] = _matrix(row, "g3_")
    r_squared = 1 - row["rss"] / scatter
    # of the powers of u: the matrix of their weighted products, columns scaled to length one
    products = np.linalg.inv(q) @ np.linalg.inv(q).T
    length = np.sqrt(np.diag(products))
    condition = np.sqrt(np.linalg.cond(products / np.outer(length, length)))
    for cov_type, covariance in covariances.items():
        rows = coefficient_rows(
            cov_type,
            to_x @ c,
            np.sqrt(np.diag(to_x @ covariance @ to_x.T)),
            stats.t(freedom) if cov_type == "nonrobust" else stats.norm(),
        )
        coefficients += with_kind(rows, survey.kind)
    for coefficient in coefficients:
        coefficient |= {
            "nobs": n,
            "df_resid": freedom,
            "r_squared": r_squared,
            "condition_number": condition,
        }

    fitted, covariance = q.T @ c, q.T @ hc1 @ q
    numbers: dict[str, Any] = {
        "nobs": n,
        "r_squared": r_squared,
        "condition_number": condition,
        "largest_leverage": row["largest_leverage"],
        # empty in exported sums where fewer than ten merchants are on one side
        "merchants_outside_domain": None
        if row["merchants_outside_domain"] is None
        else int(row["merchants_outside_domain"]),
        "turnover_share_outside_domain": row["turnover_share_outside_domain"],
        "lowest_wan_yuan": low,
        "range_wan_yuan": span,
        "interval_kind": survey.kind,
        "no_interval_reason": survey.no_interval_reason,
    }
    numbers |= {f"fitted_{j}": fitted[j] for j in range(3)}
    numbers |= {f"covariance_{i}_{j}": covariance[i, j] for i in range(3) for j in range(i, 3)}
    numbers["domain_low_wan_yuan"], numbers["domain_high_wan_yuan"] = domain(low, span, fitted)
    if row["lowest_weight"] == row["highest_weight"]:
        numbers |= _specification_tests(row, n)

    # the curve at the mean turnover: the mean position is m; z its influence, HC1 the one of the
    # curve
    g = q @ [1, m, m**2]
    slope = float(c @ (q @ [0, 1, 2 * m])) / row["s0"]
    z = np.array([row[f"z{j}"] for j in range(3)])
    by_curve, by_merchants = np.sqrt(n / freedom), np.sqrt(n / (n - 1))
    variance = (
        g @ hc1 @ g
        + 2 * by_curve * by_merchants * slope * (g @ z)
        + by_merchants**2 * slope**2 * row["zz"]
    )
    mean_error = span * by_merchants * np.sqrt(row["zz"]) / row["s0"]
    numbers |= means(low + span * m, mean_error, float(c @ g), np.sqrt(variance), survey, None)
    return Fit(_rounded(numbers), [_rounded(coefficient) for coefficient in coefficients])


def _matrix(row: Mapping[str, Any], name: str) -> Floats:
    """Return a symmetric 3 x 3 matrix from its sums of pairs."""
    return np.array(
        [[row[f"{name}{min(i, j)}{max(i, j)}"] for j in range(3)] for i in range(3)], dtype=float
    )


def _as_if_random(design: Design, n: int, *, is_declared: bool, is_censored: bool) -> Survey:
    """Return a survey of n merchants drawn one by one: no member is known, only what it claims.

    Sums hold no strata, no clusters and no tails: limits of a sample that has them cannot claim a
    probability, and the ones of a censored one do not exist.
    """
    kind, reason = interval_kind(design, units=n, is_censored=is_censored, has_totals=False)
    if kind == CONFIDENCE and (is_declared or design.sampling != "random"):
        kind = AS_IF_RANDOM
    elif kind == RANGE:
        kind, reason = NONE, "too_large_for_a_range"
    none = np.zeros(0)
    return Survey(none, none.astype(int), none.astype(int), none, None, False, kind, reason, ())


def _specification_tests(row: Mapping[str, Any], n: int) -> dict[str, float]:
    """Return the Breusch-Pagan test (Koenker's form) and Ramsey's RESET with the squared fit."""
    found: dict[str, float] = {}
    # weights are equal, so q_j times the root of s0 / n is orthonormal for weights of one
    scale = row["s0"] / n
    squares = [row[f"squares{j}"] for j in range(3)]
    total = row["squares_squared"] - scale * squares[0] ** 2
    if total > 1e-12 * row["squares_squared"]:
        statistic = n * scale * (squares[1] ** 2 + squares[2] ** 2) / total
        found |= {
            "breusch_pagan_statistic": statistic,
            "breusch_pagan_p_value": float(stats.chi2(2).sf(statistic)),
        }
    unexplained = row["reset_squared"] - sum(row[f"reset{j}"] ** 2 for j in range(3))
    if n > MIN_MERCHANTS and unexplained > 1e-14 * row["reset_squared"]:
        explained = row["reset_residual"] ** 2 / unexplained
        wider = row["rss"] - explained
        if wider > 1e-12 * row["pp"]:
            statistic = explained / wider * (n - 4)
            found |= {
                "reset_statistic": statistic,
                "reset_p_value": float(stats.f(1, n - 4).sf(statistic)),
            }
    return found


def _rounded(numbers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the numbers to the digits that no order of addition changes."""
    return {
        name: float(f"{value:.{SIGNIFICANT_DIGITS - 1}e}")
        if isinstance(value, float | np.floating)
        else value
        for name, value in numbers.items()
    }
