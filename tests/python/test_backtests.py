"""The method of an earlier report against the later one: its errors, and where they are shown."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations

import duckdb
import pytest
from conftest import Project

LATER = "kuaishou/2024-12-31/report"


@pytest.fixture(scope="module")
def warehouse(built_project: Project) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(built_project.database), read_only=True) as connection:
        yield connection


def test_errors_are_the_difference_to_the_printed_parts(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    jobs = dict(
        warehouse.execute(
            "select component_id, jobs_wan_of_scenario from marts.fct_all_jobs"
            " where estimate_key = ? union all"
            " select component_id, jobs_wan_of_scenario from marts.fct_job_totals"
            " where estimate_key = ?",
            [LATER, LATER],
        ).fetchall()
    )
    printed = {
        "total": 4320,
        "direct": 2300,
        "content_ecosystem": 573,
        "e_commerce_ecosystem": 1447,
    }
    errors = dict(
        warehouse.execute(
            "select component_id, error_wan from marts.fct_backtests"
            " where later_report_id = 'kuaishou_2024' and backtest_outcome = 'predicted'"
        ).fetchall()
    )
    assert errors == {name: jobs[name] - value for name, value in printed.items()}
    assert (round(errors["total"]), round(errors["e_commerce_ecosystem"])) == (660, 632)


def test_every_pair_of_reports_has_a_prediction_or_a_reason(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    reports = warehouse.execute(
        "select platform_id, window_end, report_id from marts.dim_reports order by all"
    ).fetchall()
    wanted = {
        (one[2], other[2])
        for one, other in combinations(reports, 2)
        if one[0] == other[0] and one[1] < other[1]
    }
    rows = warehouse.execute(
        "select earlier_report_id, later_report_id, backtest_outcome from marts.fct_backtests"
    ).fetchall()
    assert {row[:2] for row in rows} == wanted
    assert {row[2] for row in rows} == {"predicted", "printed_each_time", "inputs_not_published"}


def test_each_later_window_shows_the_error_and_contains_it(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    rows = warehouse.execute(
        "select window_end::varchar, backtest_error_share, jobs_wan_of_scenario, low_wan, high_wan"
        " from marts.fct_estimates where platform_id = 'kuaishou' and scenario_id = 'report'"
        " and window_end > '2021-09-30'"
    ).fetchall()
    assert len(rows) == 16
    assert {row[1] for row in rows} == {Decimal("0.152689")}
    for window, error, jobs, low, high in rows:
        if window >= "2024-12-31":
            assert low <= float(jobs) / (1 + float(error)) <= high, window
    (report,) = (row for row in rows if row[0] == "2024-12-31")
    assert report[3] <= 4320 <= report[4]
