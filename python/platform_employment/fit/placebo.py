"""Equation 2.1 fitted to merchants whose headcounts were dealt among them at random.

The equation has the turnover on both sides, x / y = b0 + b1 x + b2 x^2: even where the headcount y
has nothing to do with the turnover x, the ratio rises with x, and the curve seems to explain much
of it. How much, permuted headcounts show: turnovers and weights stay where they are.

Only the distance between the fit and its placebo says something about the merchants.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]

PERMUTATIONS = 999
SEED = 20220228
LIMITS = (0.025, 0.975)
# three coefficients and one degree of freedom
MIN_MERCHANTS = 4
# share of u or u^2 that those before it leave unexplained: below, rounding reaches the results
COLLINEARITY_TOLERANCE = 1e-8
# headcounts dealt at once, few enough for the cache
_CELLS = 200_000
COLUMNS = {
    "platform_id": "str",
    "sample_id": "str",
    "industry_code": "str",
    "placebo_merchants": "int64",
    "drawn_r_squared": "float64",
    "placebo_r_squared": "float64",
    "placebo_r_squared_low": "float64",
    "placebo_r_squared_high": "float64",
    "drawn_turnover": "float64",
    "placebo_turnover": "float64",
    "placebo_turnover_low": "float64",
    "placebo_turnover_high": "float64",
    "placebo_p_value": "float64",
}


def est_merchant_placebos(tables: Mapping[str, Any]) -> pd.DataFrame:
    """One row per platform, sample and industry, `all` being the sample as a whole."""
    return placebo_fits(tables["int_fit__compared_merchants"].df())


def placebo_fits(merchants: pd.DataFrame, permutations: int = PERMUTATIONS) -> pd.DataFrame:
    """One row per sample, and per industry of it, that has enough merchants to be fitted.

    merchants: platform_id, sample_id, industry_code, merchant_id, turnover_wan_yuan, headcount,
    survey_weight, in any order.
    """
    rows: list[dict[str, Any]] = []
    for (platform_id, sample_id), unsorted in merchants.groupby(["platform_id", "sample_id"]):
        sample = unsorted.sort_values("merchant_id")
        groups = [("all", sample), *sample.groupby("industry_code")]
        for industry_code, group in groups:
            found = _compared(group, permutations)
            key = {"platform_id": platform_id, "sample_id": sample_id}
            rows += [{**key, "industry_code": industry_code, **row} for row in found]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)


@dataclass(frozen=True, eq=False)
class Design:
    """The right side of equation 2.1, which stays where headcounts move.

    Args:
        scaled: turnovers times the root of the weights, of n merchants.
        basis: orthonormal, of what the equation regresses on: n x 3.
        by_column: the same as it lies in memory column by column, which halves the time of a
            product with several rows and keeps its digits; with one row it would not.
        to_turnover: what b1 takes of the coefficient of each: 3.
    """

    scaled: Floats
    basis: Floats
    by_column: Floats
    to_turnover: Floats


def design_of(turnover: Floats, weight: Floats) -> Design:
    """The right side of the equation for n merchants.

    turnover, weight: n values, 万元 and in any unit.
    Raises ValueError when the turnovers are too few or too much alike.
    """
    lowest, reach = turnover.min(), np.ptp(turnover)
    if len(turnover) < MIN_MERCHANTS or not reach:
        raise ValueError("too few merchants or turnovers")
    u = (turnover - lowest) / reach
    root = np.sqrt(weight / weight.sum())
    q, r = np.linalg.qr(root[:, np.newaxis] * np.column_stack([np.ones_like(u), u, u * u]))
    if np.abs(np.diag(r)).min() < COLLINEARITY_TOLERANCE:
        raise ValueError("too few turnovers")
    # of the coefficients of the orthonormal basis, the one of x: u = (x - lowest) / reach
    to_turnover = np.array([0, 1 / reach, -2 * lowest / reach**2]) @ np.linalg.inv(r)
    return Design(root * turnover, q, np.asfortranarray(q), to_turnover)


def fits_of(
    design: Design, headcounts: Floats, room: Floats | None = None
) -> tuple[Floats, Floats]:
    """R squared and b1 of the weighted fit, one each for every row of headcounts.

    headcounts: m rows of n, people. room: for as many numbers, which are lost.
    """
    ratio = np.divide(design.scaled, headcounts, out=room)
    coefficients = ratio @ (design.basis if len(ratio) == 1 else design.by_column)
    total = np.einsum("ij,ij->i", ratio, ratio) - coefficients[:, 0] ** 2
    explained = coefficients[:, 1] ** 2 + coefficients[:, 2] ** 2
    return explained / total, coefficients @ design.to_turnover


def _compared(group: pd.DataFrame, permutations: int) -> Iterator[dict[str, Any]]:
    turnover, headcount, weight = (
        group[name].to_numpy(dtype=float)
        for name in ("turnover_wan_yuan", "headcount", "survey_weight")
    )
    n = len(group)
    try:
        design = design_of(turnover, weight)
    except ValueError:
        return
    (r_squared,), (b1,) = fits_of(design, headcount[np.newaxis])
    random = np.random.default_rng(SEED)
    at_once = max(1, _CELLS // n)
    fits = []
    # one place for all: fresh memory takes longer than what is done in it
    places, rooms = np.empty((2, at_once, n))
    for start in range(0, permutations, at_once):
        number = min(at_once, permutations - start)
        dealt, room = places[:number], rooms[:number]
        dealt[:] = headcount
        for row in dealt:
            random.shuffle(row)
        fits.append(fits_of(design, dealt, room))
    shares, slopes = (np.concatenate(found) for found in zip(*fits, strict=True))
    share_low, share_high = np.quantile(shares, LIMITS)
    slope_low, slope_high = np.quantile(slopes, LIMITS)
    yield {
        "placebo_merchants": n,
        "drawn_r_squared": r_squared,
        "placebo_r_squared": shares.mean(),
        "placebo_r_squared_low": share_low,
        "placebo_r_squared_high": share_high,
        "drawn_turnover": b1,
        "placebo_turnover": slopes.mean(),
        "placebo_turnover_low": slope_low,
        "placebo_turnover_high": slope_high,
        # the fit is one of the arrangements that could have come up
        "placebo_p_value": (1 + (shares >= r_squared).sum()) / (1 + permutations),
    }
