"""What is known of a value passes on: no output is narrower than its inputs allow."""

from __future__ import annotations

from decimal import Decimal

import duckdb
import pytest
from conftest import Project

from platform_employment.cli import main
from platform_employment.formatting import computed


def rows(project: Project, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(project.database), read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_no_total_is_narrower_than_its_parts(built_project: Project) -> None:
    """A total that is, or has a part that is, printed as a bound is a bound in both marts."""
    for mart in ("report_totals", "fct_estimates"):
        query = f"""
            select distinct figures.report_id, totals.comparator, totals.high_wan
            from audit.aud_figure_reconciliation as figures
            inner join marts.dim_reports as reports using (report_id)
            inner join marts.dim_scenarios as scenarios using (platform_id, scenario_id)
            inner join marts.dim_components as components
                on scenarios.method_id = components.method_id
                and figures.name = components.component_id
            inner join marts.{mart} as totals on reports.estimate_key = totals.estimate_key
            where figures.relation = 'steps' and figures.comparator in ('over', 'at_least')
                and figures.restates_figure_id is null
        """
        found = rows(built_project, query)
        reports = {row[0] for row in found}
        assert {"tiktok_us_2024", "douyin_2024", "youtube_us_2021", "youtube_us_2024"} <= reports
        assert [row for row in found if row[1:] != ("at_least", None)] == [], mart


def test_dropped_bound_fires_for_every_report(built_project: Project) -> None:
    found = rows(
        built_project,
        "select report_id from audit.aud_method_findings where finding_id = 'dropped_bound'"
        " order by 1",
    )
    assert found == [("kuaishou_2022",), ("tiktok_us_2024",)]


def test_headlines_print_bounds_and_statuses(
    built_project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["headlines", "tiktok_us_2024", "--database", str(built_project.database)]) == 0
    (total,) = [line for line in capsys.readouterr().out.splitlines() if "Total jobs" in line]
    assert "at least 4.70" in total
    assert total.endswith("arithmetic")


@pytest.mark.parametrize(
    ("number", "printed", "text"),
    [
        ("64.55", None, "64.6"),
        ("5.1123", None, "5.11"),
        ("0.00044444", None, "0.000444"),
        ("99.95", None, "100"),
        ("3462.9275", None, "3,460"),
        ("3462.9275", "3463", "3,463"),
        ("922.9275", "922.9", "922.9"),
        ("0.0000000000", None, "0"),
    ],
)
def test_computed_numbers_have_three_digits(number: str, printed: str | None, text: str) -> None:
    assert computed(Decimal(number), Decimal(printed) if printed else None) == text
