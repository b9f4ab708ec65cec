"""The synthetic merchant sample: made, not observed, and calibrated to the published equation.

The report (table 2.2, chapter 2) publishes the coefficients of equation 2.1 but not the survey
behind them. This module makes a sample that real microdata can replace: fitted by OLS it returns
the published coefficients at published precision, and its mean turnover the published jobs. It
demonstrates the path of the data and proves nothing about the report.

    python -m platform_employment.fit.synthetic PLATFORM            write the shipped sample
    python -m platform_employment.fit.synthetic PLATFORM --check    compare it with a fresh one

Method:
1. Turnover lies on a log-normal quantile grid. Which merchant gets which quantile of turnover and
   scatter, and which industry, is decided by the SHA-256 order of the ids: there is no random
   number generator.
2. Labour productivity is the published curve plus scatter. The scatter is built orthogonal to the
   three regressors, so that OLS on these values returns the published coefficients exactly.
3. Headcount is turnover over productivity, in whole people. From the largest merchant down, each
   is rounded to the side that makes up for the rounding of those before.
4. What rounding has still moved is put right by a shift of log turnover (below 1 %) along smooth
   functions of its rank: the smallest shift for which the normal equations hold at the published
   coefficients and the mean is the implied one.

The file is the same on every machine. Elementary functions and linear algebra may differ there in
the last bits, but these decide nothing: the coefficients of the shift are rounded to 6 decimals
before use, and no turnover, headcount or coefficient lies so close to a rounding boundary that an
error of that size could move it (a test disturbs them to prove it).
"""

from __future__ import annotations

import argparse
import hashlib
import math
import sys
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from statistics import NormalDist

import numpy as np
import numpy.typing as npt
import pandas as pd
from numpy.polynomial import Polynomial

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

SAMPLE_ID = "synthetic_2021"
DEFAULT_OUTPUT = Path("seeds/survey/merchant_sample.csv")

# The shape of the sample is assumed throughout.
MERCHANTS = 2_000
# Turnover above a minimum, in 万元 a year, is log-normal. The tail is heavy, but cut at three
# standard deviations: the largest merchant stays below half of the 12,292 万元 where f peaks.
LOWEST_TURNOVER = 10.0
LOG_TURNOVER_SD = 1.7
LARGEST_TURNOVER_SCORE = 3.0
# Relative standard deviation of productivity at no turnover; falls with the root of 1 + x / mean x.
SCATTER = 0.5
# industry: (share of merchants, productivity relative to the curve)
INDUSTRIES = {
    "apparel": (0.32, 1.00),
    "food": (0.20, 0.90),
    "beauty": (0.14, 1.10),
    "home": (0.14, 0.95),
    "jewellery": (0.06, 1.25),
    "other": (0.14, 1.00),
}

# Centres and width, in normal scores of turnover, of the bumps that make up the shift.
BUMP_CENTRES = np.arange(-3.0, 3.75, 0.5)
BUMP_WIDTH = 0.6
SHIFT_DECIMALS = 6
SHIFT_TOLERANCE = 1e-10  # far below the 6 decimals kept
SHIFT_ITERATIONS = 20  # Newton's method takes five; more mean that no solution is near

# Published with one decimal. A twentieth of that keeps what is computed from it on the published
# side of its rounding too: jobs x (1 + 1.475) = 922.9 needs 372.869 to 372.909.
JOBS_TOLERANCE_WAN = Decimal("0.005")


class CalibrationError(ValueError):
    """No sample of the assumed shape reproduces the targets."""


@dataclass(frozen=True)
class Targets:
    """Published figures that the sample must return, each with its published decimals.

    Productivity is f(x) = intercept + turnover x + turnover_squared x^2, in 万元 a person, of the
    yearly turnover x in 万元.
    """

    intercept: Decimal
    turnover: Decimal
    turnover_squared: Decimal
    total_turnover_wan_yuan: Decimal
    jobs_wan: Decimal

    @property
    def coefficients(self) -> tuple[Decimal, Decimal, Decimal]:
        """Intercept, coefficient of turnover, coefficient of its square."""
        return self.intercept, self.turnover, self.turnover_squared

    def productivity(self, turnover: Floats) -> Floats:
        """The curve f at each turnover, in 万元 a person."""
        b0, b1, b2 = map(float, self.coefficients)
        return b0 + (b1 + b2 * turnover) * turnover

    def productivity_slope(self, turnover: Floats) -> Floats:
        """The derivative of f at each turnover, per person."""
        _, b1, b2 = map(float, self.coefficients)
        return b1 + 2 * b2 * turnover

    @property
    def mean_turnover(self) -> float:
        """The turnover in 万元 at which total turnover / f(turnover) gives the jobs.

        The smaller root of f(m) = total / jobs, in the form that does not cancel.

        Raises:
            CalibrationError: the curve does not reach that productivity at a positive turnover.
        """
        b0, b1, b2 = map(float, self.coefficients)
        productivity = float(self.total_turnover_wan_yuan / (self.jobs_wan * 10_000))
        discriminant = b1**2 + 4 * b2 * (productivity - b0)
        if productivity <= b0 or b1 <= 0 or discriminant < 0:
            raise CalibrationError(
                f"no turnover gives {self.jobs_wan} 万 jobs on the published curve"
            )
        return 2 * (productivity - b0) / (b1 + math.sqrt(discriminant))


# Report, chapter 2: coefficients and jobs from table 2.2; total turnover is the e-commerce GMV of
# 2020Q4 to 2021Q3, 1771 + 4397 = 6168 亿元.
REPORT_TARGETS = Targets(
    intercept=Decimal("7.823"),
    turnover=Decimal("0.059"),
    turnover_squared=Decimal("-0.0000024"),
    total_turnover_wan_yuan=Decimal("61680000"),
    jobs_wan=Decimal("372.9"),
)


def generate_merchant_sample(targets: Targets, platform_id: str) -> pd.DataFrame:
    """Make the synthetic sample: one row per merchant, in the columns of the seed.

    Args:
        targets: what the OLS fit of equation 2.1, x / y = b0 + b1 x + b2 x^2, and the mean
            turnover must return.

    Returns:
        `turnover_wan_yuan` is x, rounded to two decimals; `headcount` is y, at least 1.

    Raises:
        CalibrationError: the rounded values do not return the targets.
    """
    merchant_ids = [f"M{i:05d}" for i in range(1, MERCHANTS + 1)]
    industry_codes = _industry_codes(merchant_ids)
    turnover_scores = _normal_scores("turnover", merchant_ids, largest=LARGEST_TURNOVER_SCORE)

    turnover = _lognormal_turnover(turnover_scores, targets.mean_turnover)
    productivity = _scattered_productivity(
        turnover,
        targets,
        scatter_scores=_normal_scores("scatter", merchant_ids),
        relative_productivity=np.array([INDUSTRIES[code][1] for code in industry_codes]),
    )
    headcount = _whole_headcount(turnover, productivity)
    turnover = _shift_to_targets(turnover, headcount, turnover_scores, targets).round(2)
    _require_targets(turnover, headcount, targets)

    return pd.DataFrame(
        {
            "platform_id": platform_id,
            "sample_id": SAMPLE_ID,
            "merchant_id": merchant_ids,
            "industry_code": industry_codes,
            "turnover_wan_yuan": turnover,
            "headcount": headcount,
            "survey_weight": 1,
            "provenance": "synthetic",
            "source_id": "synthetic_generator",
        }
    )


def sample_as_csv(sample: pd.DataFrame) -> bytes:
    """The sample as the bytes of the seed file: UTF-8, line feeds, turnover with two decimals."""
    text: str = sample.to_csv(index=False, float_format="%.2f", lineterminator="\n")
    return text.encode()


def _hash_quantiles(topic: str, merchant_ids: list[str]) -> Floats:
    """Spread the merchants evenly over (0, 1) in the order of a hash of topic and id."""
    digests = [hashlib.sha256(f"{topic}:{i}".encode()).digest() for i in merchant_ids]
    rank_of = {digest: rank for rank, digest in enumerate(sorted(digests))}
    return np.array([(rank_of[digest] + 0.5) / len(digests) for digest in digests])


def _normal_scores(topic: str, merchant_ids: list[str], largest: float = math.inf) -> Floats:
    """Quantiles of the standard normal cut off at `largest`, one per merchant, in hashed order."""
    normal = NormalDist()
    share_kept = normal.cdf(largest)
    quantiles = _hash_quantiles(topic, merchant_ids)
    return np.array([normal.inv_cdf(share_kept * quantile) for quantile in quantiles])


def _industry_codes(merchant_ids: list[str]) -> list[str]:
    """One industry code per merchant, in the assumed shares, in hashed order."""
    codes = list(INDUSTRIES)
    upper_bounds = np.cumsum([share for share, _ in INDUSTRIES.values()])
    # inner bounds only: the last share ends at 1, for any sum of the shares rounds to
    places = np.searchsorted(upper_bounds[:-1], _hash_quantiles("industry", merchant_ids))
    return [codes[place] for place in places]


def _lognormal_turnover(scores: Floats, mean: float) -> Floats:
    """Shifted log-normal turnover in 万元 on the given normal scores, with the given mean."""
    if mean <= LOWEST_TURNOVER:
        raise CalibrationError(f"the mean turnover, {mean:.2f} 万元, is below {LOWEST_TURNOVER}")
    shape = np.exp(LOG_TURNOVER_SD * scores)
    turnover: Floats = LOWEST_TURNOVER + (mean - LOWEST_TURNOVER) * shape / shape.mean()
    return turnover


def _scattered_productivity(
    turnover: Floats, targets: Targets, *, scatter_scores: Floats, relative_productivity: Floats
) -> Floats:
    """Productivity in 万元 a person around the published curve.

    The scatter is log-normal with mean one, times the industry's relative productivity, less its
    own regression on (1, x, x^2).
    """
    scatter = SCATTER / np.sqrt(1 + turnover / targets.mean_turnover)
    factor = relative_productivity * np.exp(scatter * scatter_scores - scatter**2 / 2)
    on_curve = targets.productivity(turnover)
    error = on_curve * (factor - 1)
    regression = Polynomial.fit(turnover, error, deg=2)
    productivity = on_curve + error - np.asarray(regression(turnover), dtype=np.float64)
    if productivity.min() <= 0:
        raise CalibrationError("the targets give merchants with negative productivity")
    return productivity


def _whole_headcount(turnover: Floats, productivity: Floats) -> Integers:
    """Turnover over productivity in whole people, at least one.

    From the largest turnover down, each merchant is rounded to the side that keeps the running sum
    of (turnover / headcount - productivity) closest to zero.
    """
    headcount = np.empty(len(turnover), dtype=np.int64)
    excess = 0.0
    for i in np.argsort(-turnover):
        lower = max(1, math.floor(turnover[i] / productivity[i]))
        excess, headcount[i] = min(
            (
                (excess + turnover[i] / people - productivity[i], people)
                for people in (lower, lower + 1)
            ),
            key=lambda candidate: abs(candidate[0]),
        )
    return headcount


def _shift_to_targets(
    turnover: Floats, headcount: Integers, turnover_scores: Floats, targets: Targets
) -> Floats:
    """Multiply turnover by exp(shift), the shift being the smallest that meets the targets.

    The shift is a sum of bumps over the merchants' normal scores. With r = x / y - f(x) the
    conditions are sum r x^j = 0 for j = 0, 1, 2 (the normal equations) and mean x = the implied
    mean. Newton's method, each step the shortest that solves the linearised conditions.
    """
    distance = turnover_scores - BUMP_CENTRES[:, np.newaxis]
    bumps = np.exp(-((distance / BUMP_WIDTH) ** 2) / 2)
    heights = np.zeros(len(bumps))
    for _ in range(SHIFT_ITERATIONS):
        x = turnover * np.exp(heights @ bumps)
        relative = x / targets.mean_turnover
        residual = x / headcount - targets.productivity(x)
        residual_change = x * (1 / headcount - targets.productivity_slope(x))  # by log x
        conditions = np.array(
            [
                residual.mean(),
                (residual * relative).mean(),
                (residual * relative**2).mean(),
                relative.mean() - 1,
            ]
        )
        changes = np.array(  # of the conditions, by log x
            [
                residual_change,
                (residual_change + residual) * relative,
                (residual_change + 2 * residual) * relative**2,
                relative,
            ]
        )
        step = np.linalg.lstsq(changes @ bumps.T / len(x), -conditions)[0]
        heights = heights + step
        if np.abs(step).max() < SHIFT_TOLERANCE:
            shifted: Floats = turnover * np.exp(heights.round(SHIFT_DECIMALS) @ bumps)
            return shifted
    raise CalibrationError("no smooth shift of turnover reproduces the targets")


def _require_targets(turnover: Floats, headcount: Integers, targets: Targets) -> None:
    """Raise CalibrationError unless the written values return every target."""
    fit = Polynomial.fit(turnover, turnover / headcount, deg=2)
    for estimate, published in zip(fit.convert().coef, targets.coefficients, strict=True):
        if Decimal(float(estimate)).quantize(published) != published:
            raise CalibrationError(f"the sample returns {estimate:.9g} where {published} is due")
    mean_productivity = Decimal(float(fit(turnover.mean())))
    jobs_wan = targets.total_turnover_wan_yuan / mean_productivity / 10_000
    if abs(jobs_wan - targets.jobs_wan) > JOBS_TOLERANCE_WAN:
        raise CalibrationError(
            f"the sample returns {jobs_wan:.4f} 万 jobs where {targets.jobs_wan} is due"
        )


def main(arguments: list[str] | None = None) -> int:
    """Write the seed, or with `--check` compare it; 1 and one line on stderr if that fails."""
    parser = argparse.ArgumentParser(
        prog="python -m platform_employment.fit.synthetic",
        description="Write the synthetic merchant sample, calibrated to table 2.2 of the report.",
    )
    parser.add_argument("platform_id", help="platform that the merchants are said to sell on")
    parser.add_argument("--output", type=Path, default=DEFAULT_OUTPUT, help="default: %(default)s")
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 if the file differs"
    )
    options = parser.parse_args(arguments)
    path: Path = options.output

    content = sample_as_csv(generate_merchant_sample(REPORT_TARGETS, options.platform_id))
    try:
        if not options.check:
            path.write_bytes(content)
        elif path.read_bytes() != content:
            print(f"{path}: differs from a fresh generation", file=sys.stderr)
            return 1
    except OSError as error:
        print(f"{path}: {error.strerror}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
