"""The traces: every formula gives its value, and `dbt show` prints them whole."""

from __future__ import annotations

import re
from decimal import Decimal

import duckdb
import pytest
from conftest import PROJECT_DIR, Project

ANALYSES = sorted((PROJECT_DIR / "analyses").glob("trace_*.sql"))
HEADLINES = {
    "ch2_gmv_trailing_four_quarters": "6168",
    "table_2_2_merchant_jobs": "372.9",
    "ch2_supply_chain_ratio": "1.475106728",
    "ch2_e_commerce_jobs": "922.9275",
    "ch2_content_jobs": "540",
    "ch2_direct_jobs": "2000",
    "ch2_ecosystem_jobs": "1462.9275",
    "ch2_total_jobs": "3462.9275",
}
# numbers in a formula are as exact as their columns: six digits at least
RELATIVE_TOLERANCE = 1e-6


def figure_of(analysis: str) -> str:
    """Give the figure that an analysis traces."""
    (figure_id,) = re.findall(r"figure_id = '(\w+)'", analysis)
    return str(figure_id)


def difference_sql(formula: str, value: Decimal) -> str:
    """Give SQL for what the two sides of a step differ by; m stands for the value."""
    formula = formula.removeprefix("smaller m of ").replace("round(", "ROUND(")
    if "=" in formula:
        left, right = formula.split("=")
        formula = re.sub(r"([0-9.)]) m\b", rf"\1 x {value}", left) + f" - ({right})"
        value = Decimal(0)
    return f"select ({formula.replace(' x ', ' * ')}) - ({value})"


def test_each_headline_has_a_trace() -> None:
    assert {figure_of(path.read_text(encoding="utf-8")) for path in ANALYSES} == set(HEADLINES)


def test_every_formula_gives_the_value_of_its_step(built_project: Project) -> None:
    with duckdb.connect(str(built_project.database), read_only=True) as connection:
        steps = connection.execute(
            "select distinct step_id, formula, value from intermediate.int_report__trace_steps"
            " where formula is not null"
        ).fetchall()
        assert len(steps) > len(HEADLINES)
        for step_id, formula, value in steps:
            row = connection.execute(difference_sql(formula, value)).fetchone()
            assert row is not None
            assert abs(float(row[0])) <= RELATIVE_TOLERANCE * abs(float(value)), step_id


@pytest.mark.parametrize(("figure_id", "value"), HEADLINES.items())
def test_a_trace_ends_at_its_figure(built_project: Project, figure_id: str, value: str) -> None:
    with duckdb.connect(str(built_project.database), read_only=True) as connection:
        last = connection.execute(
            "select value from intermediate.int_report__trace_steps where figure_id = ?"
            " order by step_number desc limit 1",
            [figure_id],
        ).fetchone()
    assert last is not None
    assert last[0] == Decimal(value)


def test_dbt_show_prints_a_trace_whole(built_project: Project) -> None:
    result = built_project.dbt("--quiet", "show", "--select", "trace_total_jobs", "--limit", "200")
    assert result.returncode == 0, result.stdout
    lines = [line for line in result.stdout.splitlines() if line.startswith("|")]
    header = [name.strip() for name in lines[0].strip("|").split("|")]
    assert header == ["step", "quantity", "formula", "value", "stands_in", "evidence"]
    assert "..." not in result.stdout
    assert "| 3462.9275 wan_jobs" in result.stdout
    assert [line for line in lines if line.startswith("| source")]
