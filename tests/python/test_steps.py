"""Steps of the warehouse: where their inputs stand, and what the windows have."""

from __future__ import annotations

import csv
from decimal import Decimal

import duckdb
from conftest import PROJECT_DIR, Project

# calculated with pencil and paper from the cells of the seeds
BY_HAND = {
    "gmv": "6168",  # 1771 + 4397
    "productivity": "16.5406275141",  # 6168 / 372.9
    "merchants": "372.9",
    "supply_chain": "550.0275",  # 372.9 x 1.475
    "creator_teams": "402.23",
    "institutions": "137.77",
    "content_ecosystem": "540",
    "e_commerce_ecosystem": "922.9275",
    "direct": "2000",
    "total": "3462.9275",
}


def test_the_report_is_worked_out_as_by_hand(built_project: Project) -> None:
    with duckdb.connect(str(built_project.database), read_only=True) as connection:
        found = dict(
            connection.execute(
                """
                select step_id, value from marts.fct_steps
                semi join marts.dim_reports using (platform_id, window_end, scenario_id)
                where method_id = 'ruc_2022' and element_id = '-'
                """
            ).fetchall()
        )
        by_leaf = connection.execute("select sum(jobs_wan) from marts.headline").fetchone()
    assert {name: found[name] for name in BY_HAND} == {
        name: Decimal(value) for name, value in BY_HAND.items()
    }
    assert by_leaf == (Decimal("3462.9275"),)


def test_an_input_stands_in_the_line_that_it_names(built_project: Project) -> None:
    """Among the cells of the line is the value."""
    with duckdb.connect(str(built_project.database), read_only=True) as connection:
        named = connection.execute(
            """
            select distinct step_id, element_id, value, seed, seed_line, source_id
            from marts.fct_steps
            where is_input and seed_line is not null
            """
        ).fetchall()
    assert len(named) > 30
    for name, element, value, seed, line, source in named:
        with (PROJECT_DIR / seed).open(encoding="utf-8", newline="") as file:
            cells = list(csv.reader(file))[line - 1]
        assert source in cells, (name, seed, line)
        assert element in [*cells, "-"], (name, seed, line)
        assert value in [Decimal(cell) for cell in cells if is_number(cell)], (name, seed, line)


def is_number(text: str) -> bool:
    """Whether a cell is a plain number."""
    return (
        text.lstrip("-").replace(".", "", 1).isascii()
        and text.lstrip("-").replace(".", "", 1).isdigit()
    )
