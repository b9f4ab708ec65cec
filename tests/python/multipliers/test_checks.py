"""Each check finds the fault that it is for, and names sector and amount."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from io_tables import germany, random_table, shipped_rows, shipped_table, textbook

from platform_employment.multipliers import checks
from platform_employment.multipliers.checks import check_households, check_inverse, check_table
from platform_employment.multipliers.estimate import Totals, estimate
from platform_employment.multipliers.multipliers import closed, households, leontief, system
from platform_employment.multipliers.outcomes import FAILED, NOTED, PASSED, WARNED, Outcome
from platform_employment.multipliers.tables import Cells, Flows, Table, read_table

Cell = tuple[str, str, str, float]


def of(outcomes: Sequence[Outcome], outcome: str) -> dict[str, list[str]]:
    """Messages by check, of one outcome."""
    found: dict[str, list[str]] = {}
    for one in outcomes:
        if one.outcome == outcome:
            found.setdefault(one.check_id, []).append(one.message)
    return found


def changed(table: Table, part: str, at: tuple[int, int], by: float) -> Table:
    """The table with one domestic flow changed."""
    flows = table.domestic
    assert flows is not None
    block = getattr(flows, part).copy()
    block[at] += by
    return replace(table, domestic=replace(flows, **{part: block}))


def test_shipped_table_passes() -> None:
    """Nothing fails; what is odd or cannot be done is said."""
    totals = [
        Totals(
            row["origin"], float(row["intermediate_use_yi_yuan"]), float(row["final_use_yi_yuan"])
        )
        for row in shipped_rows("input_output_totals")
        if (row["table_year"], row["sectors"]) == ("2017", "42")
    ]
    assert len(totals) == 2
    results, outcomes = estimate(shipped_table(), totals=totals)
    assert results
    assert of(outcomes, FAILED) == {}
    noted = of(outcomes, NOTED)
    assert len(noted.pop("final_use")) == 7
    assert noted == {
        "value_added": [
            "value_added VA002 to 01 is -3410.6164",
            "value_added VA002 to 08 is -123.5023",
        ]
    }
    assert list(of(outcomes, WARNED)) == ["type_2"]
    condition = [one.value for one in outcomes if one.check_id == "condition_number"]
    assert condition == pytest.approx([5.50, 5.28, 7.02], abs=0.005)
    assert "jobs add up to 77639 万: 77640 万 is stated" in of(outcomes, PASSED)["jobs_total"][0]


def test_totals_of_another_unit() -> None:
    """万元 for 亿元 balances in itself: the published totals show it."""
    outcomes = estimate(shipped_table(), totals=[Totals("domestic", 13209413387, 936792.19)])[1]
    (message,) = of(outcomes, FAILED)["domestic_intermediate_use"]
    assert "1320941.3387, 13209413387.0000 is published" in message


FAULTS: dict[str, tuple[str, str, Callable[[Table], Table]]] = {
    "flow below zero": (
        "intermediate_flows", "domestic 002 to 003 is -5",
        lambda table: changed(
            table, "intermediate", (1, 2), -5 - float(table.own.intermediate[1, 2])
        ),
    ),
    "row": (
        "row_balance", "001: sum of the row",
        lambda table: changed(table, "final", (0, 1), 0.01),
    ),
    "column": (
        "column_balance", "004: sum of the column",
        lambda table: replace(
            table, value_added=table.value_added + np.array([[0, 0, 0, 1.0, 0], [0] * 5])
        ),
    ),
    "jobs of another year": (
        "jobs_year", "jobs are of 2016, the table is of 2017",
        lambda table: with_jobs(table, year=2016),
    ),
    "a sector without jobs": (
        "jobs_of_all", "002 has no jobs",
        lambda table: with_jobs(table, by_sector=np.array([1, np.nan, 1, 1, 1])),
    ),
    "jobs below zero": (
        "jobs_of_all", "005 has -1 jobs",
        lambda table: with_jobs(table, by_sector=np.array([1.0, 1, 1, 1, -1])),
    ),
    "jobs that do not add up": (
        "jobs_total", "jobs add up to 10 万: 11.5 万 is stated",
        lambda table: with_jobs(table, by_sector=np.full(5, 2.0), stated=11.5),
    ),
    "a basket below zero": (
        "basket", "basket B: weights must be zero or more, 003 has -1",
        lambda table: replace(table, baskets={"B": np.array([1.0, 1, -1, 1, 1])}),
    ),
}  # fmt: skip


def with_jobs(table: Table, **values: Any) -> Table:
    """The table with other jobs."""
    assert table.jobs is not None
    return replace(table, jobs=replace(table.jobs, **values))


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found(fault: str) -> None:
    """Its check fails with sector and amount, and nothing is computed."""
    check_id, message, spoil = FAULTS[fault]
    table = random_table(5, 1)
    assert of(estimate(table)[1], FAILED) == {}
    results, outcomes = estimate(spoil(table))
    assert results == []
    assert of(outcomes, FAILED)[check_id][0].startswith(message)


def test_a_sector_of_nothing() -> None:
    """Zero output is accepted where nothing goes in or out, and refused with inputs or jobs."""
    table = random_table(5, 1)
    assert table.domestic is not None
    assert table.imported is not None
    assert table.published_output is not None
    keep = np.array([1.0, 1, 0, 1, 1])
    flows = table.domestic
    rest = flows.final.copy()
    # what the sector bought goes to final use, what it sold is gone
    rest[:, 2] += flows.intermediate[:, 2]
    home = Flows(flows.intermediate * keep * keep[:, None], rest * keep[:, None])
    bought = home.intermediate.sum(axis=0) - flows.intermediate.sum(axis=0) * keep
    foreign = Flows(table.imported.intermediate * keep, table.imported.final)
    added = table.value_added * keep
    added[1] -= bought
    empty = replace(
        table,
        domestic=home,
        imported=foreign,
        value_added=added,
        published_output=table.published_output * keep,
    )
    outcomes = estimate(with_jobs(empty, by_sector=keep))[1]
    assert of(outcomes, FAILED) == {}
    assert of(outcomes, NOTED)["zero_output"] == ["003 has neither output nor inputs"]
    outcomes = estimate(with_jobs(empty, by_sector=np.full(5, 2.0)))[1]
    assert of(outcomes, FAILED) == {"jobs_without_output": ["003 has 2 jobs and no output"]}
    outcomes = estimate(replace(empty, imported=table.imported))[1]
    assert "sector 003 has output 0.0000 and inputs" in of(outcomes, FAILED)["zero_output"][0]


def test_a_radius_of_one_or_more() -> None:
    """Sectors that use up more than they make: refused, though every row balances."""
    table = replace(textbook(), value_added_codes=(), value_added_roles=())
    flows = Flows(np.array([[900.0, 500], [200, 1900]]), np.array([[-400.0], [-100]]))
    outcomes = estimate(replace(table, domestic=flows))[1]
    (message,) = of(outcomes, FAILED)["spectral_radius"]
    assert message.startswith("spectral radius 1.15")
    assert "column of A: sector 2, 1.2" in message


def test_germany_misses_a_printed_total() -> None:
    """The printed uses of industry are 46 million euro short of output; accepted where told."""
    table = germany()
    assert table.published_output is not None
    assert of(estimate(table)[1], FAILED) == {}
    printed = replace(table, published_output=table.published_output - [0, 46, 0, 0, 0, 0])
    assert of(estimate(printed)[1], FAILED) == {
        "row_balance": [
            "CPA_B-E: sum of the row 1079446.0000, published output 1079400.0000, +46.0000 apart"
        ]
    }
    assert of(estimate(printed, tolerance=1e-4)[1], FAILED) == {}


def test_what_cannot_be_checked_is_said() -> None:
    """A table without value added, printed output or jobs is no fault, and no silence."""
    table = replace(textbook(), value_added_codes=(), value_added_roles=(), published_output=None)
    results, outcomes = estimate(table)
    assert {one.quantity for one in results} == {"output"}
    assert list(of(outcomes, WARNED)) == [
        "row_balance", "column_balance", "imports", "jobs", "type_2"
    ]  # fmt: skip


def test_imports_above_domestic_use() -> None:
    """A product that is imported and exported again: no import shares, the rest stands."""
    table = random_table(5, 1)
    assert table.imported is not None
    final = table.imported.final.copy()
    final[1, 3] = 1e6
    results, outcomes = estimate(replace(table, imported=replace(table.imported, final=final)))
    assert "002: imports are" in of(outcomes, WARNED)["import_share"][0]
    assert {one.import_convention for one in results} == {"domestic", "all_flows"}


def test_households_that_spend_more_than_they_earn() -> None:
    """Rounds that never end: type II is left out, type I stands."""
    table = random_table(5, 1)
    assert table.domestic is not None
    final = table.domestic.final.copy()
    final[:, 2] -= 9 * final[:, 0]
    final[:, 0] *= 10
    results, outcomes = estimate(replace(table, domestic=replace(table.domestic, final=final)))
    assert of(outcomes, FAILED) == {}
    assert "type II is not computed" in of(outcomes, WARNED)["type_2"][0]
    assert {one.multiplier_type for one in results} == {"type_1"}


def test_a_wrong_inverse_is_found() -> None:
    """Residual, signs, output, and value added with imports: of an L that is not one."""
    table = random_table(5, 1)
    found = system(table, "domestic")
    assert found is not None
    wrong = leontief(found.coefficients)
    wrong[1, 1] -= 1
    failures = of(check_inverse(table, found, wrong), FAILED)
    assert set(failures) == {"residual", "signs", "solved_output", "value_added_and_imports"}
    assert "sector 002" in failures["solved_output"][0]


def test_the_ratio_of_the_report_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both sides of the identity are printed, and one that is off stops the table."""
    (message,) = of(estimate(shipped_table())[1], PASSED)["output_ratio"]
    assert message.startswith("i'Lf / i'f - 1 = 1.475106728: intermediate over final use = 1.4751")
    monkeypatch.setattr(checks, "output_ratio", lambda table: (1.787, 1.475))
    results, outcomes = estimate(shipped_table())
    assert results == []
    assert list(of(outcomes, FAILED)) == ["output_ratio"]


def test_a_wrong_inverse_with_households_is_found() -> None:
    """Lbar below L, and incomes that do not grow alike."""
    table = random_table(5, 1)
    found = system(table, "domestic")
    assert found is not None
    homes = households(table, found)
    assert homes is not None
    inverse = leontief(found.coefficients)
    wrong = leontief(closed(found.coefficients, homes))
    wrong[:, 1] -= 1
    failures = of(check_households(found, homes, inverse, wrong, 0.5), FAILED)
    assert set(failures) == {"type_2_above_type_1", "income_type_2_over_type_1"}


CELLS: list[Cell] = [
    *(("domestic", row, column, 10.0) for row in "ab" for column in "ab"),
    *(("domestic", row, "F", 5.0) for row in "ab"),
]  # fmt: skip
ROLES = {"a": "sector", "b": "sector", "F": "consumption", "V": "value_added", "O": "output"}


@pytest.mark.parametrize(
    ("cells", "check_id", "message"),
    [
        ([("domestic", "c", "a", 1.0)], "codes", "c is not among the table's sectors"),
        ([("domestic", "a", "V", 1.0)], "codes", "V is of role value_added: it cannot be a column"),
        ([("value_added", "a", "b", 1.0)], "codes", "a is of role sector: it cannot be a row"),
        ([("imported", "a", "O", 1.0)], "codes", "O is of role output: it cannot be a column"),
        ([("total", "a", "a", 1.0)], "kind", "both domestic and total flows"),
    ],
)
def test_cells_that_are_no_table(cells: list[Cell], check_id: str, message: str) -> None:
    """Unknown codes, roles on the wrong side, two kinds of table."""
    assert read_table("t", 2017, ROLES, Cells.of(CELLS))[1] == []
    table, outcomes = read_table("t", 2017, ROLES, Cells.of([*CELLS, *cells]))
    assert table is None
    assert of(outcomes, FAILED)[check_id][0].startswith(message)


def test_a_table_that_is_not_square() -> None:
    """A sector that supplies and does not use, and the reverse."""
    no_column = [cell for cell in CELLS if cell[2] != "b"]
    no_row = [cell for cell in CELLS if cell[1] != "b"]
    for cells, message in (
        (no_column, "sector b is a row and no column of the domestic flows"),
        (no_row, "sector b is a column and no row of the domestic flows"),
    ):
        table, outcomes = read_table("t", 2017, ROLES, Cells.of(cells))
        assert table is None
        assert of(outcomes, FAILED) == {"square": [message]}


def test_total_flows_with_an_imported_block() -> None:
    """Imports would count twice."""
    cells = [("total", *cell[1:]) for cell in CELLS] + [("imported", "a", "a", 1.0)]
    outcomes = read_table("t", 2017, ROLES, Cells.of(cells))[1]
    assert of(outcomes, FAILED)["kind"][0].startswith("total flows hold imported products")


def test_the_largest_faults_come_first() -> None:
    """Of many sectors that are off five are named, the furthest first, and the rest counted."""
    table = random_table(9, 1)
    assert table.published_output is not None
    factors = 1 + np.arange(9) / 100
    outcomes = check_table(replace(table, published_output=table.published_output * factors))
    messages = of(outcomes, FAILED)["row_balance"]
    assert [message[:3] for message in messages[:5]] == ["009", "008", "007", "006", "005"]
    assert messages[5:] == ["3 more sectors are off"]
