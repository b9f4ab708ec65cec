"""The assessment of a report: what the tables state of it, and questions that it answers."""

from __future__ import annotations

import csv
import json

import duckdb
import pytest
from conftest import PROJECT_DIR, Project

from platform_employment.cli import main

REPORT = "taobao_2017"
with (PROJECT_DIR / "tests/fixtures/sheet_questions.csv").open(encoding="utf-8") as fixture:
    QUESTIONS = list(csv.DictReader(fixture))
with (PROJECT_DIR / "seeds/report/reports.csv").open(encoding="utf-8") as seed:
    REPORTS = [row["report_id"] for row in csv.DictReader(seed)]
# a page of paper holds some 70 lines
MAX_LINES = 70


@pytest.fixture
def printed(built_project: Project, capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """The sheet of the report on Taobao of 2017: text by heading."""
    assert main(["assess", REPORT, "--database", str(built_project.database)]) == 0
    parts = capsys.readouterr().out.split("\n\n")
    return {part.partition("\n")[0].partition(". ")[2]: part for part in parts[1:]}


@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda row: row["question"])
def test_a_reader_of_the_sheet_alone_answers(
    printed: dict[str, str], asked: dict[str, str]
) -> None:
    assert asked["answer"] in printed[asked["section"]]
    page = (PROJECT_DIR / "docs/explanation/verification.md").read_text(encoding="utf-8")
    assert f"| {asked['question']} | {asked['answer']} | {asked['section']} |" in page


@pytest.mark.parametrize("report_id", REPORTS)
def test_the_sheet_has_all_that_is_calculated(
    built_project: Project, capsys: pytest.CaptureFixture[str], report_id: str
) -> None:
    place = ("--database", str(built_project.database))
    assert main(["assess", report_id, "--json", *place]) == 0
    lines = json.loads(capsys.readouterr().out)
    where = {
        "corroborated": "arithmetic",
        "disputed": "arithmetic",
        "consistent": "arithmetic",
        "arithmetic": "arithmetic",
        "circular": "circular",
        "assumed": "circular",
        "contradicted": "contradicted",
    }
    with duckdb.connect(str(built_project.database), read_only=True) as connection:
        numbers = connection.execute(
            "select subject_en, subject_zh, verification_status"
            " from audit.aud_figure_reconciliation"
            " where report_id = ? and figure_id = number_id and relation is not null",
            [report_id],
        ).fetchall()
    for subject_en, subject_zh, status in numbers:
        if status in where:
            told = [line for line in lines if line["name"] == where[status]]
            assert any(line["line_en"].startswith(f"{subject_en}: ") for line in told), subject_en
            assert any(line["line_zh"].startswith(f"{subject_zh}：") for line in told), subject_zh
    assert "26 questions asked, " in "".join(line["line_en"] for line in lines)
    for language in ("zh", "en"):
        assert main(["assess", report_id, "--lang", language, *place]) == 0
        assert len(capsys.readouterr().out.splitlines()) <= MAX_LINES


@pytest.mark.parametrize(
    ("report_id", "line"),
    [
        # 1420 times ten thousand
        ("pinduoduo_2024", "Merchants: 1420 万户商家, 14.2 million merchants"),
        ("wechat_2020", "Jobs of mini-programs: over 780 万, 7.8 million jobs"),
    ],
)
def test_large_amounts_are_told_in_millions(
    built_project: Project, capsys: pytest.CaptureFixture[str], report_id: str, line: str
) -> None:
    assert main(["assess", report_id, "--database", str(built_project.database)]) == 0
    assert f"  - {line}\n" in capsys.readouterr().out


def test_a_printed_growth_may_be_of_totals_before_rounding(
    built_project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    """By hand: 3684 and 2963 are whole numbers, each half a unit wide."""
    ends = [100 * ((3684 + half) / (2963 - half) - 1) for half in (-0.5, 0.5)]
    told = f"totals before rounding may give {ends[0]:.2f} to {ends[1]:.2f}"
    assert main(["assess", "wechat_2020", "--database", str(built_project.database)]) == 0
    assert told in capsys.readouterr().out


def test_a_sheet_of_no_report_is_refused(
    built_project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["assess", "taobao_2071", "--database", str(built_project.database)]) == 2
    assert "unknown report 'taobao_2071'; did you mean 'taobao_20" in capsys.readouterr().err


def test_the_key_of_an_estimate_names_its_report(
    built_project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["--database", str(built_project.database)]
    said = []
    for name in ("taobao_2017", "taobao/2017-12-31/report"):
        assert main(["assess", name, *where]) == 0
        said.append(capsys.readouterr().out)
    assert said[0] == said[1]
    assert main(["assess", "kuaishou/2021-09-30/bottom_up", *where]) == 2
    error = capsys.readouterr().err
    assert "no report has the estimate 'kuaishou/2021-09-30/bottom_up'" in error
    assert "run `explain kuaishou/2021-09-30/bottom_up` for its calculation" in error


def test_benchmarks_have_their_definition(built_project: Project) -> None:
    """By hand: 3462.9275 万 jobs on 6168 亿元, and for 5.729 亿 users."""
    with duckdb.connect(str(built_project.database), read_only=True) as connection:
        rows = connection.execute(
            "select report_id, benchmark_id, value::double from marts.fct_benchmarks"
        ).fetchall()
    found = {row[:2]: row[2] for row in rows}
    per_gmv, per_user = (found["kuaishou_2022", f"jobs_per_{what}"] for what in ("gmv", "user"))
    assert per_gmv == pytest.approx(10_000 * 3462.9275 / 6168, abs=1e-3)
    assert per_user == pytest.approx(3462.9275 / 5.729, abs=1e-3)
    assert ("douyin_2020", "jobs_per_gmv") not in found
    # streamers stand next to reports on short video, and to no report abroad
    assert found["douyin_2024", "professional_streamers"] == 1508
    assert ("wechat_2021", "professional_streamers") not in found
    assert ("youtube_us_2022", "digital_net_per_year") not in found


def test_every_report_is_asked_every_question(built_project: Project) -> None:
    """Of a report whose full text was read at most 40 percent is not found."""
    with duckdb.connect(str(built_project.database), read_only=True) as connection:
        rows = connection.execute(
            "select report_id, what_was_read, count(*), count(*) filter (answer = 'not_found'),"
            " count(*) filter (answer = 'unanswered') from marts.fct_report_answers"
            " group by all"
        ).fetchall()
    asked: dict[str, list[int]] = {}
    for report_id, _, *counts in rows:
        known = asked.setdefault(report_id, [0, 0, 0])
        asked[report_id] = [one + other for one, other in zip(known, counts, strict=True)]
    assert sorted(asked) == sorted(REPORTS)
    assert {counts[0] for counts in asked.values()} == {26}
    assert not any(counts[2] for counts in asked.values())
    whole = {report_id for report_id, read, *_ in rows if read == "full_text"}
    assert whole == {"kuaishou_2022"}
    assert all(asked[report_id][1] <= 0.4 * 26 for report_id in whole)


def test_answers_are_printed_with_their_place(
    built_project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    place = ("--database", str(built_project.database))
    assert main(["assess", "douyin_2020", "--answers", *place]) == 0
    printed = capsys.readouterr().out
    assert "\nattribution: Is only the part due to the platform counted?\n  no: " in printed
    assert "\n  http://lu-xu.com/yule/3160803.html" in printed
    assert printed.count("\n  searched: ") == 18
    assert main(["assess", "douyin_2020", "--answers", "--json", *place]) == 0
    assert len(json.loads(capsys.readouterr().out)) == 26
