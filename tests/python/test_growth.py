"""The growth of jobs, split here in numpy from the marts of a build."""

from __future__ import annotations

from decimal import Decimal

import duckdb
import numpy as np
import pytest
from conftest import Project


def log_mean(a: float, b: float) -> float:
    """The mean under which the logarithm of a ratio is a difference."""
    return a if a == b else float((b - a) / np.log(b / a))


def test_parts_of_growth_are_those_of_the_logarithmic_mean(built_project: Project) -> None:
    with duckdb.connect(str(built_project.database), read_only=True) as connection:

        def jobs(scenario: str, window: str) -> dict[str, float]:
            rows = connection.execute(
                "select component_id, jobs_wan_of_scenario from marts.fct_all_jobs"
                " where platform_id = 'kuaishou' and scenario_id = ? and window_end = ?",
                [scenario, window],
            ).fetchall()
            return {name: float(value) for name, value in rows}

        def gmv(window: str) -> float:
            (found,) = connection.execute(
                "select gmv_yi_yuan from intermediate.int_gmv__trailing_four_quarters"
                " where platform_id = 'kuaishou' and window_end = ?",
                [window],
            ).fetchone() or (None,)
            return float(found)

        def parts(where: str) -> tuple[Decimal, ...]:
            (row,) = connection.execute(
                "select gmv_effect_wan, intensity_effect_wan, ratio_effect_wan,"
                " content_effect_wan, direct_effect_wan, change_wan"
                f" from marts.fct_growth where platform_id = 'kuaishou' and {where}"
            ).fetchall()
            return tuple(row)

        ends = "2021-09-30", "2024-12-31"
        growth = np.log(gmv(ends[1]) / gmv(ends[0]))
        for scenario, is_report in (("turnover_growth_075", False), ("report_2024", True)):
            before = jobs("report" if is_report else scenario, ends[0])
            after = jobs(scenario, ends[1])
            first = before["merchants"] + before["supply_chain"]
            last = after.get("e_commerce_ecosystem") or after["merchants"] + after["supply_chain"]
            content = after.get("content_ecosystem") or (
                after["creator_teams"] + after["institutions"]
            )
            of_gmv = log_mean(first, last) * growth
            expected = (
                of_gmv,
                last - first - of_gmv,  # the ratio is the same, or not printed
                0,
                content - before["creator_teams"] - before["institutions"],
                after["direct"] - before["direct"],
            )
            where = f"from_window_end = '{ends[0]}' and window_end = '{ends[1]}'"
            where += f" and scenario_id = '{scenario}'"
            where += " and is_between_reports" if is_report else ""
            found = parts(where)
            assert [float(x) for x in found[:5]] == pytest.approx(expected, abs=2e-4)
            assert sum(found[:5]) == found[5]
        both = connection.execute(
            "select count(*), count(*) filter (where gmv_effect_wan + intensity_effect_wan"
            " + ratio_effect_wan + content_effect_wan + direct_effect_wan = change_wan)"
            " from marts.fct_growth"
        ).fetchone()
    assert both is not None
    assert both[0] == both[1] > 1000
