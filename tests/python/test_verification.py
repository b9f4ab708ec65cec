"""How strong the check of each number of the shipped reports is, told by hand.

The sums that the numbers are checked with are done here in exact fractions.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction

import duckdb
import pytest
from conftest import PROJECT_DIR, Project

HALF = Fraction(1, 2)
# by hand, from the text of each report and what is disclosed elsewhere: a line for each number of
# the calculation, with the sum of printed numbers that it should be, where there is one
with (PROJECT_DIR / "tests/fixtures/report_numbers.csv").open(encoding="utf-8") as fixture:
    NUMBERS = list(csv.DictReader(fixture))
REPORTS = sorted({row["report_id"] for row in NUMBERS})
# counted by hand from the ledger: distinct numbers that nobody checked, and those apart, by unit. A
# number that is repeated counts once, so does a range; of a list whose items are named (three
# cities, four trades) the length stands apart, as ranks and ordinals do
with (PROJECT_DIR / "tests/fixtures/report_ledger.csv").open(encoding="utf-8") as fixture:
    LEDGER = list(csv.DictReader(fixture))


def by_hand(report_id: str) -> dict[str, set[str]]:
    """Numbers of a report by strength, as in the fixture."""
    numbers: dict[str, set[str]] = defaultdict(set)
    for row in NUMBERS:
        if row["report_id"] == report_id:
            numbers[row["strength"]].add(row["printed"])
    return numbers


def found(database: str) -> dict[str, dict[str, set[str]]]:
    """Numbers of the calculation by report and strength."""
    with duckdb.connect(database, read_only=True) as connection:
        rows = connection.execute(
            "select report_id, strength, published_value from audit.aud_figure_reconciliation"
            " where figure_id = number_id and relation is not null and strength is not null"
        ).fetchall()
    numbers: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for report_id, strength, value in rows:
        numbers[report_id][strength].add(f"{value.normalize():f}")
    return {report_id: dict(strengths) for report_id, strengths in numbers.items()}


def test_every_shipped_report_is_told_by_hand() -> None:
    with (PROJECT_DIR / "seeds/report/reports.csv").open(encoding="utf-8") as file:
        assert sorted(row["report_id"] for row in csv.DictReader(file)) == REPORTS


@pytest.mark.parametrize("report_id", REPORTS)
def test_strengths_are_those_told_by_hand(built_project: Project, report_id: str) -> None:
    assert found(str(built_project.database))[report_id] == by_hand(report_id)


@pytest.mark.parametrize("report_id", REPORTS)
def test_strengths_are_counted(built_project: Project, report_id: str) -> None:
    with duckdb.connect(str(built_project.database), read_only=True) as connection:
        counts = connection.execute(
            "select strength, calculated_numbers from audit.aud_strength_counts"
            " where report_id = ? and calculated_numbers > 0",
            [report_id],
        ).fetchall()
    told = [row["strength"] for row in NUMBERS if row["report_id"] == report_id]
    assert dict(counts) == {strength: told.count(strength) for strength in told}


@pytest.mark.parametrize("report_id", REPORTS)
def test_the_rest_of_the_ledger_is_counted_by_hand(built_project: Project, report_id: str) -> None:
    with duckdb.connect(str(built_project.database), read_only=True) as connection:
        found = connection.execute(
            "select coalesce(strength, 'apart'), unit, count(distinct number_id)"
            " from audit.aud_figure_reconciliation where report_id = ?"
            " and coalesce(strength, 'apart') in ('apart', 'unchecked') group by all",
            [report_id],
        ).fetchall()
        counted = connection.execute(
            "select sum(numbers), sum(calculated_numbers) from audit.aud_strength_counts"
            " where report_id = ?",
            [report_id],
        ).fetchone()
    told = {
        (row["kind"], row["unit"]): int(row["numbers"])
        for row in LEDGER
        if row["report_id"] == report_id
    }
    assert {(kind, unit): number for kind, unit, number in found} == told
    unchecked = sum(number for (kind, _), number in told.items() if kind == "unchecked")
    calculated = sum(row["report_id"] == report_id for row in NUMBERS)
    assert counted == (unchecked + calculated, calculated)


def test_what_is_tested_agrees_with_outside_data() -> None:
    with (PROJECT_DIR / "seeds/platform/gmv_disclosures.csv").open(encoding="utf-8") as file:
        gmv = {row["disclosure_id"]: row for row in csv.DictReader(file)}

    def half_width_and_difference(whole: str, rest: str) -> tuple[Fraction, Fraction]:
        assert "ruc_2022" not in (gmv[whole]["source_id"], gmv[rest]["source_id"])
        value, width = (
            [Fraction(gmv[name][column]) for name in (whole, rest)]
            for column in ("gmv_yi_yuan", "half_width_yi_yuan")
        )
        return sum(width, Fraction()), value[0] - value[1]

    width, nine_months = half_width_and_difference("kuaishou_2021fy", "kuaishou_2021q4")
    assert [width, nine_months] == [1, 4397]
    width, quarter = half_width_and_difference("kuaishou_2020fy", "kuaishou_2020_9m")
    assert [width, quarter] == [Fraction(13, 2), 1772]
    assert abs(quarter - 1771) <= width + HALF


def worked_out(formula: str) -> Fraction:
    """A sum of printed numbers in exact fractions."""
    assert re.fullmatch(r"[0-9. +*/()-]+", formula), formula
    exact = re.sub(r"[0-9.]+", lambda number: f"Fraction('{number[0]}')", formula)
    return Fraction(eval(exact, {"Fraction": Fraction}))


@pytest.mark.parametrize(
    "row", [row for row in NUMBERS if row["by_hand"]], ids=lambda row: " ".join(row.values())
)
def test_arithmetic_holds_between_printed_numbers(row: Mapping[str, str]) -> None:
    """Within half a unit of the last digit, unless the report contradicts itself."""
    half_unit = Fraction(1, 2 * 10 ** len(row["printed"].partition(".")[2]))
    agrees = abs(worked_out(row["by_hand"]) - Fraction(row["printed"])) <= half_unit
    assert agrees == (row["strength"] != "contradicted")


def test_what_follows_from_other_numbers_is_worked_out() -> None:
    for row in NUMBERS:
        if row["strength"] in {"arithmetic", "contradicted"}:
            assert row["by_hand"], row


@pytest.mark.parametrize("report_id", REPORTS)
def test_lengths_of_lists_ranks_and_ordinals_have_no_strength(
    built_project: Project, report_id: str
) -> None:
    with duckdb.connect(str(built_project.database), read_only=True) as connection:
        units = connection.execute(
            "select unit, bool_or(strength is null), bool_or(strength is not null)"
            " from audit.aud_figure_reconciliation where report_id = ? group by unit",
            [report_id],
        ).fetchall()
    apart = {"count", "rank", "ordinal", "degree"}
    for unit, without, having in units:
        assert (without, having) == (unit in apart, unit not in apart), unit
