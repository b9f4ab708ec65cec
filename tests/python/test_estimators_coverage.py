"""How often the 95 % interval of each estimator covers the estimator's value on the population.

    python tests/python/test_estimators_coverage.py    print the rows of docs/estimation.md

The population is finite, so that its values are exact: 500,000 merchants. Turnover is 10 万元
plus 140 万元 in the mean, log-normal by its quantiles. Productivity is the published curve, held
at its peak, times a log-normal scatter of 0.4 that does not depend on turnover. Headcount is
turnover over productivity in whole people, at least one. A sample is 2,000 draws with
replacement, equally likely or, weighted, in proportion to the root of turnover.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from conftest import PROJECT_DIR
from scipy.stats import norm

from platform_employment.fit.estimators import ESTIMATORS, compare_estimators, usable_sample

Floats = npt.NDArray[np.float64]

MERCHANTS = 500_000
SAMPLE_SIZE = 2_000
SAMPLES = 1_000
SCATTER_LOG_SD = 0.4
PEAK = 0.059 / (2 * 0.0000024)  # turnover at which the published curve peaks, 万元


@dataclass(frozen=True)
class Design:
    """A population by the spread and the largest score of its turnover, and how it is sampled."""

    turnover_log_sd: float
    largest_score: float
    is_weighted: bool

    def population(self, random: np.random.Generator) -> tuple[Floats, Floats]:
        """Turnover (万元) and headcount of every merchant."""
        score = norm.ppf((np.arange(MERCHANTS) + 0.5) / MERCHANTS)
        size = np.exp(self.turnover_log_sd * np.minimum(score, self.largest_score))
        turnover = 10 + 140 * size / size.mean()
        scatter = SCATTER_LOG_SD * random.standard_normal(MERCHANTS) - SCATTER_LOG_SD**2 / 2
        held = np.minimum(turnover, PEAK)
        productivity = (7.823 + 0.059 * held - 0.0000024 * held**2) * np.exp(scatter)
        return turnover, np.maximum(1, np.round(turnover / productivity))

    def coverage(self) -> dict[str, float]:
        """Percentage of samples whose interval covers, by estimator; no interval covers nothing."""
        random = np.random.default_rng(20220201)
        turnover, headcount = self.population(random)
        everyone = usable_sample(turnover, headcount, np.ones(MERCHANTS))
        probability = np.sqrt(turnover) if self.is_weighted else np.ones(MERCHANTS)
        cumulated = np.cumsum(probability)
        target = np.array([f(everyone).jobs_per_wan_yuan for f in ESTIMATORS.values()])
        covers = np.zeros(len(ESTIMATORS))
        for _ in range(SAMPLES):
            drawn = np.searchsorted(cumulated, random.random(SAMPLE_SIZE) * cumulated[-1])
            merchants = pd.DataFrame(
                {
                    "platform_id": "p",
                    "sample_id": "s",
                    "turnover_wan_yuan": turnover[drawn],
                    "headcount": headcount[drawn],
                    "survey_weight": 1 / probability[drawn],
                }
            )
            compared = compare_estimators(merchants)  # in the order of ESTIMATORS
            conf_low, conf_high = compared[["conf_low", "conf_high"]].to_numpy().T
            covers += (conf_low <= target) & (target <= conf_high)
        return dict(zip(ESTIMATORS, 100 * covers / SAMPLES, strict=True))


DESIGNS = {
    "moderate": Design(0.8, largest_score=5, is_weighted=False),
    "moderate, weighted": Design(0.8, largest_score=5, is_weighted=True),
    "as shipped": Design(1.67, largest_score=3, is_weighted=False),
    "as shipped, weighted": Design(1.67, largest_score=3, is_weighted=True),
    "uncut": Design(1.67, largest_score=5, is_weighted=False),
}


def documented(estimator_id: str) -> list[float]:
    """The row of the estimator in docs/estimation.md: a percentage for each design."""
    text = (PROJECT_DIR / "docs/estimation.md").read_text(encoding="utf-8")
    (row,) = re.findall(rf"^\| `{estimator_id}` \|([\d. |]+)\|$", text, re.MULTILINE)
    return [float(cell) for cell in row.split("|")]


@pytest.mark.slow
@pytest.mark.parametrize("name", DESIGNS)
def test_intervals_cover_as_documented(name: str) -> None:
    coverage = DESIGNS[name].coverage()
    for estimator_id, percentage in coverage.items():
        column = list(DESIGNS).index(name)
        # the draws are fixed; another processor may tip a sample or two
        assert percentage == pytest.approx(documented(estimator_id)[column], abs=0.5), estimator_id
        if name.startswith("moderate"):
            assert 93 <= percentage <= 97, estimator_id


if __name__ == "__main__":
    table = pd.DataFrame({name: design.coverage() for name, design in DESIGNS.items()})
    for name, row in table.iterrows():
        print("|", " | ".join([f"`{name}`", *(f"{value:.1f}" for value in row)]), "|")
