"""What sentences claim of ends, and that what is extrapolated is marked on every surface."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from conftest import Project

from platform_employment.cli import main
from platform_employment.site.engineers import TABLES, table_rows
from platform_employment.site.report import Reader
from platform_employment.site.rows import open_rows
from platform_employment.site.sentences import range_of
from platform_employment.site.writer import Writer

ENDS = re.compile(r"\b(?:at most|at least|between)\b|至多|至少|之间", re.IGNORECASE)
NUMBER = r"([\d.]+)"
SCALES = {"": 0, "万": 4, "亿": 8, "thousand": 3, "million": 6, "billion": 9}
# findings that are about growth or a difference, or name the input that they keep as it is
OTHER_FINDINGS = {
    "parts_add_up": r"differ by at most|最大差",
    "merchants_outgrow_gmv_year": r"active merchants were at least|活跃商户同比至少",
    "merchants_outgrow_gmv_quarter": r"active merchants were at least|活跃商户同比至少",
    "rounding_of_all_coefficients": r"With the mean turnover held|平均营业额不变时",
    "rounding_of_intercept": r"With the mean turnover held|平均营业额不变时",
    "rounding_of_turnover": r"With the mean turnover held|平均营业额不变时",
    "rounding_of_turnover_squared": r"With the mean turnover held|平均营业额不变时",
}


@pytest.fixture(scope="module")
def warehouse(built_project: Project) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(built_project.database), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def reader(built_project: Project) -> Iterator[Reader]:
    with open_rows(built_project.database) as rows:
        yield Reader(rows, {})


def found(warehouse: duckdb.DuckDBPyConnection, query: str) -> list[tuple[Any, ...]]:
    return warehouse.execute(query).fetchall()


def test_sentences_of_findings_have_the_ends_of_their_layer(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    rounding = {
        report: (low, high)
        for report, low, high in found(
            warehouse,
            "select report_id, low_wan, high_wan from marts.fct_uncertainty"
            " inner join marts.dim_reports using (estimate_key)"
            " inner join marts.dim_components using (component_key)"
            " where fct_uncertainty.layer = 'rounding' and parent_component_id is null",
        )
    }
    held = 0
    for report, name, zh, en in found(
        warehouse,
        "select report_id, finding_id, statement_zh, statement_en from audit.aud_method_findings",
    ):
        for text, scale in ((zh, 1), (en, 100)):
            if not ENDS.search(text):
                continue
            if pattern := OTHER_FINDINGS.get(name):
                assert re.search(pattern, text), (name, text)
                continue
            assert name == "rounding_of_inputs", (name, text)
            ends = re.search(rf"{NUMBER}(?: and |万至){NUMBER}", text)
            assert ends, text
            for printed, end in zip(ends.groups(), rounding[report], strict=True):
                half = Decimal(1).scaleb(int(Decimal(printed).as_tuple().exponent)) / 2
                assert abs(Decimal(printed) * scale - end) <= half * scale, (report, text)
            held += 1
    assert held > 10


def test_sentences_of_stages_do_not_reach_into_the_stage(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    highest = dict(
        found(
            warehouse,
            "select report_id, high from marts.fct_stages"
            " where stage = 'fte' and option_set = 'default' and part = '-'",
        )
    )
    held = 0
    for report, zh, en in found(
        warehouse, "select report_id, text_zh, text_en from marts.fct_stage_statements"
    ):
        for text, pattern, scale in (
            (zh, rf"{NUMBER}万中至少有{NUMBER}万不是全时当量", 1),
            (en, rf"at least {NUMBER} million of the {NUMBER} million", 100),
        ):
            if not ENDS.search(text):
                continue
            match = re.search(pattern, text)
            if match is None:  # money, not jobs
                assert re.search("yuan a year|元", text), text
                continue
            total, least = sorted(Decimal(number) * scale for number in match.groups())[::-1]
            assert least <= total - highest[report] + Decimal("0.5") * scale, (report, text)
            held += 1
    assert held >= 6


def test_sentences_of_stages_state_the_same_numbers_in_both_languages(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    """A Chinese text counts in 万 and 亿, an English one in thousands, millions and billions."""
    sentences = found(
        warehouse, "select report_id, text_zh, text_en from marts.fct_stage_statements"
    )
    for report, *texts in sentences:
        zh, en = (
            sorted(
                Decimal(number).scaleb(SCALES[word])
                for number, word in re.findall(
                    rf"(\d+(?:\.\d+)?) ?({'|'.join(filter(None, SCALES))}|)", text
                )
            )
            for text in texts
        )
        assert zh == en, (report, texts)
        assert not re.search(r"\d ?(?:百万|千)", texts[0]), (report, texts)
    assert len(sentences) > 20


def test_ranges_of_parts_are_the_widest_of_all_layers(
    warehouse: duckdb.DuckDBPyConnection, reader: Reader
) -> None:
    ends: dict[tuple[str, str], list[tuple[Any, ...]]] = {}
    for report, component, *row in found(
        warehouse,
        "select report_id, component_id, layer, low_wan * 10000, high_wan * 10000"
        " from marts.fct_uncertainty inner join marts.dim_reports using (estimate_key)"
        " where layer != 'coverage' and invalid_draws = 0",
    ):
        ends.setdefault((report, component), []).append(tuple(row))
    held = 0
    for report in reader.reports():
        for part in (*report.parts, report.total):
            known = ends.get((report.id, part.id), [])
            said = range_of(Writer("en", "index.html"), part)
            if part.low is None or part.high is None:
                assert said == "No margin of error is given."
                assert {layer for layer, *_ in known} <= {"rounding"}, (report.id, part.id)
                continue
            held += 1
            assert all(part.low.value is not None and part.low.value <= low for _, low, _ in known)
            if any(high is None for *_, high in known):
                assert "o upper end" in said
            else:
                assert part.high.value == max(high for *_, high in known)
    assert held > 5


def test_what_rests_on_another_period_is_extrapolated_in_every_mart(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    # an assumption with a period belongs to the windows of the reports on its platform
    ((wrong, right),) = found(
        warehouse,
        "select count(*) filter (inputs.is_of_window), count(*)"
        " from audit.aud_inputs as inputs"
        " inner join marts.dim_estimates as estimates using (estimate_key)"
        " where input_name in ('tier_creators', 'organisations')"
        " and not estimates.is_report_window",
    )
    assert wrong == 0
    assert right > 100
    # a step is marked when an input that it goes back to is of another period
    steps = found(
        warehouse,
        "select steps.estimate_key, step_id, is_extrapolated, rests_on, others.names"
        " from marts.fct_steps as steps inner join ("
        "   select estimate_key, list(distinct input_name) as names from audit.aud_inputs"
        "   where not is_of_window and central is not null group by estimate_key"
        " ) as others using (estimate_key) where not is_input",
    )
    assert len(steps) > 1000
    for key, step, is_extrapolated, rests_on, names in steps:
        is_of_other = bool(set(re.split(r"[ ,]+", rests_on or "")) & set(names))
        assert is_extrapolated >= is_of_other, (key, step)
    tables = found(
        warehouse,
        "select table_name, bool_or(column_name = 'is_extrapolated')"
        " from information_schema.columns where table_schema = 'marts'"
        " group by table_name having bool_or(column_name = 'estimate_key')",
    )
    for table, has_flag in tables:
        if not has_flag:  # the estimates of reports alone, in their own windows
            assert found(
                warehouse,
                f"select count(*) from marts.{table} inner join marts.dim_estimates as estimates"
                " using (estimate_key) where estimates.is_extrapolated",
            ) == [(0,)], table


def test_commands_and_pages_mark_what_is_extrapolated(
    built_project: Project, reader: Reader, capsys: pytest.CaptureFixture[str]
) -> None:
    place = ["--database", str(built_project.database)]
    for command in (["explain", "kuaishou/2024-12-31/report"], ["what-if"]):
        options = ["--window", "2024-12-31"] if command == ["what-if"] else []
        assert main([*command, *options, *place]) == 0
        assert "extrapolated: uses data of another reference period" in capsys.readouterr().out
    windows = next(page for page in TABLES if page.file == "windows.html")
    columns, rows = table_rows(Writer("en", "engineers/windows.html"), reader, windows)
    place_of = [label for label, _ in columns].index("Extrapolated")
    assert {row[place_of] for row in rows} == {"yes", "no"}
