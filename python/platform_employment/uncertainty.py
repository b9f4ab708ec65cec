"""How far the estimate can be off: intervals and sensitivity by replaying the chain.

The chain of the report (chapter 2) is short, so it is simply calculated again for many values of
its uncertain inputs at once:

    merchants      = GMV / (b0 + b1 m + b2 m^2)               亿元 / (万元 a job) = 万 jobs
    supply chain   = merchants x input-output ratio
    creator teams  = sum over tiers of creators x min(1, team share x factor) x members x factor
    institutions   = sum over types of organisations x factor x staff x factor / 10000
    direct         = creators with income

and subtotals add up these five. Uncertain inputs are independent of one another. Each has a low, a
central and a high value and a distribution: `uniform` between low and high (rounding of a
published number), `triangular` with its peak at the central value (an assumption), `normal` on the
log scale with low and high as its 95 % limits (sampling error of the fitted productivity, or of
the mean turnover of a sample).
"""

from __future__ import annotations

import zlib
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import pandas as pd

DRAWS = 10_000
SEED = 20220201  # the month of the report; any other moves the limits as docs/estimation.md says
CONFIDENCE_LEVEL = 0.95
TOTAL = "total"
CHAIN_KEY = ["platform_id", "window_end", "scenario_id"]
FACTORS = (
    "team_share_factor",
    "team_members_factor",
    "organisations_factor",
    "average_staff_factor",
)
VALUES = (
    "gmv_yi_yuan",
    "intercept",
    "turnover",
    "turnover_squared",
    "mean_turnover_wan_yuan",
    "supply_chain_ratio",
    "creators_wan",
    *FACTORS,
)
PRODUCTIVITY = "productivity_wan_yuan_per_job"

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Chain:
    """All that the chain reads for one platform, window and scenario.

    values: the central value of each of VALUES; tiers: k x 3, creators in 万, share with a team,
    members of a team; institutions: k x 2, organisations and average staff; component_leaves: the
    calculated components that each component adds up.
    """

    values: Mapping[str, float]
    tiers: Floats
    institutions: Floats
    component_leaves: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class UncertainInput:
    """One input that may lie elsewhere: one of VALUES, or PRODUCTIVITY in place of the curve."""

    name: str
    low: float
    central: float
    high: float
    distribution: str
    kind: str

    def quantile(self, probability: Floats) -> Floats:
        """Give the quantiles of its distribution.

        Raises:
            ValueError: the distribution is not one of the three.
        """
        low, peak, high = self.low, self.central, self.high
        match self.distribution:
            case "uniform":
                return low + (high - low) * probability
            case "triangular":
                return np.where(
                    probability * (high - low) <= peak - low,
                    low + np.sqrt(probability * (high - low) * (peak - low)),
                    high - np.sqrt((1 - probability) * (high - low) * (high - peak)),
                )
            case "normal":
                # here, not above: whoever loads the module without drawing should not wait for it
                from scipy.special import ndtri  # noqa: PLC0415

                log_sd = np.log(high / low) / (2 * ndtri((1 + CONFIDENCE_LEVEL) / 2))
                return np.asarray(peak * np.exp(log_sd * ndtri(probability)), dtype=np.float64)
        raise ValueError(f"{self.name}: no distribution {self.distribution!r}")


def evaluate(chain: Chain, inputs: Mapping[str, npt.ArrayLike]) -> dict[str, Floats]:
    """Replay the chain.

    Args:
        chain: central values; used where `inputs` has nothing.
        inputs: values by input name, all scalars or arrays of one length n.

    Returns:
        Jobs in 万 by component, subtotals too; arrays of length n (1 without an input); NaN where
        they rest on a productivity that is not positive. Nothing is rounded, unlike in the
        warehouse, which keeps four digits after each step.
    """
    given = {name: np.atleast_1d(np.asarray(value, float)) for name, value in inputs.items()}
    x = {name: np.atleast_1d(np.float64(value)) for name, value in chain.values.items()} | given
    turnover = x["mean_turnover_wan_yuan"]
    curve = x["intercept"] + x["turnover"] * turnover + x["turnover_squared"] * turnover**2
    productivity = x.get(PRODUCTIVITY, curve)
    creators, team_share, members = chain.tiers.T[:, :, np.newaxis]
    teams = creators * np.minimum(1, team_share * x["team_share_factor"])
    staff = chain.institutions.prod(axis=1).sum() / 10_000

    merchants = x["gmv_yi_yuan"] / np.where(productivity > 0, productivity, np.nan)
    leaves = {
        "direct": x["creators_wan"],
        "creator_teams": (teams * members).sum(axis=0) * x["team_members_factor"],
        "institutions": staff * x["organisations_factor"] * x["average_staff_factor"],
        "merchants": merchants,
        "supply_chain": merchants * x["supply_chain_ratio"],
    }
    leaves = dict(zip(leaves, np.broadcast_arrays(*leaves.values()), strict=True))
    return {
        component: np.sum([leaves[leaf] for leaf in parts], axis=0)
        for component, parts in chain.component_leaves.items()
    }


def monte_carlo(
    chain: Chain, inputs: list[UncertainInput], draws: int = DRAWS, seed: int = SEED
) -> dict[str, tuple[float, float]]:
    """Draw all uncertain inputs at once and give 95 % limits of the jobs of each component.

    Latin hypercube sampling (McKay, Beckman and Conover 1979): each input has one draw in each of
    `draws` strata of equal probability. An input has a random stream of its own, which depends on
    the seed and its name alone. So neither the order of inputs nor that of rows matters, and
    platforms, windows and scenarios share their draws: they differ by what they are, not by luck.

    Returns:
        The 2.5 % and 97.5 % quantiles of the jobs by component, in 万; NaN if one draw is NaN.
    """
    drawn = {i.name: i.quantile(_stratified_uniforms(i.name, draws, seed)) for i in inputs}
    tail = (1 - CONFIDENCE_LEVEL) / 2
    jobs = evaluate(chain, drawn)
    limits = np.quantile(np.stack(list(jobs.values())), [tail, 1 - tail], axis=1)
    return {name: (low, high) for name, low, high in zip(jobs, *limits.tolist(), strict=True)}


def rounding_band(chain: Chain, inputs: list[UncertainInput]) -> dict[str, tuple[float, float]]:
    """Give the lowest and highest jobs that the rounding of published numbers leaves.

    Jobs are GMV over a sum that is linear in the coefficients. Such a quotient has no extremes
    inside a box, so its corners, every input at its low or high value, are all that is looked at.

    Returns:
        The extremes by component, in 万. A band, not a probability.
    """
    rounded = [i for i in inputs if i.kind == "rounding"]
    corners = np.meshgrid(*([i.low, i.high] for i in rounded))
    jobs = evaluate(chain, {i.name: c.ravel() for i, c in zip(rounded, corners, strict=True)})
    return {name: (float(at.min()), float(at.max())) for name, at in jobs.items()}


def swings(chain: Chain, inputs: list[UncertainInput]) -> dict[str, tuple[float, float]]:
    """Give the total at the low and at the high value of each input, the others central, in 万."""
    totals = (evaluate(chain, {i.name: [i.low, i.high]})[TOTAL].tolist() for i in inputs)
    return {i.name: (low, high) for i, (low, high) in zip(inputs, totals, strict=True)}


def estimate_intervals(
    chains: pd.DataFrame,
    inputs: pd.DataFrame,
    tiers: pd.DataFrame,
    institutions: pd.DataFrame,
    component_leaves: pd.DataFrame,
) -> pd.DataFrame:
    """Give the rounding band and the Monte Carlo interval of every component.

    Args:
        chains: `int_employment__chain_inputs`.
        inputs: `int_employment__uncertain_inputs`.
        tiers: `stg_platform__creator_tiers`.
        institutions: `stg_platform__institutions`.
        component_leaves: `int_employment__component_leaves`.

    Returns:
        One row per platform, window, scenario, component and `interval_method`: `jobs_wan` at the
        central values, `conf_low`, `conf_high`, all in 万. The limits of a component that no
        input acts on are equal; one whose productivity is not positive for some values of the
        inputs has none (NaN).
    """
    rows = []
    for key, chain, uncertain in _chains(chains, inputs, tiers, institutions, component_leaves):
        jobs = evaluate(chain, {})
        methods = {
            "monte_carlo": monte_carlo(chain, uncertain),
            "rounding": rounding_band(chain, uncertain),
        }
        rows += [
            (*key, component, method, jobs[component].item(), *limits[component])
            for method, limits in methods.items()
            for component in chain.component_leaves
        ]
    numbers = ("jobs_wan", "conf_low", "conf_high")
    return _typed(rows, chains, ("component_id", "interval_method"), numbers)


def estimate_sensitivity(
    chains: pd.DataFrame,
    inputs: pd.DataFrame,
    tiers: pd.DataFrame,
    institutions: pd.DataFrame,
    component_leaves: pd.DataFrame,
) -> pd.DataFrame:
    """Give the total jobs with one input at a time at its low and at its high value.

    Args: as in `estimate_intervals`.

    Returns:
        One row per platform, window, scenario and `input_name`: `total_at_low_wan` and
        `total_at_high_wan`.
    """
    rows = []
    for key, chain, uncertain in _chains(chains, inputs, tiers, institutions, component_leaves):
        rows += [(*key, name, *totals) for name, totals in swings(chain, uncertain).items()]
    numbers = ("total_at_low_wan", "total_at_high_wan")
    return _typed(rows, chains, ("input_name",), numbers)


def _typed(
    rows: Sequence[tuple[object, ...]],
    chains: pd.DataFrame,
    texts: Sequence[str],
    numbers: Sequence[str],
) -> pd.DataFrame:
    """A frame of rows that begin with CHAIN_KEY; its columns have a type without a row too."""
    types = dict.fromkeys(CHAIN_KEY, "str") | {"window_end": chains["window_end"].dtype}
    types |= dict.fromkeys(texts, "str") | dict.fromkeys(numbers, "float64")
    return pd.DataFrame(rows, columns=list(types)).astype(types)


@cache
def _stratified_uniforms(name: str, draws: int, seed: int) -> Floats:
    """One uniform draw in each of `draws` equal parts of (0, 1), in random order."""
    random = np.random.default_rng([seed, zlib.crc32(name.encode())])
    return (random.permutation(draws) + random.random(draws)) / draws


def _chains(
    chains: pd.DataFrame,
    inputs: pd.DataFrame,
    tiers: pd.DataFrame,
    institutions: pd.DataFrame,
    component_leaves: pd.DataFrame,
) -> Iterator[tuple[tuple[object, ...], Chain, list[UncertainInput]]]:
    """Each chain with its key and its uncertain inputs, in the order of names."""
    leaves = {
        str(component): tuple(sorted(parts["leaf_component_id"]))
        for component, parts in component_leaves.groupby("component_id")
    }
    uncertain: dict[tuple[object, ...], list[UncertainInput]] = {}
    for row in inputs.sort_values("input_name").to_dict("records"):
        found = UncertainInput(
            row["input_name"],
            row["low"],
            row["central"],
            row["high"],
            row["distribution"],
            row["uncertainty_kind"],
        )
        uncertain.setdefault(tuple(row[name] for name in CHAIN_KEY), []).append(found)
    tier_cells = _cells(tiers, ["creators_wan", "team_share", "team_members"])
    institution_cells = _cells(institutions, ["organisations", "average_staff"])
    for row in chains.sort_values(CHAIN_KEY).to_dict("records"):
        key = tuple(row[name] for name in CHAIN_KEY)
        chain = Chain(
            values={name: float(row[name]) for name in VALUES},
            tiers=tier_cells[row["platform_id"], row["creator_tiers_period_start"]],
            institutions=institution_cells[row["platform_id"], row["institutions_period_start"]],
            component_leaves=leaves,
        )
        yield key, chain, uncertain.get(key, [])


def _cells(table: pd.DataFrame, columns: list[str]) -> dict[Hashable, Floats]:
    """The cells of each platform and period, in an order that does not depend on that of rows."""
    return {
        key: rows[columns].to_numpy(dtype=np.float64)
        for key, rows in table.sort_values(columns).groupby(["platform_id", "period_start"])
    }
