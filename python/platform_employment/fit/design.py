"""Survey design: standard errors, calibration to known totals, and what an interval may claim.

Every estimator gives a value and the influence of each merchant on it: to first order, the estimate
moves by the sum of the influences. `Survey.standard_error` turns influences into a standard error
for the declared design. No estimator has a variance formula.

Sources: Särndal, Swensson and Wretman, Model Assisted Survey Sampling (1992), chapters 3 to 5;
Deville and Särndal, Calibration estimators in survey sampling, JASA 87 (1992), 376-382.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from platform_employment.errors import UserError

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.intp]

CONFIDENCE_LEVEL = 0.95
# the sampling schemes whose intervals can have a known probability
PROBABILITY_SAMPLING = ("random", "stratified", "clustered", "stratified_clustered")
# Share of the merchants asked who answered. Below the first, an interval needs known totals to
# correct for non-response; below the second there is no interval without them. Conventions.
HIGH_RESPONSE_RATE, LOWEST_RESPONSE_RATE = 0.8, 0.3
MIN_UNITS, FEW_CLUSTERS = 2, 10  # one unit has no spread; fewer clusters are reported
MIN_CLASS_MERCHANTS = 10  # a size class with fewer is calibrated together with the one below
MAX_WEIGHT_FACTOR = 10  # a larger change of a weight by calibration is reported
MAX_CLASS_FACTOR = 3  # so is a class whose share differs more between sample and population

CONFIDENCE, CALIBRATED, AS_IF_RANDOM, RANGE, NONE = (
    "confidence",
    "calibrated",
    "as_if_random",
    "range",
    "none",
)


@dataclass(frozen=True)
class Design:
    """How a sample was drawn: one row of `survey/designs.csv`.

    Args:
        sampling: `census`, `random`, `stratified`, `clustered`, `stratified_clustered`,
            `volunteers` or `unknown`.
        response_rate: merchants that answered over merchants asked, 0 to 1; None if not known.
    """

    sampling: str = "unknown"
    response_rate: float | None = None


@dataclass(frozen=True)
class PopulationTotal:
    """Known totals of the population in a size class: one row of `survey/population_totals.csv`.

    Args:
        low: least turnover of the class, 万元 a year; None for no lower bound.
        high: turnover below which the class ends, 万元 a year; None for no upper bound. Without
            both bounds the row is of the whole population.
        merchants: number of merchants; None if not known.
        turnover: sum of their turnover, 万元 a year; None if not known.
    """

    low: float | None
    high: float | None
    merchants: float | None
    turnover: float | None

    @property
    def name(self) -> str:
        """The class as messages name it."""
        if self.low is None and self.high is None:
            return "the whole population"
        if self.low is None:
            return f"class below {self.high:g}"
        return (
            f"class above {self.low:g}" if self.high is None else f"{self.low:g} to {self.high:g}"
        )

    def contains(self, turnover: Floats) -> npt.NDArray[np.bool_]:
        """Whether each turnover is in the class: n."""
        low = -np.inf if self.low is None else self.low
        high = np.inf if self.high is None else self.high
        return (turnover >= low) & (turnover < high)


@dataclass(frozen=True, eq=False)
class Survey:
    """The design of one sample of n merchants, with their weights.

    Args:
        weight: number of merchants that each represents, calibrated if totals are known: n.
        stratum: number of the stratum of each unit, from 0: one per unit.
        unit: number of the primary sampling unit of each merchant, from 0: n. Clusters if there
            are any, otherwise merchants.
        population: units of each stratum that could have been drawn, infinity if not known.
        regressors: of the known totals: n x k; None without totals.
        is_declared: whether strata, clusters or population sizes are known.
        kind: what an interval of the sample may claim: see `interval_kind`.
        no_interval_reason: why there is no interval; None if there is one.
        warnings: what a reader of the results must know of the design, a sentence each.
    """

    weight: Floats
    stratum: Integers
    unit: Integers
    population: Floats
    regressors: Floats | None
    is_declared: bool
    kind: str
    no_interval_reason: str | None
    warnings: tuple[str, ...]

    def covariance(self, influence: Floats) -> tuple[Floats, int]:
        """Return the covariance matrix of sums of influences (n x k), and degrees of freedom.

        It is the sum over strata of (1 - n / N) n / (n - 1) sum (u - mean u)(u - mean u)', with u
        the sum of the influences in each of the n units drawn of N. A stratum of one unit takes the
        mean of all units. What known totals explain of the influences has no error. Merchants
        outside the domain of an estimate have an influence of 0.
        """
        if self.regressors is not None:
            root = np.sqrt(self.weight)[:, None]
            explained = np.linalg.lstsq(root * self.regressors, influence / root, rcond=None)[0]
            influence = influence - self.weight[:, None] * (self.regressors @ explained)
        units, strata = len(self.stratum), len(self.population)
        total = np.column_stack([np.bincount(self.unit, u, minlength=units) for u in influence.T])
        n = np.bincount(self.stratum, minlength=strata)
        mean = np.column_stack(
            [np.bincount(self.stratum, u, minlength=strata) / n for u in total.T]
        )
        mean = np.where(n[:, None] > 1, mean, total.mean(axis=0))
        deviation = total - mean[self.stratum]
        # no error where a stratum was taken whole
        factor = np.maximum(1 - n / self.population, 0) * n / np.maximum(n - 1, 1)
        covariance = (factor[self.stratum][:, None] * deviation).T @ deviation
        return covariance, max(units - strata, 1)

    def standard_error(self, influence: Floats) -> tuple[float, int]:
        """Return the standard error of a sum of influences (n), and its degrees of freedom."""
        covariance, degrees_of_freedom = self.covariance(influence[:, None])
        return float(np.sqrt(covariance[0, 0])), degrees_of_freedom

    def quantile(self, degrees_of_freedom: int) -> float:
        """Return the quantile for a two-sided 95 % interval: t if the design is declared."""
        tail = (1 + CONFIDENCE_LEVEL) / 2
        if self.is_declared:
            return float(stats.t.ppf(tail, degrees_of_freedom))
        return float(stats.norm.ppf(tail))

    def subset(self, members: npt.NDArray[np.bool_]) -> Survey:
        """Return the survey of some merchants as if they had been drawn alone."""
        unit, position = np.unique(self.unit[members], return_inverse=True)
        number, stratum = np.unique(self.stratum[unit], return_inverse=True)
        return replace(
            self,
            weight=self.weight[members],
            stratum=stratum,
            unit=position,
            population=self.population[number],
            regressors=None if self.regressors is None else self.regressors[members],
        )


def survey_of(merchants: pd.DataFrame, design: Design) -> Survey:
    """Return the survey design that the columns of merchants and their `Design` declare.

    Args:
        merchants: one row per merchant; `survey_weight` and, optionally, `stratum`, `cluster_id`,
            `population_size` and `is_censored`. A column without any value counts as absent.
        design: how they were drawn.
    """
    given = {
        column
        for column in ("stratum", "cluster_id", "population_size")
        if column in merchants and merchants[column].notna().any()
    }
    n = len(merchants)
    row_stratum = (
        pd.factorize(merchants["stratum"], sort=True)[0]
        if "stratum" in given
        else np.zeros(n, dtype=np.intp)
    )
    if "cluster_id" in given:
        codes = pd.factorize(merchants["cluster_id"], sort=True)[0]
        # a cluster is drawn within its stratum
        _, unit = np.unique(row_stratum * (codes.max() + 1) + codes, return_inverse=True)
    else:
        unit = np.arange(n)
    units = int(unit.max()) + 1 if n else 0
    stratum = np.zeros(units, dtype=np.intp)
    stratum[unit] = row_stratum
    population = np.full(int(row_stratum.max()) + 1 if n else 1, np.inf)
    if "population_size" in given:
        population[row_stratum] = merchants["population_size"].to_numpy(dtype=float)
    is_censored = "is_censored" in merchants and bool(
        merchants["is_censored"].fillna(False).astype(bool).any()
    )
    kind, reason = interval_kind(design, units=units, is_censored=is_censored, has_totals=False)
    warnings = []
    weight = merchants["survey_weight"].to_numpy(dtype=float)
    if "cluster_id" in given and MIN_UNITS <= units < FEW_CLUSTERS:
        freedom = max(units - len(population), 1)
        warnings.append(f"{units} clusters: limits use t with {freedom} degrees of freedom")
    if not given and n and np.ptp(weight) > 0 and design.sampling == "unknown":
        warnings.append("weights differ and no design is declared: limits are as if random")
    return Survey(
        weight, stratum, unit, population, None, bool(given), kind, reason, tuple(warnings)
    )


def interval_kind(
    design: Design, *, units: int, is_censored: bool, has_totals: bool
) -> tuple[str, str | None]:
    """Return what an interval may claim, and the reason if there are no limits.

    `confidence` and `calibrated` have a probability of 95 %, the latter if non-response depends on
    turnover alone; `as_if_random` has an unknown one; `range` is the lowest and highest limit over
    assumed tails and has no probability; `none` means no limits.
    """
    if design.sampling == "volunteers":
        return NONE, "volunteers"
    if units < MIN_UNITS:
        return NONE, "too_few_units"
    rate = design.response_rate
    if rate is not None and rate < LOWEST_RESPONSE_RATE and not has_totals:
        return NONE, "low_response_rate"
    kind = AS_IF_RANDOM
    if is_censored:
        kind = RANGE
    elif design.sampling in PROBABILITY_SAMPLING and has_totals:
        kind = CALIBRATED
    elif design.sampling in PROBABILITY_SAMPLING and (rate or 0) >= HIGH_RESPONSE_RATE:
        kind = CONFIDENCE
    return kind, None


def calibrated(
    survey: Survey,
    turnover: Floats,
    totals: Sequence[PopulationTotal],
    design: Design,
    *,
    is_censored: npt.NDArray[np.bool_] | None = None,
) -> Survey:
    """Return the survey with weights w exp(a'l) that meet the known totals (raking).

    A class with fewer than ten merchants of the sample is merged with the one below. Totals of
    turnover are left out for censored turnovers, which take what the others leave.

    Raises:
        UserError: no positive weights meet the totals.
    """
    columns, targets = [], []
    for total in merged_classes(turnover, totals):
        member = total.contains(turnover)
        if total.merchants is not None:
            columns.append(member.astype(float))
            targets.append(total.merchants)
        if total.turnover is not None and (is_censored is None or not is_censored[member].any()):
            columns.append(np.where(member, turnover, 0.0))
            targets.append(total.turnover)
    if not columns:
        return survey
    regressors = np.column_stack(columns)
    weight = raking_weights(survey.weight, regressors, np.array(targets))
    if weight is None:
        parts = [
            f"{total.name} has {int(total.contains(turnover).sum())} of {total.merchants:,.0f}"
            " merchants"
            for total in totals
            if total.merchants is not None
        ]
        raise UserError(f"no positive weights meet the totals: {'; '.join(parts)}")
    kind, reason = interval_kind(
        design,
        units=len(survey.stratum),
        is_censored=is_censored is not None and bool(is_censored.any()),
        has_totals=True,
    )
    factor = weight / survey.weight
    factor = factor / np.median(factor)
    moved = int(np.sum((factor > MAX_WEIGHT_FACTOR) | (factor < 1 / MAX_WEIGHT_FACTOR)))
    warnings = list(survey.warnings)
    if moved:
        warnings.append(f"calibration moves {moved} weights by more than ten times")
    warnings += _differing_classes(survey.weight, turnover, totals)
    return replace(
        survey,
        weight=weight,
        regressors=regressors,
        kind=kind,
        no_interval_reason=reason,
        warnings=tuple(warnings),
    )


def merged_classes(turnover: Floats, totals: Sequence[PopulationTotal]) -> list[PopulationTotal]:
    """Return the totals with sparse size classes merged: each into the one below, the lowest up."""
    whole = [total for total in totals if total.low is None and total.high is None]
    classes = sorted(
        (total for total in totals if total not in whole),
        key=lambda total: -np.inf if total.low is None else total.low,
    )

    def added(a: float | None, b: float | None) -> float | None:
        return None if a is None or b is None else a + b

    merged: list[PopulationTotal] = []
    for total in classes:
        is_sparse = total.contains(turnover).sum() < MIN_CLASS_MERCHANTS
        if merged and (is_sparse or merged[-1].contains(turnover).sum() < MIN_CLASS_MERCHANTS):
            below = merged.pop()
            merged.append(
                PopulationTotal(
                    below.low,
                    total.high,
                    added(below.merchants, total.merchants),
                    added(below.turnover, total.turnover),
                )
            )
        else:
            merged.append(total)
    return merged + whole


def raking_weights(
    weight: Floats, regressors: Floats, targets: Floats, steps: int = 50
) -> Floats | None:
    """Return weights w exp(a'l) that meet the totals, by Newton's method; None if no weights do.

    Args:
        weight: n.
        regressors: n x k.
        targets: totals of the k regressors.
        steps: most iterations.
    """
    scale = np.abs(regressors).max(axis=0)
    scaled, goal = regressors / scale, targets / scale
    multipliers = np.zeros(regressors.shape[1])
    start = weight * goal[0] / (weight @ scaled[:, 0])
    for _ in range(steps):
        calibrated_weight = start * np.exp(np.clip(scaled @ multipliers, -30, 30))
        gap = goal - scaled.T @ calibrated_weight
        if np.abs(gap).max() <= 1e-10 * np.abs(goal).max():
            return np.asarray(calibrated_weight)
        information = (scaled * calibrated_weight[:, None]).T @ scaled
        multipliers = multipliers + np.linalg.lstsq(information, gap, rcond=None)[0]
    return None


def _differing_classes(
    weight: Floats, turnover: Floats, totals: Sequence[PopulationTotal]
) -> list[str]:
    """Name the classes whose share of the merchants differs between sample and population."""
    classes = [t for t in totals if t.merchants and (t.low is not None or t.high is not None)]
    population = sum(t.merchants or 0 for t in classes)
    warnings = []
    for total in classes:
        drawn = float(weight[total.contains(turnover)].sum() / weight.sum())
        known = (total.merchants or 0) / population
        if not known / MAX_CLASS_FACTOR <= drawn <= known * MAX_CLASS_FACTOR:
            warnings.append(
                f"merchants of {total.name} 万元: {drawn:.1%} of the sample, {known:.1%} of the"
                " population"
            )
    return warnings
