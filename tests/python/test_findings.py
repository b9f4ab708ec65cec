"""The findings on the method: all of them, with the numbers that were calculated by hand."""

from __future__ import annotations

import csv
import math
import re
from fractions import Fraction

import duckdb
import pytest
from conftest import PROJECT_DIR, Project

LISTED = PROJECT_DIR / "seeds" / "report" / "method_findings.csv"

# finding, value, words of the statement
WORKED_OUT = [
    ("circular_number", 100 * 372.9 / 3462.9275, ["3.73 million", "10.8 percent"]),
    ("dropped_bound", 100 * 2000 / 3462.9275, ["over 20.00 million for", "57.8 percent"]),
    ("undisclosed_parts", 100 * 540 / 3462.9275, ["5.40 million", "15.6 percent"]),
    ("beside_its_industries", 100 * 540 / (314 + 3437), ["5.40", "37.51 million", "2017"]),
    ("implied_mean_turnover", 148.655, ["3.73 million", "1487 thousand yuan"]),
    ("implied_merchants", 41.492, ["0.415 million", "9.0 people"]),
    ("rounding_of_turnover", 1.683, ["3.712", "3.746 million"]),
    ("productivity_peak", 12291.667, ["122.92 million yuan", "50 brands above 100.00 million"]),
    ("productivity_zero", 24715.219, ["247.15 million yuan"]),
    ("placebo_of_the_ratio", 55.080, ["synthetic", "55 percent", "gives 91"]),
    ("ratio_estimator", -26.557, ["synthetic", "2.74", "3.73 million"]),
    (
        "formula_on_real_firms",
        -18.415,
        ["5 public samples", "-3.1 to -18.4 percent", "not a sum of predictions"],
    ),
    ("sum_of_ratios", -36.385, ["synthetic", "2.37", "3.73 million"]),
    ("imports_in_ratio", -2.626, ["7.9 percent", "1.410", "8.99 million"]),
    ("table_year_2012", 5.899, ["1.621", "9.77 million"]),
    ("table_year_2018", -1.293, ["1.443", "9.11 million"]),
    ("table_year_2020", -1.939, ["1.427", "9.05 million"]),
    ("table_2012_in_later_reports", 12, ["reports: 3", "1.621", "2024"]),
    ("sum_over_platforms", 26.783, ["6 platforms", "199.94", "746.52 million", "a number of"]),
    ("frozen_coefficients", 43.696, ["assumed", "20.79 million", "12.59", "14.47"]),
    (
        "merchants_outgrow_gmv_year",
        math.log(1.5) / math.log(11843.7 / 9011.6),
        ["assumed", "2023-12-31", "at least 50 percent", "31.4 percent"],
    ),
    (
        "merchants_outgrow_gmv_quarter",
        math.log(1.4) / math.log(3342 / 2902),
        ["assumed", "2024-09-30", "at least 40 percent", "15.2 percent"],
    ),
    ("beyond_benchmark", 41.226, ["34.63", "84.00 million", "41 percent"]),
    ("output_ratio_for_jobs", 15.883, ["5.50 million", "34.63", "1.475"]),
    ("table_age", 4, ["2021", "2017"]),
    ("persons_as_jobs", 57.755, ["assumed", "20.00 million", "34.63"]),
    ("parts_add_up", 0, ["totals: 2", "0.00 million"]),
    (
        "rounding_of_inputs",
        0.018,
        ["(2 of them)", "34.623", "34.636 million"],
    ),
]

Findings = dict[str, dict[str, tuple[float, str]]]
SHIPPED = "kuaishou_2022"
# what has nothing to say of the 2022 report on Kuaishou
NOT_OF_IT = {
    *("ratio_of_the_table", "claimed_jobs_per_gmv", "claimed_jobs_per_further_gmv"),
    *("remainder", "head_count", "total_falls", "total_falls_beside_value_added"),
    "net_without_comparison",
}


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


def test_gmv_a_job_stands_beside_the_output_of_trade(findings: Findings) -> None:
    """Gross output of trade is the sum of its domestic row of the table of 2017."""

    def rows(name: str) -> list[dict[str, str]]:
        with (PROJECT_DIR / f"seeds/economy/{name}.csv").open(encoding="utf-8") as file:
            return [row for row in csv.DictReader(file) if row["table_id"] == "china_2017_42"]

    # the total that the table prints is next to the cells
    totals = {row["sector_code"] for row in rows("sectors") if row["sector_role"] == "output"}
    output = sum(
        Fraction(row["value"])
        for row in rows("input_output_flows")
        if (row["origin"], row["row_code"]) == ("domestic", "28")
        and row["column_code"] not in totals
    )
    (employed,) = [
        Fraction(row["employed_persons_wan"])
        for row in rows("sector_employment_reconstruction")
        if row["sector_code"] == "28"
    ]
    per_job = Fraction(6168) / Fraction("372.9")
    value, statement = findings[SHIPPED]["gmv_is_not_output"]
    assert value == pytest.approx(float(100 * (per_job / (output / employed) - 1)), abs=0.001)
    assert [round(float(number), 1) for number in (per_job, output / employed)] == [16.5, 8.3]
    assert "165 thousand yuan" in statement
    assert "83 thousand yuan" in statement


def test_severity_follows_the_stated_rule(built_project: Project) -> None:
    with duckdb.connect(str(built_project.database), read_only=True) as connection:
        rows = connection.execute(
            "select report_id, finding_id, severity, weakest_provenance, statement_en"
            " from audit.aud_method_findings order by report_id, sort_order"
        ).fetchall()
    worst = {"synthetic": {"note"}, "assumed": {"moderate", "minor", "note"}}
    for report_id, finding_id, severity, provenance, statement in rows:
        assert severity in worst.get(provenance, {severity}), (report_id, finding_id)
        assert re.fullmatch(r"[A-Z].*[.]", statement), statement
        assert not re.search(r"万|亿|[0-9][.][0-9]{4}", statement), statement
    first = [finding_id for report_id, finding_id, *_ in rows if report_id == SHIPPED][:3]
    assert first == ["circular_number", "dropped_bound", "undisclosed_parts"]
    assert {severity for _, finding_id, severity, *_ in rows if finding_id in first} == {"serious"}
