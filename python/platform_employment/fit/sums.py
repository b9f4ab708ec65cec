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
    FEW_CLUSTERS,
    MIN_UNITS,
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
    units = row.get("design_units")
    survey = _survey(row, design, is_declared=is_declared, is_censored=is_censored)
    design_freedom = int(max(units - row["design_strata"], 1)) if units else None

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
        is_drawn_otherwise = units and survey.kind not in {NONE, RANGE}
        coefficients += with_kind(rows, AS_IF_RANDOM if is_drawn_otherwise else survey.kind)
    if units:
        errors = np.sqrt(np.diag(to_x @ _matrix(row, "v") @ to_x.T))
        rows = coefficient_rows("design", to_x @ c, errors, stats.t(design_freedom))
        coefficients += with_kind(rows, survey.kind)
    for coefficient in coefficients:
        coefficient |= {
            "nobs": n,
            "df_resid": freedom,
            "r_squared": r_squared,
            "condition_number": condition,
        }

    fitted, covariance = q.T @ c, q.T @ (_matrix(row, "v") if units else hc1) @ q
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
        "degrees_of_freedom": design_freedom,
        "warnings": "; ".join(survey.warnings) or None,
    }
    numbers |= {f"fitted_{j}": fitted[j] for j in range(3)}
    numbers |= {f"covariance_{i}_{j}": covariance[i, j] for i in range(3) for j in range(i, 3)}
    numbers["domain_low_wan_yuan"], numbers["domain_high_wan_yuan"] = domain(low, span, fitted)
    if row["lowest_weight"] == row["highest_weight"]:
        numbers |= _specification_tests(row, n)

    g = q @ [1, m, m**2]
    mean_error, error = _errors_at_mean(row, g, float(c @ (q @ [0, 1, 2 * m])), hc1)
    numbers |= means(low + span * m, span * mean_error, float(c @ g), error, survey, design_freedom)
    return Fit(_rounded(numbers), [_rounded(coefficient) for coefficient in coefficients])


def _errors_at_mean(
    row: Mapping[str, Any], g: Floats, slope: float, hc1: Floats
) -> tuple[float, float]:
    """Return the standard errors of the mean position and of the curve there.

    Args:
        row: the sums, with the ones of the units of a declared design where there is one.
        g: the polynomials at the mean position m.
        slope: of the curve there, by the position.
        hc1: covariance of the coefficients as HC1 has it.
    """
    by_position = slope / row["s0"]
    if row.get("design_units"):
        of_curve, with_mean = _matrix(row, "v"), np.array([row[f"v{j}3"] for j in range(3)])
        of_mean = row["v33"]
    else:
        by_curve, by_merchants = row["nobs"] / (row["nobs"] - 3), row["nobs"] / (row["nobs"] - 1)
        of_curve, of_mean = hc1, by_merchants * row["zz"]
        both = np.sqrt(by_curve * by_merchants)
        with_mean = both * np.array([row[f"z{j}"] for j in range(3)])
    variance = g @ of_curve @ g + 2 * by_position * (g @ with_mean) + by_position**2 * of_mean
    return float(np.sqrt(of_mean)) / row["s0"], float(np.sqrt(variance))


def _matrix(row: Mapping[str, Any], name: str) -> Floats:
    """Return a symmetric 3 x 3 matrix from its sums of pairs."""
    return np.array(
        [[row[f"{name}{min(i, j)}{max(i, j)}"] for j in range(3)] for i in range(3)], dtype=float
    )


def _survey(
    row: Mapping[str, Any], design: Design, *, is_declared: bool, is_censored: bool
) -> Survey:
    """Return what limits of the sample may claim: no member is known here.

    Sums without the units of a declared design are as if drawn merchant by merchant; a censored
    sample has no limits, as sums hold no tails.
    """
    units = row.get("design_units")
    kind, reason = interval_kind(
        design, units=int(units or row["nobs"]), is_censored=is_censored, has_totals=False
    )
    if kind == CONFIDENCE and not units and (is_declared or design.sampling != "random"):
        kind = AS_IF_RANDOM
    elif kind == RANGE:
        kind, reason = NONE, "too_large_for_a_range"
    warnings: tuple[str, ...] = ()
    if units and MIN_UNITS <= units < FEW_CLUSTERS:
        freedom = int(max(units - row["design_strata"], 1))
        warnings = (f"{int(units)} clusters: limits use t with {freedom} degrees of freedom",)
    none = np.zeros(0)
    whole = none.astype(int)
    return Survey(none, whole, whole, none, None, bool(units), kind, reason, warnings)


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
