"""What the evidence must show: sources, printed forms, two publishers, and stages at their ends."""

from __future__ import annotations

import csv
import re
from collections import Counter

import duckdb
import pytest
from conftest import PROJECT_DIR, Project

# pages where someone answers for the number: the publisher, a copy of its text, or named press
NAMED = (
    *("publisher", "publisher_mirror", "copy_of_report"),
    *("newspaper", "newspaper_mirror", "newspaper_repost", "trade_press"),
)


def query(project: Project, text: str) -> list[tuple[object, ...]]:
    """Return the rows of a query on the shared build."""
    with duckdb.connect(str(project.database), read_only=True) as connection:
        return connection.execute(text).fetchall()


def seed(name: str) -> list[dict[str, str]]:
    """Return the rows of a seed."""
    with (PROJECT_DIR / f"seeds/{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_page_has_one_id() -> None:
    """Files of one data package have one address and hashes that tell them apart."""
    pages = Counter(row["address"] for row in seed("reference/sources") if row["address"])
    package = "https://github.com/cran/ionet"
    assert {page: count for page, count in pages.items() if count > 1} == {package: 4}


def test_most_figures_of_other_reports_are_read_where_somebody_answers_for_them() -> None:
    kinds = {row["source_id"]: row["kind"] for row in seed("reference/sources")}
    others = [r for r in seed("report/figure_ledger") if r["report_id"] != "kuaishou_2022"]
    found = [row for row in others if row["state"] == "found" and kinds[row["source_id"]] in NAMED]
    # 50 of the 69 figures that were first compared with their pages, and that share of later ones
    assert len(found) * 69 >= 50 * len(others)
    weak = {kinds[row["source_id"]] for row in others if row["state"] == "found"}
    assert not weak & {"repost", "content_farm"}


def test_a_number_with_nothing_beside_it_says_who_could_check_it(built_project: Project) -> None:
    rows = query(
        built_project,
        """
        select figures.figure_id, figures.checkable
        from audit.aud_figure_reconciliation as figures
        where
            figures.report_id = 'kuaishou_2022' and figures.is_amount
            and figures.verification_status = 'unchecked'
            and figures.figure_id = figures.number_id
            and not exists (
                select 1 from marts.fct_comparisons as compared
                where
                    compared.report_id = figures.report_id
                    and compared.figure_id = figures.figure_id
            )
        """,
    )
    kinds = {"official_statistics", "company_filing", "local_press", "case_only"}
    known = [figure for figure, checkable in rows if checkable in kinds]
    assert 0 < len(known) <= 95
    assert [figure for figure, checkable in rows if checkable not in kinds] == []


def test_the_page_on_tables_has_both_publishers_as_built(built_project: Project) -> None:
    """Indirect over direct by type of multiplier, in the table of the page on multipliers."""
    numbers = {
        row[:4]: row[4:]
        for row in query(
            built_project,
            "select table_id, quantity, demand, sector_code,"
            " indirect_over_direct::double, indirect_over_direct_scaled::double"
            " from marts.fct_multipliers"
            " where multiplier_type = 'type_1' and import_convention = 'import_shares'",
        )
    }
    text = (PROJECT_DIR / "docs/explanation/multipliers.md").read_text(encoding="utf-8")
    told = re.findall(
        r"^\| (output|jobs) \| ([a-z ]+) \| ([0-9.]+)(?: \(([0-9.]+)\))?"
        r" \| ([0-9.]+)(?: \(([0-9.]+)\))? \|$",
        text,
        re.MULTILINE,
    )
    codes = {
        "all final use": ("all_final_use", "-", "-"),
        "exports": ("final_use", "EX", "EXPO"),
        "goods consumed": ("basket", "GOODS", "GOODS"),
        "trade": ("sector", "28", "26"),
    }
    assert {(quantity, name) for quantity, name, *_ in told} == {
        (quantity, name) for quantity in ("output", "jobs") for name in codes
    }
    for quantity, name, *found in told:
        demand, *sectors = codes[name]
        for table_id, sector, (one, scaled) in zip(
            ("china_2017_42", "oecd_2021_china_2017"),
            sectors,
            (found[:2], found[2:]),
            strict=True,
        ):
            plain, adjusted = numbers[table_id, quantity, demand, sector]
            assert f"{plain:.3f}" == one, (table_id, quantity, name)
            assert scaled == ("" if adjusted is None else f"{adjusted:.3f}")


def test_the_table_of_the_oecd_has_the_published_sums(built_project: Project) -> None:
    """The cells of 2017 add up to the sums that were read apart from them."""
    (cells,) = query(
        built_project,
        """
        select
            sum(amount) filter (used.sector_role = 'sector'),
            sum(amount) filter (
                used.sector_role not in ('sector', 'imports', 'output') and origin = 'total'
            ),
            sum(amount) filter (used.sector_role = 'imports')
        from (
            select *, value::double as amount from raw.input_output_flows
            where table_id = 'oecd_2021_china_2017'
        ) as flows
        inner join marts.dim_sectors as used
            on flows.table_id = used.table_id and flows.column_code = used.sector_code
        where flows.origin = 'total'
        """,
    )
    (sums,) = [
        row for row in seed("economy/second_publisher_totals") if row["table_year"] == "2017"
    ]
    by_hand = [float(sums[name]) for name in ("intermediate_use", "final_use", "imports")]
    assert [float(str(cell)) for cell in cells] == pytest.approx(by_hand, abs=1)


def test_without_a_deduction_the_stages_are_the_headline(built_project: Project) -> None:
    """Every factor but the printed ratio at one: the parts add up to the total as printed."""
    rows = query(
        built_project,
        """
        select
            parts.report_id,
            sum(parts.value * case parts.part when 'chain' then coalesce(ratio.high, 0) else 1 end),
            max(stages.low)
        from staging.stg_report__stage_parts as parts
        left join intermediate.int_stages__options as ratio
            on
                parts.report_id = ratio.report_id and ratio.input_name = 'ratio'
                and ratio.option_set = 'default'
        inner join marts.fct_stages as stages
            on parts.report_id = stages.report_id and stages.stage = 'gross'
        where parts.part != 'none'
        group by parts.report_id
        """,
    )
    assert len(rows) == 14
    for report_id, without, gross in rows:
        # half a unit of each printed part
        assert float(str(without)) == pytest.approx(float(str(gross)), abs=0.5), report_id


def test_suppliers_follow_what_is_left_of_the_shops() -> None:
    """The multiplier comes after netting: what is deducted from shops is deducted behind them."""
    factors: dict[str, set[tuple[str, str]]] = {}
    for row in seed("method/stage_factors"):
        factors.setdefault(row["part"], set()).add((row["stage"], row["input_name"]))
    assert factors["shops"] < factors["chain"]
    assert factors["chain"] - factors["shops"] == {("once", "ratio"), ("net", "domestic")}


def test_the_page_on_answers_has_their_counts(built_project: Project) -> None:
    """Reports by what of their text could be opened, and how many questions were not found."""
    rows = query(
        built_project,
        """
        select reports.text_read, reports.report_id, count(*) filter (answer = 'not_found')
        from marts.fct_report_answers as answers
        inner join marts.dim_reports as reports on answers.report_id = reports.report_id
        group by all
        order by min(reports.sort_order)
        """,
    )
    page = (PROJECT_DIR / "docs/explanation/verification.md").read_text(encoding="utf-8")
    for text_read in ("full_text", "part", "none"):
        names = {str(name) for kind, name, _ in rows if kind == text_read}
        counts = sorted({int(str(count)) for kind, _, count in rows if kind == text_read})
        told, numbers = re.findall(rf"^\| `{text_read}` \| (.*) \| (.*) \|$", page, re.MULTILINE)[0]
        assert set(re.findall("`([a-z0-9_]+)`", told)) == names or told == (
            f"the other {len(names)}"
        )
        assert numbers == " to ".join(map(str, dict.fromkeys((counts[0], counts[-1]))))
    answers = seed("report/audit_answers")
    assert all(row["searched_en"] for row in answers if row["answer"] == "not_found")


def test_of_a_report_that_can_be_read_most_questions_are_answered(built_project: Project) -> None:
    """At most 40 percent of the questions are not found in the text of reports read in full."""
    ((asked, missing),) = query(
        built_project,
        """
        select count(*), count(*) filter (answer = 'not_found')
        from marts.fct_report_answers
        where report_id in (select report_id from marts.dim_reports where text_read = 'full_text')
        """,
    )
    assert int(str(asked)) >= 26
    assert int(str(missing)) <= 0.4 * int(str(asked))


def test_the_page_on_sources_names_those_that_were_not_opened() -> None:
    """A page without a day of reading is named, and no other."""
    page = (PROJECT_DIR / "docs/explanation/verification.md").read_text(encoding="utf-8")
    (told,) = re.findall(r"were not found again:(.*?)\.", page, re.DOTALL)
    unread = {
        row["source_id"]
        for row in seed("reference/sources")
        if not row["read_on"] and row["kind"] not in {"project", "own_draft"}
    }
    assert set(re.findall("`([a-z0-9_]+)`", told)) == unread
    assert "Five pages" in page
    assert len(unread) == 5
