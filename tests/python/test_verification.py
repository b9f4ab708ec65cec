"""How each number of the shipped reports was verified, reported by hand.

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

from platform_employment.cli import main
from platform_employment.site.report import Reader
from platform_employment.site.rows import open_rows
from platform_employment.words import STATES

# by hand, from the text of each report and what others publish: a line for each number of the
# calculation, with the sum of printed numbers that it should be, where there is one
with (PROJECT_DIR / "tests/fixtures/report_numbers.csv").open(encoding="utf-8") as fixture:
    NUMBERS = list(csv.DictReader(fixture))
REPORTS = sorted({row["report_id"] for row in NUMBERS})


def by_hand(report_id: str) -> dict[str, set[str]]:
    """Numbers of a report by verification status, as in the fixture."""
    numbers: dict[str, set[str]] = defaultdict(set)
    for row in NUMBERS:
        if row["report_id"] == report_id:
            numbers[row["verification_status"]].add(row["printed"])
    return numbers


def query(project: Project, text: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(project.database), read_only=True) as connection:
        return connection.execute(text).fetchall()


def test_every_shipped_report_is_told_by_hand() -> None:
    with (PROJECT_DIR / "seeds/report/reports.csv").open(encoding="utf-8") as file:
        assert sorted(row["report_id"] for row in csv.DictReader(file)) == REPORTS


def test_statuses_are_those_told_by_hand(built_project: Project) -> None:
    found: dict[object, dict[object, set[str]]] = defaultdict(lambda: defaultdict(set))
    for report_id, status, value in query(
        built_project,
        "select report_id, verification_status, cast(cast(published_value as double) as varchar)"
        " from audit.aud_figure_reconciliation"
        " where figure_id = number_id and relation is not null and is_amount",
    ):
        found[report_id][status].add(str(Fraction(str(value))))
    told = {
        report_id: {
            status: {str(Fraction(number)) for number in numbers}
            for status, numbers in by_hand(report_id).items()
        }
        for report_id in REPORTS
    }
    assert {report_id: dict(statuses) for report_id, statuses in found.items()} == told


def test_a_number_has_one_status_everywhere(built_project: Project) -> None:
    assert (
        query(
            built_project,
            "select report_id, number_id from audit.aud_figure_reconciliation"
            " group by all having count(distinct verification_status) > 1",
        )
        == []
    )
    assert query(
        built_project,
        "select count(*) from audit.aud_figure_reconciliation where verification_status is null",
    ) == [(0,)]


def test_every_surface_shows_the_status_of_the_marts(
    built_project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    """`headlines`, `explain` and the pages, with the name that the list of statuses gives."""
    rows = query(
        built_project,
        "select report_id, figure_id, subject_zh, subject_en, verification_status, name_zh,"
        " name_en, headline_order from audit.aud_figure_reconciliation"
        " inner join marts.dim_verification_statuses using (verification_status)",
    )
    status = {row[:2]: row[4] for row in rows}
    database = ["--database", str(built_project.database)]
    with open_rows(built_project.database) as warehouse:
        reader = Reader(warehouse, {})
        shown = {
            (report, figure["figure_id"]): reader.status(figure)
            for report, figures in reader.figures.items()
            for figure in figures
        }
        parts = [
            (part.status, status[report.id, part.figure["figure_id"]])
            for report in reader.reports()
            for part in (*report.parts, report.total)
            if part.figure
        ]
    assert shown == status
    assert len(parts) > 40
    assert all(on_page == in_marts for on_page, in_marts in parts)
    assert set(status.values()) <= set(STATES)
    for report in dict.fromkeys(row[0] for row in rows if row[7] is not None):
        main(["headlines", str(report), *database])
        lines = capsys.readouterr().out.splitlines()
        for row in rows:
            if row[0] == report and row[7] is not None:
                (line,) = (text for text in lines if text.startswith(f"{row[2]} {row[3]}  "))
                assert line.removesuffix(": DIFFERS").endswith(f"  {row[4]}"), line
    for row in {row[4]: row for row in rows}.values():
        assert main(["explain", str(row[1]), "--report", str(row[0]), *database]) == 0
        text = capsys.readouterr().out
        assert f"\nverification status: {row[5]} {row[6]}: " in text, row


def test_counts_agree_with_the_figures(built_project: Project) -> None:
    counted = query(
        built_project,
        "select report_id, sum(figures), sum(calculated_numbers)"
        " from audit.aud_verification_counts group by report_id order by report_id",
    )
    figures = query(
        built_project,
        "select report_id, count(*), count(*) filter ("
        " figure_id = number_id and relation is not null and is_amount)"
        " from audit.aud_figure_reconciliation group by report_id order by report_id",
    )
    assert counted == figures


def test_distant_bounds_are_never_counted(built_project: Project) -> None:
    """Independent checks are equations of weight test, and one equation counts once."""
    (found,) = query(
        built_project,
        "select sum(independent_equations) from audit.aud_verification_counts",
    )
    (expected,) = query(
        built_project,
        "select count(distinct (report_id, equation_id)) from marts.fct_comparisons"
        " where weight = 'test' and is_independent",
    )
    assert found == expected
    (equations,) = query(
        built_project,
        "select count(distinct equation_id) from marts.fct_comparisons"
        " where weight = 'test' and is_independent",
    )
    assert int(str(equations[0])) >= 15


def test_the_ratio_of_the_default_report_is_disputed(built_project: Project) -> None:
    """The table of the bureau, which the report names, agrees; the one of the OECD does not."""
    assert query(
        built_project,
        "select verdict, weight, owner_kind from marts.fct_comparisons"
        " where report_id = 'kuaishou_2022' and figure_id = 'ch2_supply_chain_ratio'"
        " order by weight",
    ) == [("agrees", "source", "official"), ("differs", "test", "official")]


def worked_out(formula: str) -> Fraction:
    """A sum of printed numbers in exact fractions."""
    assert re.fullmatch(r"[0-9. +*/()-]+", formula), formula
    exact = re.sub(r"[0-9.]+", lambda number: f"Fraction('{number[0]}')", formula)
    return Fraction(eval(exact, {"Fraction": Fraction}))


@pytest.mark.parametrize(
    "row", [row for row in NUMBERS if row["by_hand"]], ids=lambda row: " ".join(row.values())
)
def test_arithmetic_holds_between_printed_numbers(row: Mapping[str, str]) -> None:
    """Within half a unit of the last digit."""
    half_unit = Fraction(1, 2 * 10 ** len(row["printed"].partition(".")[2]))
    assert abs(worked_out(row["by_hand"]) - Fraction(row["printed"])) <= half_unit


def test_what_follows_from_other_numbers_is_worked_out() -> None:
    for row in NUMBERS:
        if row["verification_status"] == "arithmetic":
            assert row["by_hand"], row
