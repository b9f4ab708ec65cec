"""How often the 95 % intervals of the fit hold the value of the population they are drawn from.

    python tests/python/test_coverage.py    print the rows of docs/estimation.md

The populations are those of the estimators, and two on which the theory of the intervals holds: the
curve is a quadratic, turnovers have a moderate tail, and errors are equal or grow with the curve.
"""

from __future__ import annotations

import functools
import re
from unittest.mock import patch

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from conftest import PROJECT_DIR
from merchant_models import estimate
from test_estimators_coverage import DESIGNS, MERCHANTS, SAMPLE_SIZE, SAMPLES

from platform_employment.fit import productivity
from platform_employment.fit.bootstrap import mean_productivity_interval
from platform_employment.fit.moments import Moments

Floats = npt.NDArray[np.float64]

# A tenth of what the project takes: the limits scatter more, which costs coverage, if anything.
REPLICATES = 400
QUADRATIC = ["equal errors", "growing errors"]
POPULATIONS = [*QUADRATIC, "moderate", "as shipped", "uncut"]


def population(name: str) -> pd.DataFrame:
    """Every merchant; turnover in 万元."""
    random = np.random.default_rng(20220201)
    if name in QUADRATIC:
        # turnovers so large that whole people do not blur productivity
        size = np.exp(0.3 * random.standard_normal(MERCHANTS))
        turnover = 15_000 * size / size.mean()
        curve = 7.823 + 5.9e-4 * turnover - 2.4e-10 * turnover**2
        spread = 1 if name == "equal errors" else 0.15 * curve
        drawn = np.maximum(0.5, curve + spread * random.standard_normal(MERCHANTS))
        headcount = np.maximum(1, np.round(turnover / drawn))
    else:
        turnover, headcount = DESIGNS[name].population(random)
    return pd.DataFrame({"turnover_wan_yuan": np.round(turnover, 2), "headcount": headcount})


def fitted(merchants: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The fits and coefficients of samples as a whole, with fewer replicates."""
    samples_and_industries = productivity._samples

    def samples(rows: list[productivity.Row]) -> dict[productivity.Key, Moments]:
        found = samples_and_industries(rows)
        return {key: found[key] for key in found if key[2] == productivity.ALL_INDUSTRIES}

    faster = functools.partial(mean_productivity_interval, replicates=REPLICATES)
    with (
        patch.object(productivity, "_samples", samples),
        patch.object(productivity, "mean_productivity_interval", faster),
    ):
        return estimate(merchants.assign(platform_id="p"))


def coverage(name: str) -> dict[str, float]:
    """Percentage of samples whose interval holds the population's value, by interval."""
    everyone = population(name)
    fits, coefficients = fitted(everyone.assign(sample_id="everyone"))
    mean = fits["mean_productivity_wan_yuan_per_job"].iloc[0]
    terms = coefficients.groupby("term")["estimate"].first()

    drawn = np.random.default_rng(9).integers(0, MERCHANTS, SAMPLES * SAMPLE_SIZE)
    samples = everyone.iloc[drawn].reset_index(drop=True)
    fits, coefficients = fitted(
        samples.assign(sample_id=[f"s{i // SAMPLE_SIZE}" for i in range(len(samples))])
    )
    held = {
        f"mean productivity, {label}": (fits[f"{column}_conf_low"] <= mean)
        & (mean <= fits[f"{column}_conf_high"])
        for label, column in (("delta method", "mean_productivity"), ("bootstrap", "bootstrap"))
    }
    for (cov_type, term), table in coefficients.groupby(["cov_type", "term"], sort=False):
        true = terms[str(term)]
        held[f"{term}, {cov_type}"] = (table["conf_low"] <= true) & (true <= table["conf_high"])
    assert {len(values) for values in held.values()} == {SAMPLES}
    return {label: 100 * float(values.mean()) for label, values in held.items()}


def documented(label: str) -> list[float]:
    """The row of the interval in docs/estimation.md: a percentage for each population."""
    text = (PROJECT_DIR / "docs/estimation.md").read_text(encoding="utf-8")
    (row,) = re.findall(rf"^\| {label} \|([\d. |]+)\|$", text, re.MULTILINE)
    return [float(cell) for cell in row.split("|")]


@pytest.mark.slow
@pytest.mark.parametrize("name", POPULATIONS)
def test_intervals_cover_as_documented(name: str) -> None:
    for label, percentage in coverage(name).items():
        # the draws are fixed; another processor may tip a sample or two
        column = POPULATIONS.index(name)
        assert percentage == pytest.approx(documented(label)[column], abs=0.5), label
        # classic errors assume equal ones, and HC1 is known to be short in samples of this size
        robust = label.endswith(("HC3", "delta method", "bootstrap"))
        if name == "equal errors" or (name == "growing errors" and robust):
            assert 93 <= percentage <= 97, label


if __name__ == "__main__":
    shares = pd.DataFrame({name: coverage(name) for name in POPULATIONS})
    for label, row in shares.iterrows():
        print("|", " | ".join([str(label), *(f"{value:.1f}" for value in row)]), "|")
