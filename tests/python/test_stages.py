"""Stages of a headline: against a separate oracle, and what a net range is never called."""

from __future__ import annotations

import csv
import re

import duckdb
import pytest
from conftest import PROJECT_DIR, Project

from platform_employment.cli import main

FIXTURE = PROJECT_DIR / "tests/fixtures/stage_results.csv"
# the formulas of docs/explanation in Python, each part a product; nothing is read from the seeds
PARTS: dict[str, dict[str, float]] = {
    "kuaishou_2022": {"persons": 2000, "staff": 540, "shops": 372.9},
    "douyin_2020": {"persons": 2097, "staff": 1520},
    "taobao_2017": {"shops": 1405},
    "youtube_us_2024": {"staff": 490},
}
DEFAULTS: dict[str, tuple[float, float]] = {
    "inside_once_persons": (0.979, 1),
    "inside_once_staff": (0.985, 1),
    "one_platform": (0.5, 1),
    "person_fte": (0.0154, 0.45),
    "job_fte": (0.5, 1),
    "ratio": (1.365, 1.475),
    "kept_after_deadweight": (0.063, 0.77),
    "kept_after_displacement": (0.25, 0.75),
    "kept_attention": (0.25, 1),
    "domestic": (0.85, 1),
}
OF_REPORTS: dict[str, dict[str, tuple[float, float]]] = {
    "taobao_2017": {"ratio": (1.62, 1.62)},
    "youtube_us_2024": {
        "inside_once_staff": (1, 1),
        "one_platform": (1, 1),
        "job_fte": (1, 1),
        "kept_after_deadweight": (0, 1),
    },
}
OPTIONS = {
    "person_fte=day_and_hours": (0.0154, 0.1086),
    "person_fte=money_of_platform": (0, 0.039),
    "person_fte=days_and_pay": (0.11, 0.194),
    "person_fte=main_of_ever": (0.2, 0.2),
    "person_fte=occupation": (0.276, 0.334),
    "person_fte=rural_full_time": (0.45, 0.45),
    "one_platform=two_jobs": (0.724, 1),
    "kept_after_deadweight=no_second_job": (0.6, 0.65),
    "kept_after_deadweight=competitors_remain": (0, 0.276),
    "kept_after_deadweight=full_employment": (0, 0),
    "kept_after_displacement=goods_online": (0.4, 0.4),
}
FORBIDDEN = re.compile(
    r"net (estimate|jobs? of)|estimated net|net .{0,40}(mean|median|central|probab|confidence)"
    r"|创造了.{0,8}净岗位|净额(估计值|中值|均值)"
)


def oracle(report_id: str, option_set: str) -> dict[tuple[str, str], tuple[float, float]]:
    """Return low and high by stage and part, from the formulas written out."""
    inputs = DEFAULTS | OF_REPORTS.get(report_id, {})
    if option_set != "default":
        inputs[option_set.partition("=")[0]] = OPTIONS[option_set]
    found: dict[tuple[str, str], list[float]] = {}
    for end in (0, 1):
        x = {name: values[end] for name, values in inputs.items()}
        n = {"persons": 0.0, "staff": 0.0, "shops": 0.0} | PARTS[report_id]
        once = {
            "persons": n["persons"] * x["inside_once_persons"] * x["one_platform"],
            "staff": n["staff"] * x["inside_once_staff"] * x["one_platform"],
            "shops": n["shops"] * x["one_platform"],
        }
        fte = {
            "persons": once["persons"] * x["person_fte"],
            "staff": once["staff"] * x["job_fte"],
            "shops": once["shops"] * x["job_fte"],
        }
        net = {
            "persons": fte["persons"] * x["kept_after_deadweight"] * x["kept_attention"],
            "staff": fte["staff"] * x["kept_after_deadweight"] * x["kept_attention"],
            "shops": fte["shops"] * x["kept_after_deadweight"] * x["kept_after_displacement"],
        }
        for stage, parts in (("once", once), ("fte", fte), ("net", net)):
            # the multiplier comes after netting: suppliers follow what is left of the shops
            domestic = x["domestic"] if stage == "net" else 1
            parts["chain"] = parts["shops"] * x["ratio"] * domestic
            for part, number in {**parts, "-": sum(parts.values())}.items():
                found.setdefault((stage, part), []).append(number)
    return {key: (low, high) for key, (low, high) in found.items()}


def stages(project: Project) -> dict[tuple[str, str, str, str], tuple[float, float]]:
    """Return low and high by report, stage, option set and part."""
    with duckdb.connect(str(project.database), read_only=True) as connection:
        rows = connection.execute(
            "select report_id, stage, option_set, part, low::double, high::double"
            " from marts.fct_stages where low is not null"
        ).fetchall()
    return {row[:4]: row[4:] for row in rows}


def test_stages_equal_the_formulas_written_out(built_project: Project) -> None:
    """Of four reports, and of each other option of the report on Kuaishou."""
    found = stages(built_project)
    sets = {key[2] for key in found if key[0] == "kuaishou_2022"}
    assert sets == {"default", *OPTIONS}
    for report_id in PARTS:
        for option_set in sets if report_id == "kuaishou_2022" else {"default"}:
            for (stage, part), ends in oracle(report_id, option_set).items():
                key = (report_id, stage, option_set, part)
                if key in found:
                    assert found[key] == pytest.approx(ends, abs=1e-3), key
                else:
                    assert ends == (0, 0), key


def test_stages_equal_results_by_hand(built_project: Project) -> None:
    """The table of results was calculated outside this project, to a tenth."""
    found = stages(built_project)
    with FIXTURE.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 88
    for row in rows:
        key = (row["report_id"], row["stage"], row["option_set"], row["part"])
        by_hand = (float(row["low"]), float(row["high"]))
        assert found[key] == pytest.approx(by_hand, abs=0.1), key


def test_one_row_changes_the_displacement(built_project: Project) -> None:
    found = stages(built_project)
    goods_online = "kept_after_displacement=goods_online"
    assert found["kuaishou_2022", "net", goods_online, "-"][1] == pytest.approx(1393.1, abs=0.1)
    assert found["taobao_2017", "net", goods_online, "-"][1] == pytest.approx(1133.8, abs=0.1)


def test_every_report_has_stages_or_a_reason(built_project: Project) -> None:
    with duckdb.connect(str(built_project.database), read_only=True) as connection:
        rows = connection.execute(
            "select report_id, count(*) filter (low is not null), min(reason_en)"
            " from marts.fct_stages where option_set = 'default' and part = '-' group by report_id"
        ).fetchall()
    assert len(rows) == 21
    for report_id, known, reason in rows:
        assert (known, reason is None) in {(4, True), (1, False)}, report_id
    assert sum(known == 4 for _, known, _ in rows) == 14


def test_a_borrowed_share_shows_on_all_that_uses_it(built_project: Project) -> None:
    with duckdb.connect(str(built_project.database), read_only=True) as connection:
        rows = connection.execute(
            "select report_id, stage, provenances from marts.fct_stages"
            " where option_set = 'default' and part = '-' and stage in ('fte', 'net')"
            " and low is not null"
        ).fetchall()
        persons = {
            row[0]
            for row in connection.execute(
                "select report_id from staging.stg_report__stage_parts where part = 'persons'"
            ).fetchall()
        }
    assert persons == {"kuaishou_2022", "kuaishou_2024", "douyin_2020"}
    for report_id, _, provenances in rows:
        if report_id in persons:
            assert "borrowed" in provenances.split(", ")


def test_a_net_range_has_no_centre_and_no_jobs(
    built_project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    """No table of stages has a third number, and no page of a report calls net an estimate."""
    with duckdb.connect(str(built_project.database), read_only=True) as connection:
        tables = ("fct_stages", "fct_stage_drivers", "dim_stage_options", "fct_stage_statements")
        columns = connection.execute(
            "select table_name, column_name from information_schema.columns"
            f" where table_name in {tables}"
        ).fetchall()
        reports = [
            row[0]
            for row in connection.execute("select report_id from marts.dim_reports").fetchall()
        ]
        units = connection.execute(
            "select distinct unit from marts.fct_stages where stage = 'net'"
        ).fetchall()
    assert {table for table, _ in columns} == set(tables)
    odd = re.compile("central|centre|mean|median|probab|estimate$|middle")
    assert not [column for _, column in columns if odd.search(column)]
    assert all(unit.endswith("_fte") for (unit,) in units)
    for report_id in reports:
        for language in ("zh", "en"):
            place = ("--lang", language, "--database", str(built_project.database))
            assert main(["assess", report_id, "--page", *place]) == 0
            page = capsys.readouterr().out
            assert not FORBIDDEN.search(page), page
            if "1640万" in page or "16.4 million" in page:
                assert "无谓部分" in page or "deadweight" in page


def test_what_holds_anyway_comes_first(
    built_project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    """By hand: 3463 less 2363 is 1100; 2079 yuan are 47 percent of 4432."""
    assert (
        main(["assess", "kuaishou_2022", "--page", "--database", str(built_project.database)]) == 0
    )
    page = capsys.readouterr().out
    first = "Unless more than 45 percent of the 20 million earners worked full time, at least 11 "
    assert page.index(first) < page.index("Net scenario")
    assert "at most 2079 yuan a year, 47 percent" in page
    assert len(page.splitlines()) <= 70
