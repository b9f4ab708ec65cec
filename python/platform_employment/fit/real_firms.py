"""Try the estimators of merchant jobs on real firms whose headcount is known.

The firms are public teaching samples, read from pinned packages and not shipped. None of them sells
on a platform: the results show how an estimator behaves on real turnovers and headcounts, not how
many people a platform employs. For each sample and estimator:

- the error on the whole sample, estimated over known headcount minus 1;
- the error on unseen firms: fitted on a random half, jobs per turnover times the turnover of the
  other half, over its known headcount, minus 1; median and 2.5 and 97.5 % quantiles of 500 halves;
- coverage: the share of halves whose 95 % interval, times the turnover of all firms, contains the
  known headcount of all firms. The design is declared as a simple random sample without
  replacement, so an interval that deserves its name covers 95 %;
- R squared of equation 2.1 and the mean R squared after random permutation of headcounts.

`python -m platform_employment.fit.real_firms` writes seeds/outside/estimator_validation.csv.
"""

from __future__ import annotations

import bz2
import csv
import hashlib
import importlib.metadata
import io
import sys
import tarfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from platform_employment.errors import UserError
from platform_employment.fit.design import Design, survey_of
from platform_employment.fit.estimators import (
    ESTIMATORS,
    NotEstimableError,
    Sample,
    evaluate,
    sample_of,
)
from platform_employment.fit.regression import placebo
from platform_employment.project import find_project

SAMPLES = "seeds/outside/firm_samples.csv"
RESULTS = "seeds/outside/estimator_validation.csv"
SPLITS = 500
SEED = 19900101
SIGNIFICANT_DIGITS = 9
ZERO_TOLERANCE = (
    1e-12  # the ratio of the whole sample is exact: what is left is rounding of doubles
)
SIMPLE_RANDOM = Design("random", response_rate=1)


def packaged_file(package: str, version: str, name: str, sha256: str) -> bytes:
    """Return a file of an installed package, also from its only archive.

    Raises:
        UserError: the package is missing or of another version, or the file is not the one that
            was read before.
    """
    try:
        distribution = importlib.metadata.distribution(package)
    except importlib.metadata.PackageNotFoundError:
        raise UserError(f"{package} is not installed: run make setup-dev") from None
    if distribution.version != version:
        raise UserError(f"{package} is {distribution.version}, {SAMPLES} names {version}")
    files = {str(file): Path(str(file.locate())) for file in distribution.files or ()}
    if name in files:
        data = files[name].read_bytes()
    else:
        (archive,) = (path for path in files.values() if path.name.endswith(".tar.gz"))
        with tarfile.open(archive) as tar:
            member = tar.extractfile(name)
            assert member is not None  # a file, not a folder
            data = member.read()
    if (found := hashlib.sha256(data).hexdigest()) != sha256:
        raise UserError(f"{package} {name}: SHA-256 is {found}, {SAMPLES} has {sha256}")
    return data


def read_firms(row: Mapping[str, str]) -> pd.DataFrame:
    """Return the firms of a row of firm_samples.csv as merchants: turnover, headcount, weight 1."""
    data = packaged_file(row["package"], row["version"], row["file"], row["sha256"])
    if row["file"].endswith(".bz2"):
        data = bz2.decompress(data)
    firms = pd.read_csv(io.BytesIO(data))
    if row["year_column"]:
        firms = firms[firms[row["year_column"]] == int(row["year"])]
    merchants = pd.DataFrame(
        {
            "turnover_wan_yuan": firms[row["turnover_column"]] / float(row["turnover_per_wan"]),
            "headcount": firms[row["headcount_columns"].split()].sum(axis=1),
            "survey_weight": 1.0,
        }
    )
    is_usable = (merchants["turnover_wan_yuan"] > 0) & (merchants["headcount"] > 0)
    return merchants[is_usable].reset_index(drop=True)


def halves(firms: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Return the places of two halves for each split; the split is its seed."""
    for split in range(SPLITS):
        order = np.random.default_rng([SEED, split]).permutation(firms)
        yield order[: firms // 2], order[firms // 2 :]


def validate(firms: pd.DataFrame) -> Iterator[dict[str, object]]:
    """Return one row per estimator, with the columns that the module describes."""
    whole = sample_of(firms)
    permuted = placebo(whole)
    known = float(whole.y.sum())
    drawn = firms.assign(population_size=len(firms))
    for name, estimator in ESTIMATORS.items():
        # the mean headcount times the number of firms; the others times their turnover
        by = np.ones(len(firms)) if name == "mean_headcount" else whole.x
        try:
            whole_error = estimator(whole).value * by.sum() / known - 1
        except NotEstimableError:
            whole_error = np.nan
        errors, covers = [], []
        for half, other in halves(len(firms)):
            sample = Sample(whole.x[half], whole.y[half], whole.w[half])
            try:
                estimate, _, _, low, high = evaluate(
                    estimator, sample, survey_of(drawn.iloc[half], SIMPLE_RANDOM)
                )
            except NotEstimableError:
                continue
            errors.append(estimate.value * by[other].sum() / whole.y[other].sum() - 1)
            covers.append(low * by.sum() <= known <= high * by.sum())
        row: dict[str, object] = {
            "estimator_id": name,
            "firms": len(firms),
            "known_headcount": known,
            "whole_error_share": whole_error,
            "splits": SPLITS,
            "splits_estimated": len(errors),
            "r_squared": permuted["sample_r_squared"],
            "permuted_r_squared": permuted["placebo_r_squared"],
        }
        if errors:
            low, median, high = np.quantile(errors, [0.025, 0.5, 0.975])
            row |= {
                "unseen_error_median": median,
                "unseen_error_low": low,
                "unseen_error_high": high,
                "interval_coverage": np.mean(covers),
            }
        yield row


COLUMNS = (
    "sample_id",
    "estimator_id",
    "firms",
    "known_headcount",
    "whole_error_share",
    "unseen_error_median",
    "unseen_error_low",
    "unseen_error_high",
    "interval_coverage",
    "splits",
    "splits_estimated",
    "r_squared",
    "permuted_r_squared",
    "computed_with",
)


def main() -> int:
    """Write the results for every sample; progress on stderr."""
    project = find_project(None)
    with (project / SAMPLES).open(encoding="utf-8", newline="") as file:
        samples = list(csv.DictReader(file))
    versions = ", ".join(
        f"{name} {importlib.metadata.version(name)}"
        for name in ("numpy", "scipy", "statsmodels", "pandas")
    )
    lines = []
    for row in samples:
        print(f"{row['sample_id']}: {SPLITS} splits", file=sys.stderr, flush=True)
        for result in validate(read_firms(row)):
            result |= {"sample_id": row["sample_id"], "computed_with": versions}
            lines.append([_text(result.get(column)) for column in COLUMNS])
    with (project / RESULTS).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([COLUMNS, *lines])
    print(f"{len(lines)} rows written to {RESULTS}", file=sys.stderr)
    return 0


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        if np.isnan(value):
            return ""
        if abs(value) < ZERO_TOLERANCE:
            return "0"
        return np.format_float_positional(
            value, precision=SIGNIFICANT_DIGITS, fractional=False, trim="-"
        )
    return str(value)


if __name__ == "__main__":
    sys.exit(main())
