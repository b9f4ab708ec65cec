"""The traces: every calculation gives its value, every cell has it, and `dbt show` prints them."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from conftest import PROJECT_DIR, Project

HEADLINES = {
    "ch2_gmv_trailing_four_quarters": "6168",
    "table_2_2_merchant_jobs": "372.9",
    "ch2_supply_chain_ratio": "1.475106728",
    "ch2_e_commerce_jobs": "922.9275",
    "ch2_content_jobs": "540",
    "ch2_direct_jobs": "2000",
    "ch2_ecosystem_jobs": "1462.9275",
    "ch2_total_jobs": "3462.9275",
    "abstract_total_jobs": "3462.9275",
}
# of a + b x + c x² = 0, by the formula of school
SMALLER_ROOT = """
    create macro smaller_root(a, b, c) as least(
        (-b + sqrt(b * b - 4 * a * c)) / (2 * c), (-b - sqrt(b * b - 4 * a * c)) / (2 * c)
    )
"""
# numbers in a calculation are as exact as they are printed: nine digits at least
RELATIVE_TOLERANCE = 1e-8


def traces(
    project: Project, columns: str, condition: str, *values: object
) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(project.database), read_only=True) as connection:
        return connection.execute(
            f"select {columns} from audit.aud_traces where report_id = 'kuaishou_2022'"
            f" and {condition} order by figure_id, step_number",
            list(values),
        ).fetchall()


def test_every_calculation_gives_the_value_of_its_step(built_project: Project) -> None:
    """In SQL, except the rounding of the step."""
    steps = set(traces(built_project, "step_id, calculation, value", "calculation is not null"))
    assert len(steps) > len(HEADLINES)
    with duckdb.connect() as connection:
        connection.execute(SMALLER_ROOT)
        for step_id, calculation, value in steps:
            sql = calculation.replace("min(", "least(")
            row = connection.execute(f"select cast({sql} as double)").fetchone()
            assert row is not None
            # four decimals, or three of a ratio
            assert abs(row[0] - float(value)) <= max(0.0005, RELATIVE_TOLERANCE * abs(row[0])), (
                step_id,
                calculation,
            )


@pytest.mark.parametrize(("figure_id", "value"), HEADLINES.items())
def test_a_trace_ends_at_its_figure(built_project: Project, figure_id: str, value: str) -> None:
    *_, (last,) = traces(built_project, "value", "figure_id = ?", figure_id)
    assert last == Decimal(value)


def test_a_cell_of_a_trace_holds_its_number(built_project: Project) -> None:
    cells = set(
        traces(
            built_project,
            "seed, seed_line, value",
            "seed_line is not null and weakest_provenance != 'derived'",
        )
    )
    assert len(cells) > 20
    for seed, line, value in cells:
        with (PROJECT_DIR / seed).open(encoding="utf-8", newline="") as file:
            row = list(csv.reader(file))[line - 1]
        numbers = {Decimal(cell) for cell in row if cell.replace(".", "").lstrip("-").isdigit()}
        assert value in numbers, (seed, line)


def test_a_trace_has_nothing_that_does_not_lead_to_its_figure(built_project: Project) -> None:
    steps = traces(built_project, "step_id", "figure_id = 'ch2_supply_chain_ratio'")
    assert [name for (name,) in steps] == ["final_use", "intermediate_use", "ratio_of_use"]


@pytest.mark.slow
def test_dbt_show_prints_a_trace_whole(built_project: Project, tmp_path: Path) -> None:
    result = built_project.copy(tmp_path).dbt(
        *("--quiet", "show", "--select", "trace_figure", "--limit", "400"),
        *("--vars", "figure_id: ch2_total_jobs"),
    )
    assert result.returncode == 0, result.stdout
    lines = [line for line in result.stdout.splitlines() if line.startswith("|")]
    header = [name.strip() for name in lines[0].strip("|").split("|")]
    assert header == ["step", "formula", "calculation", "value", "evidence", "cell"]
    assert "..." not in result.stdout
    assert "| 3462.9275 wan_jobs" in result.stdout
    assert lines[-1].startswith("| total ")
