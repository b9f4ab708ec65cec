"""`fct_estimator_validation` against a script of numpy and the standard library alone.

It reads the same packaged files and draws the same halves; everything else is derived again: curves
from standardised turnovers by normal equations, the median by exchanging points, Student's quantile
by integration.
"""

from __future__ import annotations

import bz2
import csv
import importlib.metadata
import io
import tarfile
from collections.abc import Callable
from math import exp, lgamma, pi
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

Floats = npt.NDArray[np.float64]
ROOT = Path(__file__).parents[2]
NORMAL = NormalDist()
SPLITS, SEED = 500, 19900101
PERMUTATIONS, PLACEBO_SEED = 999, 20220228
# stored with nine significant digits
TOLERANCE = 1e-9
Found = tuple[Any, Any]


def rows(name: str) -> list[dict[str, str]]:
    with (ROOT / "seeds" / "outside" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def firms(row: dict[str, str]) -> tuple[Floats, Floats]:
    pytest.importorskip(row["package"], reason=f"{row['package']} is not installed")
    files = importlib.metadata.distribution(row["package"]).files or []
    paths = {str(file): Path(str(file.locate())) for file in files}
    if row["file"] in paths:
        data = bz2.decompress(paths[row["file"]].read_bytes())
    else:
        with tarfile.open(paths[f"{row['package']}/resources.tar.gz"]) as tar:
            member = tar.extractfile(row["file"])
            assert member is not None
            data = member.read()
    x, y = [], []
    for firm in csv.DictReader(io.StringIO(data.decode())):
        if row["year_column"] and int(float(firm[row["year_column"]])) != int(row["year"]):
            continue
        values = [firm[c] for c in (row["turnover_column"], *row["headcount_columns"].split())]
        turnover = float(values[0] or 0) / float(row["turnover_per_wan"])
        headcount = sum(float(value or 0) for value in values[1:])
        if turnover > 0 and headcount > 0:
            x.append(turnover)
            y.append(headcount)
    return np.array(x), np.array(y)


class Quadratic:
    """b0 + b1 z + b2 z^2 in standardised turnover z, with the influence of each firm on b."""

    def __init__(self, x: Floats) -> None:
        self.x, self.centre, self.unit = x, x.mean(), x.std()
        self.Z = self.at(x)

    def at(self, x: Floats | float) -> Floats:
        z = (np.asarray(x) - self.centre) / self.unit
        return np.stack([z**0, z, z * z], axis=-1)

    def least_squares(self, p: Floats, weight: Floats) -> Found:
        gram = self.Z.T @ (weight[:, None] * self.Z)
        b = np.linalg.solve(gram, self.Z.T @ (weight * p))
        b = b + np.linalg.solve(gram, self.Z.T @ (weight * (p - self.Z @ b)))
        scores = (weight * (p - self.Z @ b))[:, None] * self.Z
        return b, np.linalg.solve(gram, scores.T).T

    def jobs_at_mean(self, b: Floats, influence: Floats) -> Found:
        m = self.x.mean()
        g = self.at(m)
        f = g @ b
        slope = (b[1] + 2 * b[2] * g[1]) / self.unit
        moves = influence @ g + slope * (self.x - m) / len(self.x)
        return 1 / f if f > 0 else np.nan, -moves / f**2


def report_formula(x: Floats, y: Floats) -> Found:
    curve = Quadratic(x)
    return curve.jobs_at_mean(*curve.least_squares(x / y, np.ones_like(x)))


def turnover_weighted(x: Floats, y: Floats) -> Found:
    curve = Quadratic(x)
    return curve.jobs_at_mean(*curve.least_squares(x / y, x))


def sum_of_predictions(x: Floats, y: Floats) -> Found:
    curve = Quadratic(x)
    b, influence = curve.least_squares(x / y, np.ones_like(x))
    peak = curve.centre - curve.unit * b[1] / (2 * b[2])
    G = curve.at(np.minimum(x, peak) if b[2] < 0 else np.maximum(x, peak))
    f = G @ b
    if f.min() <= 0:
        return np.nan, x
    jobs = (x / f).sum() / x.sum()
    return jobs, (x / f - jobs * x - influence @ ((x / f**2) @ G)) / x.sum()


def ratio(x: Floats, y: Floats) -> Found:
    jobs = y.sum() / x.sum()
    return jobs, (y - jobs * x) / x.sum()


def mean_headcount(x: Floats, y: Floats) -> Found:
    return y.mean(), (y - y.mean()) / len(y)


def log_log(x: Floats, y: Floats) -> Found:
    n, u, v = len(x), np.log(x) - np.log(x).mean(), np.log(x / y)
    slope = (u @ v) / (u @ u)
    rest = v - v.mean() - slope * u
    smear = np.exp(rest).mean()
    at = np.log(x.mean()) - np.log(x).mean()
    jobs = np.exp(-v.mean() - slope * at) / smear
    # d ln jobs = -(d mean + at d slope + slope / m dm + d smear / smear)
    d_slope = u * rest / (u @ u)
    d_mean = rest / n
    d_smear = (np.exp(rest) - smear) / n - smear * d_mean - (np.exp(rest) @ u) / n * d_slope
    d_at = (x / x.mean() - 1) / n
    return jobs, -jobs * (d_mean + at * d_slope + slope * d_at + d_smear / smear)


def huber(x: Floats, y: Floats) -> Found:
    curve, p, k, d = Quadratic(x), x / y, 1.345, 2.5
    h = d * d * (1 - NORMAL.cdf(d)) + (NORMAL.cdf(d) - 0.5) - d * NORMAL.pdf(d)
    b, _ = curve.least_squares(p, np.ones_like(x))
    rest = p - curve.Z @ b
    scale = np.median(np.abs(rest)) / NORMAL.inv_cdf(0.75)
    for _ in range(20000):
        near = np.minimum(1, k * scale / np.maximum(np.abs(rest), 1e-300))
        new, _ = curve.least_squares(p, near)
        rest = p - curve.Z @ new
        factor = np.sqrt(np.minimum((rest / scale) ** 2, d * d).mean() / 2 / h)
        scale *= factor
        moved, b = np.abs(new - b).max() / np.abs(new).max(), new
        if max(moved, abs(factor - 1)) < 1e-14:
            break
    r = rest / scale
    inner, low = np.abs(r) <= k, np.abs(r) < d
    # scores (psi z, rho - h), minus their derivatives by (b, scale), times the scale
    A = np.zeros((4, 4))
    A[:3, :3] = curve.Z.T @ (inner[:, None] * curve.Z)
    A[:3, 3] = curve.Z.T @ (inner * r)
    A[3, :3] = (low * r) @ curve.Z
    A[3, 3] = (low * r) @ r
    scores = np.column_stack(
        [np.clip(r, -k, k)[:, None] * curve.Z, np.minimum(r * r, d * d) / 2 - h]
    )
    return curve.jobs_at_mean(b, scale * np.linalg.solve(A, scores.T).T[:, :3])


def median(x: Floats, y: Floats) -> Found:
    curve, p = Quadratic(x), x / y
    b = least_absolute(curve.Z, p)
    rest = p - curve.Z @ b
    rest[np.abs(rest) < 1e-9 * p.mean()] = 0
    ordered, n = np.sort(rest), len(p)
    spread = min(
        p.std(), (ordered[int(np.ceil(0.75 * n)) - 1] - ordered[int(np.ceil(0.25 * n)) - 1]) / 1.34
    )
    share = n ** (-1 / 3) * NORMAL.inv_cdf(0.975) ** (2 / 3) * (1.5 * NORMAL.pdf(0) ** 2) ** (1 / 3)
    width = 2 * spread * NORMAL.inv_cdf(0.5 + share)
    density = 0.75 * np.maximum(0, 1 - (rest / width) ** 2) / width
    A = curve.Z.T @ (density[:, None] * curve.Z)
    scores = np.sign(rest)[:, None] / 2 * curve.Z
    return curve.jobs_at_mean(b, np.linalg.solve(A, scores.T).T)


def least_absolute(Z: Floats, p: Floats) -> Floats:
    """Go from curve through three points to curve through three points while the sum falls."""
    b = np.linalg.lstsq(Z, p, rcond=None)[0]
    for _ in range(200):
        weight = 1 / np.maximum(np.abs(p - Z @ b), 1e-9 * p.mean())
        b = np.linalg.solve(Z.T @ (weight[:, None] * Z), Z.T @ (weight * p))
    basis: list[int] = []
    for point in np.argsort(np.abs(p - Z @ b), kind="stable"):
        if np.linalg.matrix_rank(Z[[*basis, point]]) > len(basis):
            basis.append(int(point))
        if len(basis) == 3:
            break
    while True:
        inverse = np.linalg.inv(Z[basis])
        b = inverse @ p[basis]
        rest = p - Z @ b
        rest[np.abs(rest) < 1e-12 * p.mean()] = 0
        rest[basis] = 0
        best = (0.0, 0, 0)
        for place in range(3):
            others = Z @ inverse[:, place]
            others[basis] = 0
            for sign in (1, -1):
                # the sum along b + sign t (column), t > 0: its slope at 0
                slope = 1 + np.abs(others[rest == 0]).sum() - sign * np.sign(rest) @ others
                if slope < best[0] - 1e-9:
                    best = (slope, place, sign)
        if best[1:] == (0, 0):
            return np.asarray(b)
        slope, place, sign = best
        others = sign * (Z @ inverse[:, place])
        others[basis] = 0
        with np.errstate(divide="ignore", invalid="ignore"):
            steps = np.where(others != 0, rest / others, -1)
        for far in np.argsort(np.where(steps > 0, steps, np.inf)):
            slope += 2 * abs(others[far])
            if slope >= 0:
                basis[place] = int(far)
                break


ESTIMATORS: dict[str, Callable[[Floats, Floats], Found]] = {
    f.__name__: f
    for f in (
        report_formula,
        sum_of_predictions,
        ratio,
        turnover_weighted,
        log_log,
        huber,
        median,
        mean_headcount,
    )
}


def student(probability: float, freedom: int) -> float:
    """Student's quantile: Simpson's rule for the distribution, bisection for its inverse."""
    t = np.linspace(0, 12, 240001)
    density = (1 + t * t / freedom) ** (-(freedom + 1) / 2)
    pairs = (density[:-2:2] + 4 * density[1:-1:2] + density[2::2]) * (t[1] / 3)
    area = np.concatenate([[0], np.cumsum(pairs)])
    # the whole area by the formula with gamma functions
    half = exp(lgamma(freedom / 2) - lgamma((freedom + 1) / 2)) * (freedom * pi) ** 0.5 / 2
    wanted = (probability - 0.5) * 2 * half
    at = int(np.searchsorted(area, wanted)) * 2
    return float(np.interp(wanted, area[[at // 2 - 1, at // 2]], t[[at - 2, at]]))


def r_squared(x: Floats, y: Floats) -> float:
    curve, p = Quadratic(x), x / y
    b, _ = curve.least_squares(p, np.ones_like(x))
    return float(1 - ((p - curve.Z @ b) ** 2).sum() / ((p - p.mean()) ** 2).sum())


def permuted_r_squared(x: Floats, y: Floats) -> float:
    random = np.random.default_rng(PLACEBO_SEED)
    found = []
    for _ in range(PERMUTATIONS):
        headcount = y.copy()
        random.shuffle(headcount)
        found.append(r_squared(x, headcount))
    return float(np.mean(found))


def expected(x: Floats, y: Floats, name: str) -> dict[str, float]:
    estimator, n = ESTIMATORS[name], len(x)
    by = np.ones(n) if name == "mean_headcount" else x
    half_size = n // 2
    quantile = student(0.975, half_size - 1)
    errors, covers = [], []
    for split in range(SPLITS):
        order = np.random.default_rng([SEED, split]).permutation(n)
        half, other = order[:half_size], order[half_size:]
        value, influence = estimator(x[half], y[half])
        deviation = influence - influence.mean()
        variance = (1 - half_size / n) * half_size / (half_size - 1) * (deviation @ deviation)
        error = np.sqrt(variance)
        if not error < value:
            continue
        factor = np.exp(quantile * error / value)
        errors.append(value * by[other].sum() / y[other].sum() - 1)
        covers.append(value / factor * by.sum() <= y.sum() <= value * factor * by.sum())
    low, middle, high = np.quantile(errors, [0.025, 0.5, 0.975])
    return {
        "firms": n,
        "known_headcount": y.sum(),
        "whole_error_share": estimator(x, y)[0] * by.sum() / y.sum() - 1,
        "unseen_error_median": middle,
        "unseen_error_low": low,
        "unseen_error_high": high,
        "interval_coverage": np.mean(covers),
        "splits": SPLITS,
        "splits_estimated": len(errors),
    }


@pytest.mark.slow
@pytest.mark.parametrize("sample", rows("firm_samples.csv"), ids=lambda row: row["sample_id"])
def test_validation_equals_independent_script(sample: dict[str, str]) -> None:
    x, y = firms(sample)
    stored = [r for r in rows("estimator_validation.csv") if r["sample_id"] == sample["sample_id"]]
    assert {row["estimator_id"] for row in stored} == set(ESTIMATORS)
    permuted = permuted_r_squared(x, y)
    for row in stored:
        wanted = expected(x, y, row["estimator_id"])
        wanted |= {"r_squared": r_squared(x, y), "permuted_r_squared": permuted}
        for column, value in wanted.items():
            if np.isnan(value):
                assert row[column] == "", (row["estimator_id"], column)
            else:
                found = float(row[column])
                place = (row["estimator_id"], column, found, value)
                assert abs(found - value) <= TOLERANCE * max(1, abs(value)), place


def test_no_estimator_is_best_by_accident() -> None:
    """The whole sample gives the ratio and the mean headcount without error, by arithmetic."""
    for row in rows("estimator_validation.csv"):
        if row["estimator_id"] in {"ratio", "mean_headcount"}:
            assert float(row["whole_error_share"]) == 0
