"""Resampling of merchants for the productivity at the mean turnover, in memory that does not grow.

Merchants are dealt to blocks by a hash of their key, which has nothing to do with what they sell or
whom they employ. The sums of a block are all that a fit needs of it, so blocks are resampled with
replacement instead of merchants: an independent and identically distributed cluster each.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from platform_employment.fit.moments import Polynomials

Floats = npt.NDArray[np.float64]

REPLICATES = 4_000
SEED = 2021
# With fewer, the percentiles depend on single blocks.
MIN_BLOCKS = 50
# The limits of a 95 % interval.
PERCENTILES = (2.5, 97.5)
# Of normal equations in orthonormal terms, which are near 1 on the whole sample: beyond, a
# resampled sample leaves the curve open.
LARGEST_CONDITION_NUMBER = 1e8
# Columns of the block sums: of w u^k and of w z u^k.
POWER_SUMS = [f"power_{k}" for k in range(5)]
PRODUCTIVITY_SUMS = [f"productivity_power_{k}" for k in range(3)]
SUMS = POWER_SUMS + PRODUCTIVITY_SUMS
# Replicates at a time: bounds the memory at some 30 MB.
_CHUNK = 500


def mean_productivity_interval(
    blocks: Iterable[Mapping[str, Any]], scan: Polynomials, replicates: int = REPLICATES
) -> tuple[float, float] | None:
    """The 95 % percentile interval of the curve at the mean turnover, 万元 a person.

    Args:
        blocks: rows of `int_fit__block_sums` of one sample, in any order.
        scan: of the whole sample.
        replicates: how many times the blocks are resampled.

    Returns:
        None for fewer than MIN_BLOCKS blocks, and where some resampled sample leaves the curve open
        or its value at the mean is not positive: the percentiles would mean nothing.
    """
    rows = sorted(blocks, key=lambda row: str(row["block"]))
    sums = np.array([[float(row[name]) for name in SUMS] for row in rows])
    if len(sums) < MIN_BLOCKS:
        return None
    resampled = mean_productivity_replicates(sums, scan, replicates)
    if not (resampled > 0).all():
        return None
    # productivities come in units of the highest turnover
    low, high = np.percentile(resampled, PERCENTILES) * (float(scan.lowest) + scan.span)
    return float(low), float(high)


def mean_productivity_replicates(
    sums: Floats, scan: Polynomials, replicates: int = REPLICATES, seed: int = SEED
) -> Floats:
    """The curve at the mean turnover in resampled blocks, refitted in each.

    Args:
        sums: of each block: w, w u to w u^4, then w z to w z u^2 with z the productivity in any
            unit of its own: blocks x 8. The unit is that of the result.
        scan: whose orthonormal polynomials make the normal equations well conditioned.

    Returns:
        One value for each replicate; NaN where the resampled blocks leave the curve open.
    """
    basis = scan.orthonormal
    powers = np.stack([sums[:, k : k + 3] for k in range(3)], axis=1)
    gram = np.einsum("ij,bjk,lk->bil", basis, powers, basis)
    cross = sums[:, 5:] @ basis.T
    table = np.concatenate([gram.reshape(-1, 9), cross, sums[:, :2]], axis=1)

    random = np.random.default_rng(seed)
    shares = np.full(len(sums), 1 / len(sums))
    results = []
    for start in range(0, replicates, _CHUNK):
        size = min(_CHUNK, replicates - start)
        counts = random.multinomial(len(sums), shares, size=size)
        # not a matrix product: that of BLAS depends on the number of its threads
        totals = np.einsum("rb,bk->rk", counts.astype(np.float64), table)
        normal = totals[:, :9].reshape(-1, 3, 3)
        is_open = ~(np.linalg.cond(normal) <= LARGEST_CONDITION_NUMBER)
        normal[is_open] = np.eye(3)
        solved = np.linalg.solve(normal, totals[:, 9:12, np.newaxis])
        solved[is_open] = np.nan
        mean = totals[:, 13] / totals[:, 12]
        at_mean = np.stack([np.ones(size), mean, mean**2], axis=1) @ basis.T
        results.append((at_mean * solved[:, :, 0]).sum(axis=1))
    return np.concatenate(results)
