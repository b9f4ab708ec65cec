"""Estimators of merchant jobs per unit of turnover, with errors that follow the survey design.

The report divides total turnover by f(mean turnover), with f equation 2.1 of the report,

    x_i / y_i = f(x_i) + e_i,    f(x) = b0 + b1 x + b2 x^2,

x_i the yearly online turnover in 万元, y_i the headcount and w_i the survey weight of merchant i.
Other estimators of the same total make other assumptions. Each gives jobs J per 万元 of turnover,
so that jobs in 万 are J times GMV in 亿元, and the influence u_i of each merchant: to first order,
J moves by the sum of the u_i. `Survey.standard_error` turns them into a standard error. Intervals
are symmetric in ln J, because jobs are positive: J exp(-+ q SE / J).

Use:

    from platform_employment.fit.design import Design
    from platform_employment.fit.estimators import compare_estimators

    compare_estimators(merchants, Design("random", response_rate=1))

with `merchants` a frame of `turnover_wan_yuan`, `headcount`, `survey_weight` and, if the sample was
not drawn merchant by merchant, `stratum`, `cluster_id`, `population_size` and `is_censored`.

Sources: Huber and Ronchetti, Robust Statistics (2009), chapters 3 and 7; Koenker, Quantile
Regression (2005), section 3.4; Portnoy and Koenker, The Gaussian hare and the Laplacian tortoise,
Statistical Science 12 (1997), 279-300; Duan, Smearing estimate, JASA 78 (1983), 605-610; Särndal,
Swensson and Wretman, Model Assisted Survey Sampling (1992), chapter 5.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import optimize, stats

from platform_employment.fit.design import (
    NONE,
    RANGE,
    Design,
    Floats,
    PopulationTotal,
    Survey,
    calibrated,
    survey_of,
)

Booleans = npt.NDArray[np.bool_]

MEASURES = ["turnover_wan_yuan", "headcount", "survey_weight"]
MIN_MERCHANTS = 4  # three coefficients and one degree of freedom
# Share of a regressor that those before it leave unexplained: below, rounding reaches the results.
COLLINEARITY_TOLERANCE = 1e-4
# Share of the estimate: a smaller standard error is rounding, as on a curve through every merchant.
ROUNDING_TOLERANCE = 1e-10
# Huber's tuning constants, as in statsmodels: residuals count in full up to 1.345 scales in the
# curve and 2.5 in the scale.
HUBER_TUNING, HUBER_SCALE_TUNING = 1.345, 2.5
MAX_ITERATIONS = 5000
HUBER_TOLERANCE = 1e-12
ON_THE_CURVE = 1e-9  # of the mean productivity
MEDIAN_NEIGHBOURHOOD = 2000  # merchants in the first linear programme of the median
# Assumed mean turnover of censored merchants, as multiples of the cap; the middle one is the value.
TAIL_MULTIPLES = (1.5, 3.0, 6.0)

NO_SOLUTION = "no_solution"
PRODUCTIVITY_NOT_POSITIVE = "productivity_not_positive"
IMPRECISE = "imprecise"  # the standard error is as large as the estimate

# name and type of the columns of `compare_estimators`
COMPARISON_TYPES = {
    "estimator_id": "str",
    "jobs_per_wan_yuan": "float64",
    "jobs_per_merchant": "float64",
    "std_error": "float64",
    "degrees_of_freedom": "Int64",
    "conf_low": "float64",
    "conf_high": "float64",
    "interval_kind": "str",
    "no_interval_reason": "str",
    "interval_method": "str",
    "ratio_to_report_formula": "float64",
    "uncorrected_value": "float64",
    "uncorrected_low": "float64",
    "uncorrected_high": "float64",
    "merchants_used": "int64",
    "merchants_outside_domain": "Int64",
    "turnover_share_outside_domain": "float64",
    "reason_code": "str",
}


class UnusableSampleError(ValueError):
    """A merchant sample that cannot be fitted; the message says why."""


class NotEstimableError(ValueError):
    """One estimator has no value on a sample; the message is its reason code."""


@dataclass(frozen=True, eq=False)
class Sample:
    """Merchants, n each: turnover x (万元 a year), headcount y (people), weight w."""

    x: Floats
    y: Floats
    w: Floats

    @cached_property
    def p(self) -> Floats:
        """Labour productivity x / y, 万元 per person: n."""
        return self.x / self.y

    @cached_property
    def total(self) -> float:
        """Weighted sum of turnover, 万元."""
        return float(self.w @ self.x)

    @cached_property
    def mean(self) -> float:
        """Weighted mean of turnover, 万元."""
        return self.total / float(self.w.sum())

    @cached_property
    def mean_influence(self) -> Floats:
        """Influence of each merchant on mean turnover, 万元: n."""
        return np.asarray(self.w * (self.x - self.mean) / self.w.sum())

    @cached_property
    def low(self) -> float:
        """Lowest turnover, 万元."""
        return float(self.x.min())

    @cached_property
    def span(self) -> float:
        """Highest minus lowest turnover, 万元."""
        return float(np.ptp(self.x))

    def powers(self, x: Floats | float) -> Floats:
        """Return 1, u and u^2 with u = (x - low) / span: n x 3, or 3 for one turnover.

        Regress on u, never on x: 1, x, x^2 have a condition number above 1e6 on turnovers in 万元.
        """
        u = (np.asarray(x, dtype=float) - self.low) / self.span
        return np.stack([np.ones_like(u), u, u * u], axis=-1)

    @cached_property
    def X(self) -> Floats:  # noqa: N802 (the name of the textbooks)
        """Regressors 1, u, u^2: n x 3. Raises NotEstimableError for one turnover."""
        if not self.span:
            raise NotEstimableError(NO_SOLUTION)
        return self.powers(self.x)


@dataclass(frozen=True, eq=False)
class Curve:
    """f(x) = b0 + b1 u + b2 u^2: coefficients b: 3, and influences of merchants on them: n x 3."""

    b: Floats
    influence: Floats


@dataclass(frozen=True, eq=False)
class Estimate:
    """A value, the influence of each merchant on it (n), and who is outside the domain (n).

    The domain is where the curve is positive and rising; an estimator without a curve has no
    domain.
    """

    value: float
    influence: Floats
    outside_domain: Booleans | None = None


# curves


def orthonormal(
    regressors: Floats, weight: Floats, tolerance: float = COLLINEARITY_TOLERANCE
) -> tuple[Floats, Floats]:
    """Return q with sum w q_j q_k = 1 if j = k, else 0, and the matrix from q to regressors.

    `q @ c` equals `regressors @ (to_regressors @ c)`: n x k and k x k.

    Raises:
        NotEstimableError: the regressors are too close to collinear.
    """
    root = np.sqrt(weight)[:, None]
    q, triangle = np.linalg.qr(root * regressors)
    lengths = np.linalg.norm(root * regressors, axis=0)
    if not (np.abs(np.diag(triangle)) > tolerance * lengths).all():
        raise NotEstimableError(NO_SOLUTION)
    return q / root, np.linalg.inv(triangle)


def least_squares(regressors: Floats, target: Floats, weight: Floats) -> Curve:
    """Minimise sum w (target - regressors @ b)^2; the influence is White's (HC0)."""
    q, to_regressors = orthonormal(regressors, weight)
    c = (weight[:, None] * q).T @ target
    residual = target - q @ c
    influence = (weight * residual)[:, None] * q
    return Curve(to_regressors @ c, influence @ to_regressors.T)


def _influence(weight: Floats, scores: Floats, slopes: Floats, regressors: Floats) -> Floats:
    """Return the influence on the solution of sum w scores = 0: n x k.

    `slopes` and `regressors`, n x k each, give its derivative -sum w slopes regressors'.
    """
    derivative = (weight[:, None] * slopes).T @ regressors
    try:
        return np.asarray(np.linalg.solve(derivative, (weight[:, None] * scores).T).T)
    except np.linalg.LinAlgError:
        raise NotEstimableError(NO_SOLUTION) from None


def huber_curve(s: Sample) -> Curve:
    """Fit equation 2.1 by Huber's M-estimator, the scale of residuals by his proposal 2.

    With r = e / scale, curve and scale solve sum w psi(r) q = 0 and sum w (min(r^2, d^2) / 2 - h)
    = 0, h the mean of the former under the normal distribution. Productivity is skewed, so the
    scale moves the curve: the influence follows both.
    """
    k, d, w = HUBER_TUNING, HUBER_SCALE_TUNING, s.w
    h = d * d + (1 - d * d) * stats.norm.cdf(d) - 0.5 - d * stats.norm.pdf(d)
    q, to_powers = orthonormal(s.X, w)
    c = (w[:, None] * q).T @ s.p
    residual = s.p - q @ c
    scale = float(np.median(np.abs(residual)) / stats.norm.ppf(0.75)) or float(residual.std())
    if scale <= ROUNDING_TOLERANCE * s.p.mean():
        raise NotEstimableError(NO_SOLUTION)
    for _ in range(MAX_ITERATIONS):
        weight = w * np.minimum(1, k * scale / np.maximum(np.abs(residual), 1e-300))
        new = np.asarray(np.linalg.solve((q * weight[:, None]).T @ q, q.T @ (weight * s.p)))
        residual = s.p - q @ new
        squares = np.minimum((residual / scale) ** 2, d * d)
        factor = float(np.sqrt(w @ squares / 2 / w.sum() / h))
        scale *= factor
        moved = np.abs(new - c).max() / np.abs(new).max()
        c = new
        if not scale > 0:
            raise NotEstimableError(NO_SOLUTION)
        if max(moved, abs(factor - 1)) <= HUBER_TOLERANCE:
            break
    else:
        raise NotEstimableError(NO_SOLUTION)
    r = (residual / scale)[:, None]
    influence = _influence(
        weight=w,
        scores=np.hstack([np.clip(r, -k, k) * q, np.minimum(r**2, d * d) / 2 - h]),
        slopes=np.hstack([(np.abs(r) <= k) * q, np.where(np.abs(r) < d, r, 0)]),
        regressors=np.hstack([q, r]),
    )[:, :3]
    return Curve(to_powers @ c, influence @ to_powers.T * scale)


def median_curve(s: Sample) -> Curve:
    """Fit equation 2.1 by weighted median regression, exactly.

    The dual of its linear programme has three equations. Reweighted least squares finds where the
    curve is; merchants far from it keep the sign of their residual, which is checked, and only the
    others are in the programme (Portnoy and Koenker). The influence divides by the density of the
    residuals at zero: Powell's kernel estimate with the bandwidth of Hall and Sheather.
    """
    from statsmodels.regression.quantile_regression import hall_sheather  # noqa: PLC0415 (1 s)

    unit = s.p.mean()
    t, w = s.p / unit, s.w / s.w.max()
    q, to_powers = orthonormal(s.X, s.w)
    q, to_powers = q * np.sqrt(s.w.sum()), to_powers * np.sqrt(s.w.sum())
    c = (w[:, None] * q).T @ t / w.sum()
    for _ in range(100):
        weight = w / np.maximum(np.abs(t - q @ c), 1e-6)
        c = np.linalg.solve((q * weight[:, None]).T @ q, q.T @ (weight * t))
    n, kept = len(t), MEDIAN_NEIGHBOURHOOD
    while True:
        distance = np.abs(t - q @ c)
        near = distance <= (np.partition(distance, kept)[kept] if kept < n else np.inf)
        fixed = w * np.sign(t - q @ c) * ~near
        programme = optimize.linprog(
            -t[near],
            A_eq=q[near].T,
            b_eq=-q.T @ fixed,
            bounds=np.column_stack([-w[near], w[near]]),
            method="highs",
        )
        if programme.status == 0:
            c = -programme.eqlin.marginals
            if (fixed * (t - q @ c) >= 0).all():
                break
        if near.all():
            raise NotEstimableError(NO_SOLUTION)
        kept *= 4
    residual = t - q @ c
    residual[np.abs(residual) < ON_THE_CURVE] = 0  # these merchants have no sign
    tail = 0.5 - hall_sheather(n, 0.5)
    low, high = np.quantile(residual, [0.25, 0.75], method="inverted_cdf", weights=s.w)
    spread = min(float(np.sqrt(np.cov(t, aweights=s.w, ddof=0))), (high - low) / 1.34)
    if tail <= 0 or spread <= 0:
        raise NotEstimableError(NO_SOLUTION)
    bandwidth = -2 * spread * stats.norm.ppf(tail)
    density = 0.75 * np.maximum(0, 1 - (residual / bandwidth) ** 2) / bandwidth
    influence = _influence(
        weight=s.w,
        scores=np.sign(residual)[:, None] / 2 * q,
        slopes=density[:, None] * q,
        regressors=q,
    )
    return Curve(to_powers @ c * unit, influence @ to_powers.T * unit)


# estimators: jobs per 万元 of turnover


def at_mean_turnover(s: Sample, curve: Curve) -> Estimate:
    """1 / f(mean x): equation 2.2 of the report for one 万元."""
    g, b = s.powers(s.mean), curve.b
    f = float(g @ b)
    if f <= 0:
        raise NotEstimableError(PRODUCTIVITY_NOT_POSITIVE)
    slope = (b[1] + 2 * b[2] * g[1]) / s.span
    influence = curve.influence @ g + slope * s.mean_influence
    return Estimate(1 / f, -influence / f**2, outside_domain(s, b))


def outside_domain(s: Sample, b: Floats) -> Booleans:
    """Return where the curve is not positive or not rising: n."""
    return np.asarray((s.X @ b <= 0) | (b[1] + 2 * b[2] * s.X[:, 1] <= 0))


def report_formula(s: Sample) -> Estimate:
    """1 / f(mean x), f by least squares: equations 2.1 and 2.2 of the report."""
    return at_mean_turnover(s, least_squares(s.X, s.p, s.w))


def sum_of_predictions(s: Sample) -> Estimate:
    """Sum of w x / f(x) over sum of w x: each merchant at the curve for its turnover.

    Where f falls, productivity is held at its turning point. f does not move with the turning point
    to first order, because its slope there is zero.
    """
    curve = least_squares(s.X, s.p, s.w)
    b, x = curve.b, s.x
    if b[2]:
        turning_point = s.low - s.span * b[1] / (2 * b[2])
        x = np.minimum(x, turning_point) if b[2] < 0 else np.maximum(x, turning_point)
    powers = s.powers(x)
    f = powers @ b
    if f.min() <= 0:
        raise NotEstimableError(PRODUCTIVITY_NOT_POSITIVE)
    jobs = float(s.w @ (s.x / f)) / s.total
    gradient = -(s.w * s.x / f**2) @ powers
    influence = s.w * (s.x / f - jobs * s.x) + curve.influence @ gradient
    return Estimate(jobs, influence / s.total, outside_domain(s, b))


def ratio(s: Sample) -> Estimate:
    """Sum of w y over sum of w x: the ratio estimator of survey sampling."""
    jobs = float(s.w @ s.y) / s.total
    return Estimate(jobs, s.w * (s.y - jobs * s.x) / s.total)


def turnover_weighted(s: Sample) -> Estimate:
    """1 / f(mean x), f by least squares in which a merchant counts by its turnover."""
    return at_mean_turnover(s, least_squares(s.X, s.p, s.w * s.x))


def log_log(s: Sample) -> Estimate:
    """1 / (S exp(a + b ln mean x)), a and b of ln(x / y) on ln x, S Duan's smearing factor."""
    Z, log_p = np.column_stack([np.ones_like(s.x), np.log(s.x)]), np.log(s.p)
    curve = least_squares(Z, log_p, s.w)
    a_b, at_mean = curve.b, np.array([1, np.log(s.mean)])
    smeared = np.exp(log_p - Z @ a_b)
    S = float(s.w @ smeared / s.w.sum())
    S_influence = s.w * (smeared - S) - curve.influence @ ((s.w * smeared) @ Z)
    log_influence = (
        curve.influence @ at_mean + a_b[1] / s.mean * s.mean_influence + S_influence / s.w.sum() / S
    )
    jobs = float(np.exp(-at_mean @ a_b) / S)
    return Estimate(jobs, -jobs * log_influence, np.full(len(s.x), a_b[1] <= 0))


def huber(s: Sample) -> Estimate:
    """1 / f(mean x), f by Huber's M-estimator."""
    return at_mean_turnover(s, huber_curve(s))


def median(s: Sample) -> Estimate:
    """1 / f(mean x), f by median regression."""
    return at_mean_turnover(s, median_curve(s))


def mean_headcount(s: Sample) -> Estimate:
    """Sum of w y over sum of w: jobs per merchant, for a known number of merchants."""
    jobs = float(s.w @ s.y / s.w.sum())
    return Estimate(jobs, s.w * (s.y - jobs) / s.w.sum())


ESTIMATORS: dict[str, Callable[[Sample], Estimate]] = {
    "report_formula": report_formula,
    "sum_of_predictions": sum_of_predictions,
    "ratio": ratio,
    "turnover_weighted": turnover_weighted,
    "log_log": log_log,
    "huber": huber,
    "median": median,
    "mean_headcount": mean_headcount,
}


# one sample


def sample_of(merchants: pd.DataFrame) -> Sample:
    """Return turnovers, headcounts and weights of merchants.

    Raises:
        UnusableSampleError: no rows, or a value that is not a positive finite number.
    """
    if merchants.empty:
        raise UnusableSampleError("merchant sample has no rows")
    values = merchants[MEASURES].to_numpy(dtype=float)
    for name, column in zip(MEASURES, values.T, strict=True):
        unusable = int(np.sum(~((column > 0) & (column < np.inf))))
        if unusable:
            raise UnusableSampleError(
                f"{unusable} of {len(column)} values of {name} are not positive finite numbers"
            )
    return Sample(*values.T)


@dataclass(frozen=True, eq=False)
class Corrected:
    """A sample with its survey after totals and censoring, and as it was recorded.

    Args:
        sample: the one whose values count: at the middle tail if turnovers are censored.
        survey: its design, with calibrated weights.
        recorded: sample and survey as drawn, with turnovers as written; None if nothing differs.
        tails: the samples over which a range is taken; empty if no turnover is censored.
    """

    sample: Sample
    survey: Survey
    recorded: tuple[Sample, Survey] | None
    tails: tuple[tuple[Sample, Survey], ...]


def corrected(
    merchants: pd.DataFrame, design: Design, totals: Sequence[PopulationTotal] = ()
) -> Corrected:
    """Calibrate a sample to known totals and complete censored turnovers by assumed tails.

    Censored merchants get a mean turnover of 1.5, 3 and 6 times the cap, or what known totals of
    turnover leave for them: once all alike, once as Pareto quantiles in the order of headcount.

    Raises:
        UnusableSampleError: as in `sample_of`.
        UserError: no positive weights meet the totals.
    """
    sample, survey = sample_of(merchants), survey_of(merchants, design)
    censored = np.zeros(len(merchants), dtype=bool)
    if "is_censored" in merchants:
        censored = merchants["is_censored"].fillna(False).to_numpy(dtype=bool)
    after = survey
    if totals:
        after = calibrated(survey, sample.x, totals, design, is_censored=censored)
    if not censored.any():
        if after is survey:
            return Corrected(sample, survey, None, ())
        return Corrected(replace(sample, w=after.weight), after, (sample, survey), ())

    w, x = after.weight, sample.x
    multiples = list(TAIL_MULTIPLES)
    open_totals = [t for t in totals if t.turnover is not None and censored[t.contains(x)].any()]
    if open_totals:
        known = max(open_totals, key=lambda total: total.turnover or 0)
        member = known.contains(x)
        rest = (known.turnover or 0) - float(w[member & ~censored] @ x[member & ~censored])
        multiple = rest / float(w[member & censored] @ x[member & censored])
        if multiple < 1:
            warning = (
                f"the turnover of {known.name}, {known.turnover:,.0f} 万元, leaves less than the"
                " recorded turnover for censored merchants: they keep it"
            )
            after = replace(after, warnings=(*after.warnings, warning))
            multiple = 1.0
        multiples = [multiple]
    # as a share of its cap, a Pareto tail of mean m has the exponent m / (m - 1)
    rank = stats.rankdata(sample.y[censored], method="ordinal")
    survivors = 1 - (rank - 0.5) / censored.sum()
    tails = []
    for multiple in multiples:
        pareto = survivors ** ((1 - multiple) / multiple)
        pareto *= multiple * (w * x)[censored].sum() / ((w * x)[censored] @ pareto)
        for factor in (multiple, np.maximum(pareto, 1)):
            completed = x.copy()
            completed[censored] *= factor
            tails.append((Sample(completed, sample.y, w), after))
    middle = tails[2 * (len(multiples) // 2)]
    return Corrected(*middle, (sample, survey), tuple(tails))


def evaluate(
    estimator: Callable[[Sample], Estimate], sample: Sample, survey: Survey
) -> tuple[Estimate, float, int, float, float]:
    """Return an estimate, its standard error, degrees of freedom and 95 % limits.

    Raises:
        NotEstimableError: there is no estimate, or its error is rounding or as large as itself.
    """
    if len(sample.x) < MIN_MERCHANTS:
        raise NotEstimableError(NO_SOLUTION)
    estimate = estimator(sample)
    if survey.kind == NONE:
        return estimate, np.nan, 0, np.nan, np.nan
    error, freedom = survey.standard_error(estimate.influence)
    if not error < estimate.value:
        raise NotEstimableError(IMPRECISE)
    is_whole = bool((survey.population <= np.bincount(survey.stratum)).all())
    if error <= ROUNDING_TOLERANCE * estimate.value and not is_whole:
        raise NotEstimableError(NO_SOLUTION)
    factor = float(np.exp(survey.quantile(freedom) * error / estimate.value))
    return estimate, error, freedom, estimate.value / factor, estimate.value * factor


def compare_estimators(
    merchants: pd.DataFrame,
    design: Design | None = None,
    totals: Sequence[PopulationTotal] = (),
) -> pd.DataFrame:
    """Apply every estimator to one sample.

    Args:
        merchants: one row per merchant: `turnover_wan_yuan` (万元 a year), `headcount` (people),
            `survey_weight` (merchants that it represents; any positive scale). Optional:
            `stratum`, `cluster_id`, `population_size` (units in the stratum that could be drawn:
            clusters if there are any, otherwise merchants), `is_censored` (the turnover is at least
            what is written). The order of rows changes no more than the last digits.
        design: how the sample was drawn; not declared if omitted.
        totals: known totals of the population, to which weights are calibrated.

    Returns:
        One row per estimator: `jobs_per_wan_yuan` (or `jobs_per_merchant` for `mean_headcount`)
        with `std_error`, `degrees_of_freedom` and limits `conf_low`, `conf_high`, whose claim is in
        `interval_kind`; without limits it is `none` and `no_interval_reason` says why. The
        `uncorrected_*` columns have value and limits before totals and assumed tails.
        `ratio_to_report_formula`, `merchants_used`, `merchants_outside_domain` and their
        `turnover_share_outside_domain`. Without a value, `reason_code` is `no_solution`,
        `productivity_not_positive` or `imprecise`.

    Raises:
        UnusableSampleError: as in `sample_of`.
        UserError: no positive weights meet the totals.
    """
    found = corrected(merchants, design or Design(), totals)
    rows: list[dict[str, Any]] = []
    for name, estimator in ESTIMATORS.items():
        row: dict[str, Any] = {"estimator_id": name, "merchants_used": len(merchants)}
        if found.recorded:
            try:
                estimate, *_, low, high = evaluate(estimator, *found.recorded)
                row |= {
                    "uncorrected_value": estimate.value,
                    "uncorrected_low": low,
                    "uncorrected_high": high,
                }
            except NotEstimableError:
                pass  # the reason is given by the corrected sample, below
        try:
            row |= _described(estimator, found)
        except NotEstimableError as error:
            row |= {"interval_kind": NONE, "reason_code": str(error)}
        rows.append(row)
    table = pd.DataFrame(rows, columns=list(COMPARISON_TYPES))
    of_report = table.loc[table["estimator_id"] == "report_formula", "jobs_per_wan_yuan"].iloc[0]
    table["ratio_to_report_formula"] = table["jobs_per_wan_yuan"] / of_report
    return table.astype(COMPARISON_TYPES)


def _described(estimator: Callable[[Sample], Estimate], found: Corrected) -> dict[str, Any]:
    """Return the columns of one estimator that has a value; raises NotEstimableError without."""
    sample, survey = found.sample, found.survey
    estimate, error, freedom, low, high = evaluate(estimator, sample, survey)
    value = "jobs_per_merchant" if estimator is mean_headcount else "jobs_per_wan_yuan"
    row: dict[str, Any] = {value: estimate.value, "interval_kind": survey.kind}
    if survey.kind == NONE:
        row["no_interval_reason"] = survey.no_interval_reason
    elif survey.kind == RANGE:
        limits = [evaluate(estimator, *tail)[-2:] for tail in found.tails]
        row |= {
            "conf_low": min(low for low, _ in limits),
            "conf_high": max(high for _, high in limits),
            "interval_method": "range_of_tails",
        }
    else:
        row |= {"std_error": error, "conf_low": low, "conf_high": high}
        row["interval_method"] = "delta_method"
        row["degrees_of_freedom"] = freedom if survey.is_declared else None
    if estimate.outside_domain is not None:
        outside = estimate.outside_domain
        row |= {
            "merchants_outside_domain": int(outside.sum()),
            "turnover_share_outside_domain": sample.w[outside] @ sample.x[outside] / sample.total,
        }
    return row
