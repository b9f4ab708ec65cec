"""The findings on the method: all of them, with the numbers that were worked out by hand."""

from __future__ import annotations

import csv

import duckdb
import pytest
from conftest import PROJECT_DIR, Project

LISTED = PROJECT_DIR / "seeds" / "report" / "method_findings.csv"

# finding, value, words of the statement
WORKED_OUT = [
    ("implied_mean_turnover", 148.655, ["372.9", "148.66", "24435"]),
    ("implied_merchants", 41.492, ["41.5", "9.0 people"]),
    ("rounding_of_turnover", 1.683, ["371.23", "374.58"]),
    ("productivity_peak", 12291.667, ["12292", "50 brands above 10000"]),
    ("productivity_zero", 24715.219, ["24715"]),
    ("ratio_estimator", -26.557, ["synthetic", "273.9", "372.9"]),
    ("sum_of_ratios", -36.385, ["synthetic", "237.2", "372.9"]),
    ("imports_in_ratio", -2.626, ["7.9 percent", "1.410", "898.7"]),
    ("table_year_2012", 5.899, ["1.621", "977.4"]),
    ("table_year_2018", -1.293, ["1.443", "911.0"]),
    ("table_year_2020", -1.939, ["1.427", "905.0"]),
    ("table_2012_in_later_reports", 12, ["3 reports", "1.621", "2024"]),
    ("sum_over_platforms", 26.587, ["6 platforms", "19848", "74652"]),
    ("frozen_coefficients", 43.696, ["assumed", "6.68", "9.60", "2079.3"]),
    ("output_ratio_for_jobs", 15.883, ["550.0 万", "3462.9", "1.475"]),
    ("table_age", 4, ["2021", "2017"]),
    ("persons_as_jobs", 57.755, ["assumed", "2000.0 万", "3462.9"]),
    ("parts_add_up", 0, ["2 printed totals", "0.0 万"]),
    ("rounding_of_inputs", 0.127, ["b0, b1, b2, gmv", "3458.6", "3467.3"]),
]

Findings = dict[str, dict[str, tuple[float, str]]]
SHIPPED = "kuaishou_2022"
# what has nothing to say of the 2022 report on Kuaishou
NOT_OF_IT = {"ratio_of_the_table", "claimed_jobs_per_gmv", "claimed_jobs_per_further_gmv"}


@pytest.fixture(scope="module")
def findings(built_project: Project) -> Findings:
    with duckdb.connect(str(built_project.database), read_only=True) as connection:
        rows = connection.execute(
            "select report_id, finding_id, value, statement_en from audit.aud_method_findings"
        ).fetchall()
    found: Findings = {}
    for report_id, finding_id, value, statement in rows:
        found.setdefault(report_id, {})[finding_id] = (float(value), statement)
    return found


def test_every_rule_is_listed_and_says_something_of_the_report(findings: Findings) -> None:
    with LISTED.open(encoding="utf-8", newline="") as file:
        listed = {row["finding_id"] for row in csv.DictReader(file)}
    assert set(findings[SHIPPED]) == listed - NOT_OF_IT
    assert set().union(*findings.values()) <= listed


@pytest.mark.parametrize(("finding_id", "value", "words"), WORKED_OUT)
def test_a_finding_has_the_value_worked_out(
    findings: Findings, finding_id: str, value: float, words: list[str]
) -> None:
    computed, statement = findings[SHIPPED][finding_id]
    assert computed == pytest.approx(value, abs=0.001)
    assert [word for word in words if word not in statement] == []
