"""Invariants of the figure ledger and the exhibit list that need nothing but the two seeds.

What is said of sections, exhibits and the arithmetic of the chain is about the 2022 report alone.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

REPORT_SEEDS = Path(__file__).parents[2] / "seeds" / "report"
LEDGER = REPORT_SEEDS / "figure_ledger.csv"
EXHIBITS = REPORT_SEEDS / "exhibits.csv"
REPORT = "kuaishou_2022"

LEDGER_HEADER = [
    "report_id", "figure_id", "chapter", "section", "location", "topic", "subject_zh",
    "subject_en", "value", "value_upper", "printed", "comparator", "unit", "threshold",
    "threshold_unit", "period", "place", "state", "restates_figure_id", "equation_id",
    "checkable", "role",
    "mechanism_level", "provenance", "source_id", "quotation", "note",
]  # fmt: skip
EXHIBITS_HEADER = [
    "report_id", "exhibit_id", "kind", "number", "title_zh", "title_en", "chapter", "section",
    "disclosure", "disclosed_figure_ids", "not_disclosed_zh", "not_disclosed_en", "provenance",
    "source_id",
]  # fmt: skip

# units of things that come one by one: their values are whole and not negative
COUNTING_UNITS = {
    "brands", "count", "courses", "degree", "firms", "households", "jobs", "occupations",
    "persons", "persons_per_year", "places", "products", "products_per_day", "rank",
    "sessions", "sites", "times_per_day",
}  # fmt: skip
MEASURING_UNITS = {
    "head_per_person", "hour_of_day", "hours", "jin", "kilometres", "metres", "mu", "per_person",
    "per_wan_yuan_person", "percent", "ratio", "units_of_output", "wan_comments_per_day",
    "wan_followers", "wan_jobs", "wan_orders", "wan_persons", "wan_persons_per_year",
    "wan_square_metres", "wan_views", "wan_yi_usd", "wan_yuan", "wan_yuan_per_person",
    "wan_yuan_per_year", "years", "years_of_age", "yi_persons", "yi_users", "yi_yuan", "yuan",
    "yuan_per_mu",
}  # fmt: skip

LEDGER_VOCABULARY = {
    "chapter": {"0", "1", "2", "3"},
    "location": {"abstract", "text", "table 2.2", "equation 2.1", "equation 2.2"},
    "topic": {
        "brands", "business_structure", "cattle", "clothing", "creators", "digital_economy",
        "disability", "employment_system", "gmv", "jade", "jobs_estimate", "livestream_cluster",
        "new_occupations", "orchard", "productivity_model", "recruitment", "regional_gap",
        "revenue_shares", "service_providers", "supply_chain", "users", "value_mechanism",
        "village",
    },
    "comparator": {"equal", "about", "over", "at_least", "up_to"},
    "unit": COUNTING_UNITS | MEASURING_UNITS,
    "role": {"input", "parameter", "result", "evidence"},
    "provenance": {"published"},
    "source_id": {"ruc_2022"},
}  # fmt: skip
EXHIBITS_VOCABULARY = {
    "kind": {"figure", "table", "equation"},
    "chapter": {"1", "2", "3"},
    "disclosure": {"full", "partial", "not_disclosed"},
    "provenance": {"published"},
    "source_id": {"ruc_2022"},
}

EXHIBIT_IDS = [
    "figure_1_1", "figure_2_1", "table_2_1", "figure_2_2", "equation_2_1", "equation_2_2",
    "table_2_2", "figure_2_3", "figure_3_1", "figure_3_2", "figure_3_3", "figure_3_4",
]  # fmt: skip

# figure_id -> value, comparator, unit, role
CHAIN = {
    "ch2_gmv_2021_9m": ("4397", "equal", "yi_yuan", "input"),
    "ch2_gmv_2020q4": ("1771", "equal", "yi_yuan", "input"),
    "ch2_gmv_trailing_four_quarters": ("6168", "equal", "yi_yuan", "result"),
    "table_2_2_beta_0": ("7.823", "equal", "wan_yuan_per_person", "parameter"),
    "table_2_2_beta_1": ("0.059", "equal", "per_person", "parameter"),
    "table_2_2_beta_2": ("-0.0000024", "equal", "per_wan_yuan_person", "parameter"),
    "table_2_2_merchant_jobs": ("372.9", "equal", "wan_jobs", "result"),
    "ch2_supply_chain_ratio": ("1.475", "equal", "ratio", "parameter"),
    "ch2_e_commerce_jobs": ("922.9", "equal", "wan_jobs", "result"),
    "ch2_e_commerce_jobs_rounded": ("923", "equal", "wan_jobs", "result"),
    "ch2_content_jobs": ("540", "equal", "wan_persons", "result"),
    "ch2_ecosystem_jobs": ("1463", "equal", "wan_jobs", "result"),
    "ch2_direct_jobs": ("2000", "equal", "wan_jobs", "result"),
    "ch2_creators_with_income": ("2000", "over", "wan_persons", "input"),
    "ch2_team_share": ("4", "equal", "percent", "input"),
    "ch2_total_jobs": ("3463", "equal", "wan_jobs", "result"),
    "ch2_service_providers": ("400", "over", "firms", "evidence"),
    "abstract_total_jobs": ("3463", "equal", "wan_jobs", "result"),
}

ID_PREFIXES = {
    "0": ("abstract_",),
    "1": ("ch1_",),
    "2": ("ch2_", "table_2_", "equation_2_"),
    "3": ("ch3_",),
}
LEVEL_OF_SECTION = {"3.1": "individual", "3.2": "industry", "3.3": "region"}

# how the report writes small numbers, ranks and round sums in words
NUMBER_WORDS = {
    "0": ["零"], "1": ["一", "首", "最", "每晚", "每天", "万计"], "2": ["二", "两", "双"],
    "3": ["三"], "4": ["四"], "5": ["五"], "6": ["六"], "7": ["七"], "10": ["十"],
    "100": ["百"], "1000": ["千"], "19.5": ["七点半"],
}  # fmt: skip
LONGEST_QUOTATION = 40

SNAKE_CASE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
PLAIN_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
SECTION = re.compile(r"[0-9](\.[1-9])*")
MOMENT = r"[0-9]{4}(Q[1-4]|-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?"
PERIOD = re.compile(rf"({MOMENT}(/({MOMENT}|\.\.))?)?")
CHINESE = re.compile(r"[\u4e00-\u9fff]")

Row = dict[str, str]


def read_seed(path: Path, header: list[str]) -> list[Row]:
    """Rows of a seed whose header must be exactly `header`."""
    reader = csv.reader(io.StringIO(path.read_bytes().decode("utf-8"), newline=""), strict=True)
    assert next(reader) == header
    return [dict(zip(header, row, strict=True)) for row in reader]


def repeated(values: Iterable[object]) -> list[object]:
    return [value for value, count in Counter(values).items() if count > 1]


def section_key(row: Row) -> tuple[int, ...]:
    return tuple(int(part) for part in row["section"].split("."))


@pytest.fixture(scope="module")
def every_figure() -> list[Row]:
    return read_seed(LEDGER, LEDGER_HEADER)


@pytest.fixture(scope="module")
def ledger(every_figure: list[Row]) -> list[Row]:
    return [row for row in every_figure if row["report_id"] == REPORT]


@pytest.fixture(scope="module")
def figures(ledger: list[Row]) -> dict[str, Row]:
    return {row["figure_id"]: row for row in ledger}


@pytest.fixture(scope="module")
def exhibits() -> list[Row]:
    rows = read_seed(EXHIBITS, EXHIBITS_HEADER)
    return [row for row in rows if row["report_id"] == REPORT]


@pytest.mark.parametrize("path", [LEDGER, EXHIBITS], ids=lambda path: path.name)
def test_file_is_canonical_csv(path: Path) -> None:
    """LF, quotes only where needed, no padding, below the 1 MiB that dbt still hashes."""
    content = path.read_bytes()
    rows = list(csv.reader(io.StringIO(content.decode("utf-8"), newline=""), strict=True))
    canonical = io.StringIO()
    csv.writer(canonical, lineterminator="\n").writerows(rows)
    assert content == canonical.getvalue().encode("utf-8")
    assert [cell for row in rows for cell in row if cell != cell.strip()] == []
    assert len(content) < 2**20


def test_figure_ids_are_unique_and_named_by_chapter(ledger: list[Row]) -> None:
    assert repeated(row["figure_id"] for row in ledger) == []
    for row in ledger:
        assert SNAKE_CASE.fullmatch(row["figure_id"]), row["figure_id"]
        assert row["figure_id"].startswith(ID_PREFIXES[row["chapter"]]), row["figure_id"]


@pytest.mark.parametrize("column", ["subject_zh", "subject_en"])
def test_no_statement_is_entered_twice(ledger: list[Row], column: str) -> None:
    assert repeated(row[column] for row in ledger) == []


def test_quotations_hold_the_printed_value(every_figure: list[Row]) -> None:
    """In separate digits, not within a longer number, or in a word for it."""
    for row in every_figure:
        text = row["quotation"]
        if not text and row["report_id"] != REPORT:
            continue
        assert 0 < len(text) <= LONGEST_QUOTATION, row["figure_id"]
        for value in filter(None, (row["value"], row["value_upper"])):
            digits = re.search(rf"(?<![0-9.]){re.escape(value)}(?!\.?[0-9])", text)
            words = NUMBER_WORDS.get(value, [])
            assert digits or any(word in text for word in words), row["figure_id"]


def test_only_what_was_read_is_quoted(every_figure: list[Row]) -> None:
    """Of other reports only what a third hand tells of them is known."""
    quoted = {(r["report_id"], r["location"]) for r in every_figure if r["quotation"]}
    assert {place for place in quoted if place[0] != REPORT} == {("taobao_2017", "abstract")}


@pytest.mark.parametrize("column", sorted(LEDGER_VOCABULARY))
def test_ledger_vocabulary_is_controlled_and_in_use(ledger: list[Row], column: str) -> None:
    used = {row[column] for row in ledger}
    assert used <= LEDGER_VOCABULARY[column]
    # the report never says less than; every other code has at least one row
    assert LEDGER_VOCABULARY[column] - used <= {"at_least"}


def test_values_are_plain_exact_decimals(ledger: list[Row]) -> None:
    for row in ledger:
        values = [row["value"], row["value_upper"]] if row["value_upper"] else [row["value"]]
        for text in values:
            assert PLAIN_DECIMAL.fullmatch(text), row["figure_id"]
            if row["unit"] in COUNTING_UNITS:
                assert text.isdigit(), row["figure_id"]


def test_ranges_run_upwards(ledger: list[Row]) -> None:
    ranges = [row for row in ledger if row["value_upper"]]
    assert ranges
    for row in ranges:
        assert Decimal(row["value_upper"]) > Decimal(row["value"]), row["figure_id"]
        assert row["comparator"] == "equal", row["figure_id"]


def test_percentages_and_ranks_are_possible(ledger: list[Row]) -> None:
    for row in ledger:
        if row["unit"] == "percent" and "share" in row["figure_id"]:
            assert 0 < Decimal(row["value"]) <= 100, row["figure_id"]
        if row["unit"] == "rank":
            assert Decimal(row["value"]) >= 1, row["figure_id"]


def test_periods_are_iso_like(ledger: list[Row]) -> None:
    for row in ledger:
        assert PERIOD.fullmatch(row["period"]), row["figure_id"]
        start, _, end = row["period"].partition("/")
        if end not in {"", ".."}:
            assert start < end, row["figure_id"]


def test_rows_follow_the_report(ledger: list[Row]) -> None:
    for row in ledger:
        assert SECTION.fullmatch(row["section"]), row["figure_id"]
        assert row["section"].split(".")[0] == row["chapter"], row["figure_id"]
        assert (row["location"] == "abstract") == (row["chapter"] == "0"), row["figure_id"]
    keys = [section_key(row) for row in ledger]
    assert keys == sorted(keys)


def test_subjects_are_bilingual_and_notes_english(ledger: list[Row]) -> None:
    for row in ledger:
        assert CHINESE.search(row["subject_zh"]), row["figure_id"]
        assert row["subject_en"].isascii(), row["figure_id"]
        assert row["subject_en"], row["figure_id"]
        assert row["note"].isascii(), row["figure_id"]


def test_mechanism_level_belongs_to_chapter_3(ledger: list[Row]) -> None:
    for row in ledger:
        expected = LEVEL_OF_SECTION[row["section"][:3]] if row["chapter"] == "3" else ""
        assert row["mechanism_level"] == expected, row["figure_id"]


def test_restated_figures_exist_without_a_circle(figures: dict[str, Row]) -> None:
    for figure_id in figures:
        chain = [figure_id]
        while target := figures[chain[-1]]["restates_figure_id"]:
            assert target in figures, figure_id
            assert target not in chain, figure_id
            chain.append(target)


def test_restated_figures_agree(ledger: list[Row], figures: dict[str, Row]) -> None:
    """A restatement repeats value, unit and role; a note owns up to rounding or a new unit."""
    restatements = [row for row in ledger if row["restates_figure_id"]]
    assert restatements
    for row in restatements:
        target = figures[row["restates_figure_id"]]
        if row["value"] != target["value"]:
            value = Decimal(row["value"])
            rounded = Decimal(target["value"]).quantize(value, ROUND_HALF_UP)
            assert value == rounded, row["figure_id"]
            assert "Rounding" in row["note"], row["figure_id"]
        if row["unit"] != target["unit"]:
            assert "Unit differs" in row["note"], row["figure_id"]
        assert row["role"] == target["role"], row["figure_id"]
        assert row["comparator"] == target["comparator"], row["figure_id"]
        assert row["value_upper"] == target["value_upper"], row["figure_id"]


@pytest.mark.parametrize("figure_id", CHAIN)
def test_figure_of_the_chain_is_present(figures: dict[str, Row], figure_id: str) -> None:
    row = figures[figure_id]
    assert (row["value"], row["comparator"], row["unit"], row["role"]) == CHAIN[figure_id]


def test_only_the_calculation_has_inputs_parameters_and_results(ledger: list[Row]) -> None:
    """Every row that is not evidence is a figure of the chain or restates one of them."""
    for row in ledger:
        if row["role"] != "evidence":
            assert row["figure_id"] in CHAIN or row["restates_figure_id"], row["figure_id"]


def test_arithmetic_of_the_report_holds(figures: dict[str, Row]) -> None:
    value = {figure_id: Decimal(figures[figure_id]["value"]) for figure_id in CHAIN}
    assert (
        value["ch2_gmv_2020q4"] + value["ch2_gmv_2021_9m"]
        == value["ch2_gmv_trailing_four_quarters"]
    )
    e_commerce = value["table_2_2_merchant_jobs"] * (1 + value["ch2_supply_chain_ratio"])
    assert e_commerce.quantize(Decimal("0.1"), ROUND_HALF_UP) == value["ch2_e_commerce_jobs"]
    assert (
        value["ch2_content_jobs"] + value["ch2_e_commerce_jobs_rounded"]
        == value["ch2_ecosystem_jobs"]
    )
    assert value["ch2_direct_jobs"] + value["ch2_ecosystem_jobs"] == value["ch2_total_jobs"]


def test_exhibits_are_complete_and_in_report_order(exhibits: list[Row]) -> None:
    assert [row["exhibit_id"] for row in exhibits] == EXHIBIT_IDS
    for row in exhibits:
        assert row["exhibit_id"] == f"{row['kind']}_{row['number'].replace('.', '_')}"
        assert row["number"].split(".")[0] == row["section"].split(".")[0] == row["chapter"]
    keys = [section_key(row) for row in exhibits]
    assert keys == sorted(keys)


@pytest.mark.parametrize("column", sorted(EXHIBITS_VOCABULARY))
def test_exhibit_vocabulary_is_controlled_and_in_use(exhibits: list[Row], column: str) -> None:
    assert {row[column] for row in exhibits} == EXHIBITS_VOCABULARY[column]


def test_exhibits_point_into_the_ledger(exhibits: list[Row], figures: dict[str, Row]) -> None:
    for row in exhibits:
        disclosed = row["disclosed_figure_ids"].split(" ") if row["disclosed_figure_ids"] else []
        assert repeated(disclosed) == [], row["exhibit_id"]
        for figure_id in disclosed:
            assert figures[figure_id]["chapter"] == row["chapter"], row["exhibit_id"]
        if row["kind"] == "table" and row["disclosure"] == "full":
            assert disclosed, row["exhibit_id"]
        if row["disclosure"] == "not_disclosed":
            assert disclosed == [], row["exhibit_id"]


def test_exhibits_say_what_is_missing(exhibits: list[Row]) -> None:
    for row in exhibits:
        is_full = row["disclosure"] == "full"
        assert (row["not_disclosed_zh"] == "") == is_full, row["exhibit_id"]
        assert (row["not_disclosed_en"] == "") == is_full, row["exhibit_id"]
        assert row["title_zh"], row["exhibit_id"]
        assert row["title_en"].isascii(), row["exhibit_id"]


def test_ledger_locations_are_exhibits(ledger: list[Row]) -> None:
    locations = {row["location"].replace(" ", "_").replace(".", "_") for row in ledger}
    assert locations - {"abstract", "text"} <= set(EXHIBIT_IDS)
