"""Estimators of jobs for each unit of turnover, side by side on one merchant sample.

The report divides total turnover by f(mean turnover), f being equation 2.1,

    x_i / y_i = f(x_i) + e_i,    f(x) = b0 + b1 x + b2 x^2,

with x_i the yearly online turnover in 万元, y_i the headcount and w_i the survey weight. Other
estimators of the same total rest on other assumptions. Each one here gives J, jobs for each 万元 of
turnover, so that jobs in 万 are J times GMV in 亿元.

Standard errors are by linearisation: to first order, J moves by the sum of the merchants'
influences u_i, which follow the coefficients of the curve and the mean of turnover jointly, and

    Var(J) = n / (n - 1) sum_i u_i^2.

Merchants count as drawn independently, with probabilities inverse to their weights. Intervals are
symmetric for ln J, as jobs are positive: J exp(-+ z Var(J)^0.5 / J).

Sources: Huber and Ronchetti, Robust Statistics (2009), chapters 3 and 7; Duan (1983), JASA 78:605;
Powell (1991) in Koenker, Quantile Regression (2005), section 3.4; Särndal, Swensson and Wretman,
Model Assisted Survey Sampling (1992), chapter 5.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from statistics import NormalDist
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from platform_employment.fit.moments import UnusableSampleError

Floats = npt.NDArray[np.float64]

SAMPLE_KEY = ["platform_id", "sample_id"]
MEASURES = ["turnover_wan_yuan", "headcount", "survey_weight"]
Z_95 = NormalDist().inv_cdf(0.975)
INTERVAL_METHOD = "delta_method"

MIN_MERCHANTS = 4  # three coefficients and one degree of freedom
# Share of 1, u or u^2 that those before it leave unexplained: below, rounding reaches the results.
COLLINEARITY_TOLERANCE = 1e-4
# Share of the estimate: a smaller standard error is made of rounding, as on a curve that passes
# through every merchant.
ROUNDING_TOLERANCE = 1e-10
# Huber's proposal 2, with the tuning constants of statsmodels: residuals count in full up to 1.345
# scales in the curve and 2.5 in the scale, which is that of the normal distribution.
HUBER_SCALE_TUNING = 2.5
MAX_ITERATIONS = 5000
MAX_SCALE_STEPS = 100
SOLUTION_TOLERANCE = 1e-9

PRODUCTIVITY_NOT_POSITIVE = "productivity_not_positive"
NO_SOLUTION = "no_solution"
IMPRECISE = "imprecise"  # the standard error is as large as the estimate: no first-order matter


class NotEstimableError(ValueError):
    """One estimator has no value on a sample; the message is its reason code."""


@dataclass(frozen=True, eq=False)
class MerchantSample:
    """Merchants, n each: turnover (万元 a year), headcount (people), weight (of mean one)."""

    turnover: Floats
    headcount: Floats
    weight: Floats

    @cached_property
    def productivity(self) -> Floats:
        """Turnover for each person, 万元: n."""
        return self.turnover / self.headcount

    @cached_property
    def total_turnover(self) -> float:
        """Weighted sum of turnover, 万元."""
        return float(self.weight @ self.turnover)

    @property
    def mean_turnover(self) -> float:
        """Weighted mean of turnover, 万元."""
        return self.total_turnover / float(self.weight.sum())

    @cached_property
    def mean_influence(self) -> Floats:
        """Influence of each merchant on mean turnover, 万元: n."""
        share = self.weight / self.weight.sum()
        return np.asarray(share * (self.turnover - self.mean_turnover))


@dataclass(frozen=True, eq=False)
class Curve:
    """f(x) = g0 + g1 u + g2 u^2 with u = (x - centre) / scale, in 万元 a person.

    Args:
        centre: 万元.
        scale: 万元.
        params: g, 万元 a person: 3.
        influence: of each merchant on g: n x 3.
    """

    centre: float
    scale: float
    params: Floats
    influence: Floats

    def powers(self, turnover: Floats | float) -> Floats:
        """1, u and u^2: n x 3, or 3 for one turnover."""
        u = (np.asarray(turnover) - self.centre) / self.scale
        return np.stack([np.ones_like(u), u, u**2], axis=-1)

    def productivity(self, turnover: Floats) -> Floats:
        """f, 万元 a person: n."""
        return np.asarray(self.powers(turnover) @ self.params)

    def slope(self, turnover: Floats | float) -> Floats:
        """Derivative of f, per person: n."""
        u = (np.asarray(turnover) - self.centre) / self.scale
        return np.asarray((self.params[1] + 2 * self.params[2] * u) / self.scale)

    def is_in_domain(self, turnover: Floats) -> npt.NDArray[np.bool_]:
        """True where f is positive and rising: n."""
        return (self.productivity(turnover) > 0) & (self.slope(turnover) > 0)

    def held_at_turning_point(self, turnover: Floats) -> Floats:
        """The turnovers, those where f falls moved to where it turns (its peak): n."""
        slope, curvature = self.params[1:]
        if curvature == 0:
            return turnover
        turning_point = self.centre - self.scale * slope / (2 * curvature)
        keep = np.minimum if curvature < 0 else np.maximum
        return np.asarray(keep(turnover, turning_point))


@dataclass(frozen=True, eq=False)
class Linearised:
    """Jobs for each 万元, the influence of each merchant on it (n), and who is in the domain (n).

    The domain is where the curve is positive and rising; an estimator without one has none.
    """

    jobs_per_wan_yuan: float
    influence: Floats
    is_in_domain: npt.NDArray[np.bool_] | None

    @property
    def std_error(self) -> float:
        """Linearised standard error."""
        n = len(self.influence)
        return math.sqrt(n / (n - 1) * float(self.influence @ self.influence))


def est_estimator_comparison(tables: Mapping[str, Any]) -> pd.DataFrame:
    """One row per platform, sample and estimator."""
    return compare_estimators(tables["int_fit__compared_merchants"].df())


def compare_estimators(merchants: pd.DataFrame) -> pd.DataFrame:
    """Apply every estimator to each sample.

    Args:
        merchants: one row per merchant: `platform_id`, `sample_id`, `turnover_wan_yuan` (万元 a
            year), `headcount` (people), `survey_weight` (merchants that it stands for). The order
            of rows does not matter.

    Returns:
        One row per sample x `estimator_id`: `jobs_per_wan_yuan` (jobs for each 万元) with
        `std_error`, `conf_low` and `conf_high` (95 %) by `interval_method` and its
        `ratio_to_report_formula`, or a `reason_code` where there is none; `merchants_used`, and of
        these `merchants_outside_domain` with `turnover_share_outside_domain`, where the estimator
        has a curve.

    Raises:
        UnusableSampleError: as in `usable_sample`.
    """
    rows = []
    for (platform_id, sample_id), frame in merchants.groupby(SAMPLE_KEY):
        sample = usable_sample(*frame[MEASURES].to_numpy(dtype=np.float64).T)
        for estimator_id, estimator in ESTIMATORS.items():
            key = {"platform_id": platform_id, "sample_id": sample_id, "estimator_id": estimator_id}
            rows.append(key | _described(sample, estimator))
        of_report, *_ = rows[-len(ESTIMATORS) :]
        for row in rows[-len(ESTIMATORS) :]:
            jobs, its_jobs = row["jobs_per_wan_yuan"], of_report["jobs_per_wan_yuan"]
            row["ratio_to_report_formula"] = jobs / its_jobs if jobs and its_jobs else None
    # the types of columns, even if no sample has a value in one of them
    types = {
        "platform_id": "str",
        "sample_id": "str",
        "estimator_id": "str",
        "jobs_per_wan_yuan": "float64",
        "std_error": "float64",
        "conf_low": "float64",
        "conf_high": "float64",
        "interval_method": "string",
        "ratio_to_report_formula": "float64",
        "merchants_used": "int64",
        "merchants_outside_domain": "Int64",
        "turnover_share_outside_domain": "float64",
        "reason_code": "string",
    }
    return pd.DataFrame(rows, columns=list(types)).astype(types)


def usable_sample(turnover: Floats, headcount: Floats, weight: Floats) -> MerchantSample:
    """The merchants in an order of their own.

    Args:
        turnover: 万元 a year: n.
        headcount: people: n.
        weight: merchants that each one stands for: n.

    Raises:
        UnusableSampleError: a value is not a positive finite number, or there is none.
    """
    if not len(turnover):
        raise UnusableSampleError("merchant sample has no rows")
    for name, values in zip(MEASURES, (turnover, headcount, weight), strict=True):
        # in this form a NaN counts as unusable
        unusable = int(np.sum(~((values > 0) & (values < math.inf))))
        if unusable:
            raise UnusableSampleError(
                f"{unusable} of {len(values)} values of {name} are not positive finite numbers"
            )
    order = np.lexsort((weight, headcount, turnover))
    return MerchantSample(turnover[order], headcount[order], weight[order] / weight.mean())


def _described(
    sample: MerchantSample, estimator: Callable[[MerchantSample], Linearised]
) -> dict[str, Any]:
    """What the table says of one estimator on one sample."""
    row: dict[str, Any] = {
        "jobs_per_wan_yuan": None,
        "std_error": None,
        "conf_low": None,
        "conf_high": None,
        "interval_method": INTERVAL_METHOD,
        "merchants_used": len(sample.turnover),
        "merchants_outside_domain": None,
        "turnover_share_outside_domain": None,
        "reason_code": None,
    }
    try:
        if len(sample.turnover) < MIN_MERCHANTS:
            raise NotEstimableError(NO_SOLUTION)
        estimate = estimator(sample)
        if estimate.std_error <= ROUNDING_TOLERANCE * estimate.jobs_per_wan_yuan:
            raise NotEstimableError(NO_SOLUTION)
        if not estimate.std_error < estimate.jobs_per_wan_yuan:
            raise NotEstimableError(IMPRECISE)
    except NotEstimableError as error:
        return row | {"interval_method": None, "reason_code": str(error)}
    factor = math.exp(Z_95 * estimate.std_error / estimate.jobs_per_wan_yuan)
    row |= {
        "jobs_per_wan_yuan": estimate.jobs_per_wan_yuan,
        "std_error": estimate.std_error,
        "conf_low": estimate.jobs_per_wan_yuan / factor,
        "conf_high": estimate.jobs_per_wan_yuan * factor,
    }
    if estimate.is_in_domain is not None:
        outside = ~estimate.is_in_domain
        turnover_outside = sample.weight[outside] @ sample.turnover[outside]
        row |= {
            "merchants_outside_domain": int(outside.sum()),
            "turnover_share_outside_domain": float(turnover_outside / sample.total_turnover),
        }
    return row


# estimators


def report_formula(sample: MerchantSample) -> Linearised:
    """1 / f(mean x), f by least squares: equations 2.1 and 2.2 of the report."""
    return _at_mean_turnover(sample, least_squares_curve(sample, sample.weight))


def turnover_weighted(sample: MerchantSample) -> Linearised:
    """1 / f(mean x), f by least squares in which a merchant counts by its turnover."""
    return _at_mean_turnover(sample, least_squares_curve(sample, sample.weight * sample.turnover))


def huber(sample: MerchantSample) -> Linearised:
    """1 / f(mean x), f by Huber's M-estimator."""
    return _at_mean_turnover(sample, huber_curve(sample))


def median(sample: MerchantSample) -> Linearised:
    """1 / f(mean x), f by median regression."""
    return _at_mean_turnover(sample, median_curve(sample))


def sum_of_predictions(sample: MerchantSample) -> Linearised:
    """Sum of w x / f(x) over sum of w x: each merchant at the curve for its turnover.

    Where f falls, beyond its peak, productivity is held at the peak's.
    """
    curve = least_squares_curve(sample, sample.weight)
    held_turnover = curve.held_at_turning_point(sample.turnover)
    productivity = curve.productivity(held_turnover)
    if productivity.min() <= 0:
        raise NotEstimableError(PRODUCTIVITY_NOT_POSITIVE)
    predicted_headcount = sample.turnover / productivity
    jobs = float(sample.weight @ predicted_headcount) / sample.total_turnover
    # f does not move with its turning point to first order, as its slope there is zero
    gradient = -(sample.weight * predicted_headcount / productivity) @ curve.powers(held_turnover)
    influence = sample.weight * (predicted_headcount - jobs * sample.turnover)
    return Linearised(
        jobs,
        (influence + curve.influence @ gradient) / sample.total_turnover,
        curve.is_in_domain(sample.turnover),
    )


def ratio(sample: MerchantSample) -> Linearised:
    """Sum of w y over sum of w x: the ratio estimator of survey sampling."""
    jobs = float(sample.weight @ sample.headcount) / sample.total_turnover
    residual = sample.headcount - jobs * sample.turnover
    return Linearised(jobs, sample.weight * residual / sample.total_turnover, None)


def log_log(sample: MerchantSample) -> Linearised:
    """1 / (S exp(a + b ln mean x)), a and b of ln(x / y) on ln x by least squares.

    S is Duan's smearing factor, the mean of exp(residual).
    """
    log_productivity, log_turnover = np.log(sample.productivity), np.log(sample.turnover)
    if np.ptp(sample.turnover) == 0:
        raise NotEstimableError(NO_SOLUTION)
    design = np.column_stack([np.ones_like(log_turnover), log_turnover])
    params, params_influence = _least_squares(log_productivity, design, sample.weight)
    smeared = np.exp(log_productivity - design @ params)
    total_weight = sample.weight.sum()
    smearing = float(sample.weight @ smeared) / total_weight
    smearing_influence = (
        sample.weight * (smeared - smearing)
        - params_influence @ ((sample.weight * smeared) @ design)
    ) / total_weight
    mean = sample.mean_turnover
    at_mean = np.array([1, math.log(mean)])
    jobs = 1 / (smearing * math.exp(at_mean @ params))
    log_influence = (
        params_influence @ at_mean
        + params[1] / mean * sample.mean_influence
        + smearing_influence / smearing
    )
    is_rising = np.full(len(sample.turnover), params[1] > 0)
    return Linearised(jobs, -jobs * log_influence, is_rising)


ESTIMATORS: dict[str, Callable[[MerchantSample], Linearised]] = {
    "report_formula": report_formula,
    "sum_of_predictions": sum_of_predictions,
    "ratio": ratio,
    "turnover_weighted": turnover_weighted,
    "log_log": log_log,
    "huber": huber,
    "median": median,
}


def _at_mean_turnover(sample: MerchantSample, curve: Curve) -> Linearised:
    """1 / f(mean x): equation 2.2 for one 万元."""
    mean = sample.mean_turnover
    productivity = float(curve.powers(mean) @ curve.params)
    if productivity <= 0:
        raise NotEstimableError(PRODUCTIVITY_NOT_POSITIVE)
    influence = curve.influence @ curve.powers(mean) + curve.slope(mean) * sample.mean_influence
    return Linearised(
        1 / productivity, -influence / productivity**2, curve.is_in_domain(sample.turnover)
    )


# curves


def least_squares_curve(sample: MerchantSample, weight: Floats) -> Curve:
    """Equation 2.1 by weighted least squares; the influence is that of White's sandwich (HC0)."""
    basis = _orthonormal_basis(sample.turnover, weight)
    coefficients, influence = _least_squares(sample.productivity, basis.regressors, weight)
    return basis.curve(coefficients, influence)


def huber_curve(sample: MerchantSample) -> Curve:
    """Equation 2.1 by Huber's M-estimator, with the scale of the residuals by his proposal 2.

    With r = e / s, coefficients and scale s solve sum w psi(r) regressors = 0 and
    sum w (min(r^2, d^2) / 2 - h) = 0, h the mean of the former under the normal distribution.
    Productivity is skewed, so the scale moves the curve: its influence follows both.

    Raises:
        NotEstimableError: the iterations do not converge.
    """
    # here, not above: the import takes a second
    from statsmodels.robust.norms import HuberT  # noqa: PLC0415
    from statsmodels.robust.robust_linear_model import RLM  # noqa: PLC0415

    weight = sample.weight

    class WeightedHuberT(HuberT):  # type: ignore[misc]
        """A merchant counts for as many as it stands for."""

        def weights(self, z: Floats) -> Floats:
            return np.asarray(weight * super().weights(z))

    normal, d = NormalDist(), HUBER_SCALE_TUNING
    mean_chi = d**2 + (1 - d**2) * normal.cdf(d) - 0.5 - d * normal.pdf(d)

    def scale_of(model: Any, residual: Floats) -> float:
        """Proposal 2, by Newton's method in the logarithm, from the scale before."""
        scale = float(model.scale or np.std(residual))
        absolute, total_weight = np.abs(residual), weight.sum()
        for _ in range(MAX_SCALE_STEPS):
            size = np.minimum(absolute / scale, d)
            square = size**2
            excess = weight @ square / 2 - total_weight * mean_chi
            step = excess / (weight @ np.where(size < d, square, 0))
            scale *= math.exp(min(max(step, -1), 1))
            if abs(step) <= SOLUTION_TOLERANCE:
                return scale
        raise NotEstimableError(NO_SOLUTION)

    basis = _orthonormal_basis(sample.turnover, weight)
    unit = sample.productivity.mean()  # tolerances of statsmodels are absolute
    with np.errstate(all="ignore"):
        fit = RLM(sample.productivity / unit, basis.regressors, M=WeightedHuberT()).fit(
            scale_est=scale_of, conv="coefs", maxiter=MAX_ITERATIONS, tol=SOLUTION_TOLERANCE
        )
    if fit.fit_history["iteration"] >= MAX_ITERATIONS:
        raise NotEstimableError(NO_SOLUTION)

    residual, norm = fit.resid / fit.scale, HuberT()
    psi, psi_slope = norm.psi(residual)[:, np.newaxis], norm.psi_deriv(residual)[:, np.newaxis]
    chi_slope = np.where(np.abs(residual) < d, residual, 0)
    influence = _influence(
        weight=weight,
        scores=np.column_stack(
            [psi * basis.regressors, np.minimum(residual**2, d**2) / 2 - mean_chi]
        ),
        slopes=np.column_stack([psi_slope * basis.regressors, chi_slope]),
        regressors=np.column_stack([basis.regressors, residual]),
    )
    return basis.curve(fit.params * unit, influence[:, :3] * fit.scale * unit)


def median_curve(sample: MerchantSample) -> Curve:
    """Equation 2.1 by weighted median regression.

    The influence divides by the density of residuals at zero: Powell's kernel estimate, which lets
    it differ between merchants, with the kernel and, weighted, the bandwidth of statsmodels.

    Raises:
        NotEstimableError: the iterations do not converge, or the density is zero.
    """
    # here, not above: the import takes a second
    from statsmodels.regression.quantile_regression import QuantReg, kernels  # noqa: PLC0415

    weight = sample.weight
    basis = _orthonormal_basis(sample.turnover, weight)
    unit = sample.productivity.mean()  # tolerances of statsmodels are absolute
    target = sample.productivity / unit
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # of what is checked below
        fit = QuantReg(weight * target, weight[:, np.newaxis] * basis.regressors).fit(
            max_iter=MAX_ITERATIONS
        )
    residual = target - basis.regressors @ fit.params
    bandwidth = _bandwidth(residual, target, weight)
    if fit.iterations >= MAX_ITERATIONS or not bandwidth > 0:
        raise NotEstimableError(NO_SOLUTION)

    density = kernels["epa"](residual / bandwidth) / bandwidth
    influence = _influence(
        weight=weight,
        scores=np.sign(residual)[:, np.newaxis] / 2 * basis.regressors,
        slopes=density[:, np.newaxis] * basis.regressors,
        regressors=basis.regressors,
    )
    return basis.curve(fit.params * unit, influence * unit)


def _bandwidth(residual: Floats, target: Floats, weight: Floats) -> float:
    """The bandwidth of statsmodels for the density of residuals at their median, by weight.

    Its own is that of the residuals times their weights, which a fit with weights is made of.
    NaN for a handful of merchants.
    """
    from statsmodels.regression.quantile_regression import hall_sheather  # noqa: PLC0415

    tail = 0.5 - hall_sheather(len(residual), 0.5)
    if tail <= 0:
        return math.nan
    low, high = np.quantile(residual, [0.25, 0.75], method="inverted_cdf", weights=weight)
    std = math.sqrt(np.cov(target, aweights=weight, ddof=0))
    return float(min(std, (high - low) / 1.34) * -2 * NormalDist().inv_cdf(tail))


@dataclass(frozen=True, eq=False)
class _Basis:
    """Orthonormal polynomials of degree 0 to 2, and the way back to those of u.

    `regressors @ a` equals `[1, u, u^2] @ (to_powers @ a)`: n x 3 and 3 x 3.
    """

    centre: float
    scale: float
    regressors: Floats
    to_powers: Floats

    def curve(self, coefficients: Floats, influence: Floats) -> Curve:
        """The curve of these coefficients of the regressors (3) and influences on them (n x 3)."""
        return Curve(
            self.centre,
            self.scale,
            self.to_powers @ coefficients,
            influence @ self.to_powers.T,
        )


def _orthonormal_basis(turnover: Floats, weight: Floats) -> _Basis:
    """Polynomials whose weighted mean products are 0 and squares 1.

    1, x and x^2 are nearly collinear in their own units (condition number above 1e6 on turnover in
    万元), which costs a fit on them its digits.

    Raises:
        NotEstimableError: the turnovers are too close to two values.
    """
    centre = float(turnover.mean())
    scale = float(np.abs(turnover - centre).max())
    if scale == 0:
        raise NotEstimableError(NO_SOLUTION)
    powers = np.vander((turnover - centre) / scale, 3, increasing=True)
    root = np.sqrt(weight / weight.sum())[:, np.newaxis]
    orthonormal, triangle = np.linalg.qr(root * powers)
    unexplained = np.abs(np.diag(triangle)) / np.linalg.norm(root * powers, axis=0)
    if unexplained.min() < COLLINEARITY_TOLERANCE:
        raise NotEstimableError(NO_SOLUTION)
    return _Basis(centre, scale, orthonormal / root, np.linalg.inv(triangle))


def _least_squares(target: Floats, design: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """Coefficients of weighted least squares (k), and each merchant's influence on them (n x k)."""
    root = np.sqrt(weight)
    solution = np.linalg.lstsq(root[:, np.newaxis] * design, root * target, rcond=None)
    coefficients = np.asarray(solution[0], dtype=np.float64)
    residual = (target - design @ coefficients)[:, np.newaxis]
    return coefficients, _influence(weight, residual * design, design, design)


def _influence(weight: Floats, scores: Floats, slopes: Floats, regressors: Floats) -> Floats:
    """Each merchant's influence on an M-estimator, the solution of sum w scores = 0: n x k.

    Args:
        weight: n.
        scores: n x k.
        slopes: n x k. With `regressors`, n x k, they are the derivative of the equations by the
            parameters, sum w slopes regressors', up to its sign.

    Raises:
        NotEstimableError: the derivative is singular.
    """
    weighted = weight[:, np.newaxis]
    try:
        solved = np.linalg.solve((weighted * slopes).T @ regressors, (weighted * scores).T).T
    except np.linalg.LinAlgError:
        raise NotEstimableError(NO_SOLUTION) from None
    return np.asarray(solved)
