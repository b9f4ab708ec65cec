"""Layers, definitions and later windows of a build against a separate script.

It reads the seeds and knows the report by hand; of the package it uses nothing.
"""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterator
from fractions import Fraction
from math import prod

import duckdb
import numpy as np
import pytest
from conftest import PROJECT_DIR, Project

DRAWN = 200_000
DRAWN_BY_THE_PACKAGE = 10_000
# of the report, in its window
JOBS = {
    "direct": Fraction(2000),
    "creator_teams": Fraction("402.23"),
    "institutions": Fraction("137.77"),
    "merchants": Fraction("372.9"),
    "supply_chain": Fraction("550.0275"),
}
PARTS = {
    "content_ecosystem": {"creator_teams", "institutions"},
    "e_commerce_ecosystem": {"merchants", "supply_chain"},
    "ecosystem": set(JOBS) - {"direct"},
    "total": set(JOBS),
    **{leaf: {leaf} for leaf in JOBS},
}
COEFFICIENTS = (-0.0000024, 0.059, 7.823)


def rows(name: str) -> list[dict[str, str]]:
    with (PROJECT_DIR / "seeds" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def warehouse(built_project: Project) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(built_project.database), read_only=True) as connection:
        yield connection


def layer(warehouse: duckdb.DuckDBPyConnection, name: str) -> dict[str, tuple[float | None, ...]]:
    """Low, central and high of each component of the report, or of each definition of it."""
    found = warehouse.execute(
        "select component_id || case when definition_id = '-' then '' else ' ' || definition_id"
        " end, low_wan, central_wan, high_wan from marts.fct_uncertainty"
        " where platform_id = 'kuaishou' and scenario_id = 'report' and window_end = '2021-09-30'"
        " and layer = ?",
        [name],
    ).fetchall()
    assert len({key for key, *_ in found}) == len(found)
    return {key: tuple(None if x is None else float(x) for x in ends) for key, *ends in found}


def test_printing_leaves_what_372_9_and_540_leave(warehouse: duckdb.DuckDBPyConnection) -> None:
    half = Fraction(1, 20)
    ratio = Fraction("1.475")
    content = Fraction(1, 2)
    shares = {leaf: JOBS[leaf] / 540 for leaf in ("creator_teams", "institutions")}
    widths = {
        "merchants": half,
        "supply_chain": half * ratio,
        "e_commerce_ecosystem": half * (1 + ratio),
        **{leaf: content * share for leaf, share in shares.items()},
        "content_ecosystem": content,
    }
    widths["ecosystem"] = widths["e_commerce_ecosystem"] + content
    widths["total"] = widths["ecosystem"]
    found = layer(warehouse, "rounding")
    assert found.keys() == widths.keys()
    for component, width in widths.items():
        middle = sum(JOBS[leaf] for leaf in PARTS[component])
        expected = [float(x) for x in (middle - width, middle, middle + width)]
        assert found[component] == pytest.approx(expected, abs=1e-4), component


def test_over_2000_has_a_lower_end_alone(warehouse: duckdb.DuckDBPyConnection) -> None:
    """With 540 given, more creators leave up to 540 to teams and the rest to institutions."""
    assert layer(warehouse, "undisclosed") == {
        "direct": (2000, 2000, None),
        "creator_teams": (402.23, 402.23, 540),
        "institutions": (0, 137.77, 137.77),
        "total": (3462.9275, 3462.9275, None),
    }


def test_assumptions_are_within_three_standard_errors_of_200_000_draws(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    random = np.random.default_rng(20260101)
    factor = {
        row["input_name"]: random.triangular(
            float(row["low"]), float(row["central"]), float(row["high"]), DRAWN
        )
        for row in rows("platform/input_values")
        if row["uncertainty_kind"] == "assumption"
    }
    teams = sum(
        float(row["creators_wan"])
        * np.minimum(1, float(row["team_share"]) * factor["team_share_factor"])
        * float(row["team_members"])
        * factor["team_members_factor"]
        for row in rows("platform/creator_tiers")
    )
    people = sum(
        float(row["organisations"]) * float(row["average_staff"]) / 10_000
        for row in rows("platform/institutions")
    )
    institutions = people * factor["organisations_factor"] * factor["average_staff_factor"]
    content = teams + institutions
    rest = float(sum(JOBS.values())) - 540
    drawn = {
        "creator_teams": teams,
        "institutions": institutions,
        "content_ecosystem": content,
        "ecosystem": content + rest - 2000,
        "total": content + rest,
    }
    found = layer(warehouse, "assumptions")
    assert found.keys() == drawn.keys()
    for component, jobs in drawn.items():
        low, _, high = found[component]
        for end, p in ((low, 0.025), (high, 0.975)):
            assert end is not None
            error = np.sqrt(p * (1 - p) * (1 / DRAWN + 1 / DRAWN_BY_THE_PACKAGE))
            assert abs(np.mean(jobs < end) - p) < 3 * error, component


def test_definitions_multiply_what_they_are_of(warehouse: duckdb.DuckDBPyConnection) -> None:
    coverage = {
        f"{row['decision_id']}={row['option_id']}": row["decision_id"]
        for row in rows("method/choices")
        if (row["method_id"], row["layer"]) == ("ruc_2022", "coverage")
    }
    definitions = [
        row | {"definition_id": coverage[row["options"]], "component_id": row["input_name"]}
        for row in rows("method/overlays")
        if row["options"] in coverage
    ]
    assert len(definitions) == 3
    expected = {}
    for component, leaves in PARTS.items():
        touching = [d for d in definitions if PARTS[d["component_id"]] & leaves]
        # above it, or a part of it: never of a sister that shares a leaf
        its = [
            d
            for d in touching
            if PARTS[d["component_id"]] <= leaves or leaves <= PARTS[d["component_id"]]
        ]
        assert its == touching
        chosen = [("", its), *((f" {d['definition_id']}", [d]) for d in its if len(its) > 1)]
        for name, those in chosen if its else []:
            expected[component + name] = tuple(
                float(
                    sum(
                        JOBS[leaf]
                        * prod(Fraction(d[end]) for d in those if leaf in PARTS[d["component_id"]])
                        for leaf in leaves
                    )
                )
                for end in ("low", "central", "high")
            )
    found = layer(warehouse, "coverage")
    assert found.keys() == expected.keys()
    for key, ends in expected.items():
        assert found[key] == pytest.approx(ends, abs=1e-4), key
    assert [round(end) for end in expected["total"]] == [3158, 3311, 3463]


def test_choices_are_the_range_of_what_can_be_defended(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    """Of the combinations that `test_choices` calculates one by one."""
    found = layer(warehouse, "choices")
    combinations = warehouse.execute(
        "select component_id, jobs_wan_of_combination, choices from marts.fct_choice_combinations"
        " where platform_id = 'kuaishou' and method_id = 'ruc_2022' and window_end = '2021-09-30'"
    ).fetchall()
    defensible = {
        f"{row['decision_id']}={row['option_id']}"
        for row in rows("method/choices")
        if row["method_id"] == "ruc_2022" and row["is_defensible"] == "true"
    }
    jobs: dict[str, list[float]] = {}
    for component, value, choices in combinations:
        # the sample that ships is synthetic
        if "merchant_jobs=published_curve" in choices and defensible.issuperset(choices.split()):
            jobs.setdefault(component, []).append(float(value))
    assert found.keys() == {name for name, values in jobs.items() if len(set(values)) > 1}
    for component, (low, _, high) in found.items():
        assert (low, high) == (min(jobs[component]), max(jobs[component]))
    assert [round(float(end or 0)) for end in found["total"]] == [2685, 3463, 4003]


def smaller_root(jobs: float, gmv: float) -> float:
    """The mean turnover at which the curve gives so many jobs for that GMV."""
    squared, linear, constant = COEFFICIENTS
    roots = np.roots([squared, linear, constant - gmv / jobs])
    return float(min(root.real for root in roots))


@pytest.mark.parametrize(
    ("scenario", "share", "e_commerce"),
    [
        ("turnover_growth_0", 0, 2079),
        ("turnover_growth_055", 0.55, None),
        ("turnover_growth_075", 0.75, 1447),
        ("turnover_growth_1", 1, 1259),
    ],
)
def test_the_window_of_the_2024_report_is_extrapolated_by_one_share(
    warehouse: duckdb.DuckDBPyConnection, scenario: str, share: float, e_commerce: int | None
) -> None:
    gmv = 13896.0
    turnover = smaller_root(372.9, 6168) * (gmv / 6168) ** share
    merchants = gmv / float(np.polyval(COEFFICIENTS, turnover))
    expected: dict[str, float] = {
        "direct": 2300,  # said of the year to August, carried to December
        "creator_teams": 402.23 * 2300 / 2000,
        "institutions": 137.77,
        "merchants": merchants,
        "supply_chain": merchants * 1.475,
    }
    found = {
        name: (float(jobs), is_extrapolated)
        for name, jobs, is_extrapolated in warehouse.execute(
            "select component_id, jobs_wan_of_scenario, is_extrapolated from marts.fct_jobs"
            " where platform_id = 'kuaishou' and scenario_id = ? and window_end = '2024-12-31'",
            [scenario],
        ).fetchall()
    }
    assert found.keys() == expected.keys()
    for name, jobs in expected.items():
        # the package rounds each step to four digits
        assert found[name][0] == pytest.approx(jobs, abs=2e-3), name
    assert {name for name, (_, is_extrapolated) in found.items() if is_extrapolated} == set(JOBS)
    assert round(expected["creator_teams"] + expected["institutions"], 1) == 600.3
    if e_commerce:
        assert round(merchants * 2.475) == pytest.approx(e_commerce, abs=2 * (share == 0.75))


@pytest.mark.parametrize(
    ("scenario", "end"), [("bottom_up_low", "low"), ("bottom_up_high", "high")]
)
def test_bottom_up_takes_all_factors_at_one_end(
    warehouse: duckdb.DuckDBPyConnection, scenario: str, end: str
) -> None:
    factor = {
        row["input_name"]: Fraction(row[end])
        for row in rows("platform/input_values")
        if row["uncertainty_kind"] == "assumption"
    }
    content = sum(
        Fraction(row["creators_wan"])
        * min(Fraction(1), Fraction(row["team_share"]) * factor["team_share_factor"])
        * Fraction(row["team_members"])
        * factor["team_members_factor"]
        for row in rows("platform/creator_tiers")
    ) + sum(
        Fraction(row["organisations"])
        * factor["organisations_factor"]
        * Fraction(row["average_staff"])
        * factor["average_staff_factor"]
        / 10_000
        for row in rows("platform/institutions")
    )
    (found,) = itertools.chain.from_iterable(
        warehouse.execute(
            "select sum(jobs_wan_of_scenario) from marts.fct_jobs where platform_id = 'kuaishou'"
            " and window_end = '2021-09-30' and scenario_id = ?",
            [scenario],
        ).fetchall()
    )
    assert float(found) == pytest.approx(float(content + sum(JOBS.values()) - 540), abs=2e-3)


def test_earners_of_2018_are_direct_jobs_of_that_window_without_a_total(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    direct = warehouse.execute(
        "select value from intermediate.est_steps where platform_id = 'kuaishou'"
        " and scenario_id = 'report' and window_end = '2018-12-31' and step_id = 'direct'"
    ).fetchone()
    missing = warehouse.execute(
        "select is_estimated, missing_components, missing_inputs from audit.aud_estimate_coverage"
        " where platform_id = 'kuaishou' and scenario_id = 'report' and window_end = '2018-12-31'"
    ).fetchone()
    assert direct is not None
    assert Fraction(direct[0]) == 1000
    assert missing == (
        False,
        "creator_teams, institutions",
        "average_staff, organisations, team_members, team_share, tier_creators",
    )
