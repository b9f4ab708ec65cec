"""The rebuilt numbers of each report belong to tests/expected_values.csv.

A change that moves one of them changes the table in the same commit, and says why under
"Figures changed" in CHANGELOG.md.
"""

from __future__ import annotations

import csv

import duckdb
from conftest import PROJECT_DIR, Project

EXPECTED = PROJECT_DIR / "tests" / "expected_values.csv"
QUERY = """
    select reports.report_id, jobs.component_id, cast(jobs.jobs_wan_of_scenario as varchar)
    from marts.dim_reports as reports
    inner join (
        select * from (from marts.fct_all_jobs union all by name from marts.fct_job_totals)
    ) as jobs using (platform_id, window_end, scenario_id)
"""


def test_rebuilt_numbers_of_each_report_are_as_expected(built_project: Project) -> None:
    with EXPECTED.open(encoding="utf-8", newline="") as file:
        _, *expected = map(tuple, csv.reader(file))
    with duckdb.connect(str(built_project.database), read_only=True) as connection:
        found = connection.execute(QUERY).fetchall()
    assert len(found) > 50
    assert sorted(found) == sorted(expected)
