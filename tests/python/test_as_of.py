"""What was known on a day, and disclosures that restate or contradict each other."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import duckdb
import pytest
from conftest import PROJECT_DIR, Project

from platform_employment.dbt.build_inputs import BuildInputs
from platform_employment.errors import UserError
from platform_employment.validation.as_of import day_of
from platform_employment.validation.overrides import Key

SEEDS = PROJECT_DIR / "seeds"
GMV = "platform/gmv_disclosures"


def write(folder: Path, table: str, *rows: dict[str, str]) -> None:
    """Own rows, with all columns of the shipped table."""
    with (SEEDS / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    path = folder / "inputs" / f"{table}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def shipped_rows(table: str) -> list[dict[str, str]]:
    with (SEEDS / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def year(name: str, amount: str, half_width: str, **more: str) -> dict[str, str]:
    return {
        "platform_id": "kuaishou",
        "disclosure_id": name,
        "period_start": "2026-01-01",
        "period_end": "2026-12-31",
        "gmv_yi_yuan": amount,
        "half_width_yi_yuan": half_width,
        "confidence": "high",
        "printed": f"{amount}亿元",
        "place": "invented",
        "provenance": "published",
        "source_id": "kuaishou_2025q3_summary",
        "published_on": "2027-03-20",
        **more,
    }


def known(day: date, own: Path | None = None) -> dict[str, set[Key]]:
    """Keys by table of what a build of that day has."""
    tables = BuildInputs(SEEDS, own, as_of=day).tables.tables
    return {file: table.keys(table.schema.unique_key) for file, table in tables.items()}


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2022-03-01", date(2022, 3, 1)),
        ("2022-02", date(2022, 2, 28)),
        ("2024-02", date(2024, 2, 29)),
        ("2025", date(2025, 12, 31)),
    ],
)
def test_a_date_counts_from_its_last_day(text: str, day: date) -> None:
    assert day_of(text) == day


@pytest.mark.parametrize("text", ["", "2022-2", "2022-13", "2022-02-30", "spring 2022", "22"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"|month|day"):
        day_of(text)


def test_a_source_counts_from_its_date_and_with_it_what_cites_it() -> None:
    before, after = known(date(2022, 2, 27)), known(date(2022, 2, 28))
    assert ("ruc_2022",) not in before["reference/sources.csv"]
    assert ("ruc_2022",) in after["reference/sources.csv"]
    disclosed = {("kuaishou_2020q4",), ("kuaishou_2021_9m",)}
    assert after[f"{GMV}.csv"] - before[f"{GMV}.csv"] == disclosed
    assert ("kuaishou", "report") not in before["reference/scenarios.csv"]
    figures = {key for key in after["report/figure_ledger.csv"] if key[0] == "kuaishou_2022"}
    assert figures
    assert not figures & before["report/figure_ledger.csv"]


def test_a_table_counts_from_its_date_or_two_years_after_its_own() -> None:
    totals = "economy/input_output_totals.csv"
    before, after = known(date(2019, 9, 29)), known(date(2019, 9, 30))
    of_2017 = {(2017, origin) for origin in ("total", "domestic", "imported")}
    assert after[totals] - before[totals] == of_2017
    flows = {key[0] for key in after["economy/input_output_flows.csv"]}
    assert flows == {"china_2017_42"}
    assert not before["economy/input_output_flows.csv"]
    assert (2018, "total") not in known(date(2020, 12, 30))[totals]
    assert (2018, "total") in known(date(2020, 12, 31))[totals]


def test_an_option_goes_with_its_table_and_a_scenario_with_its_option() -> None:
    options, scenarios = "method/choices.csv", "reference/scenarios.csv"
    before, after = known(date(2022, 12, 30)), known(date(2022, 12, 31))
    assert after[options] - before[options] == {("ruc_2022", "table", "2020")}
    # the source of the scenario on YouTube is dated 2022, which counts as its last day
    assert after[scenarios] - before[scenarios] == {
        ("kuaishou", "input_output_2020"),
        ("youtube_us", "report"),
    }


@pytest.mark.parametrize(
    ("day", "methods"),
    [
        (date(2015, 1, 1), set()),
        (date(2019, 6, 30), {"direct_and_ratio"}),
        (date(2022, 3, 1), {"direct_and_ratio", "ruc_2022"}),
    ],
)
def test_a_method_is_not_known_before_the_options_of_its_report(
    day: date, methods: set[str]
) -> None:
    """Else its decisions would have no option for what a scenario does not name."""
    assert BuildInputs(SEEDS, as_of=day).findings() == []
    assert {key[0] for key in known(day)["method/choices.csv"]} == methods


def test_all_that_ships_is_known_today() -> None:
    assert known(date(2100, 1, 1)) == {
        file: table.keys(table.schema.unique_key)
        for file, table in BuildInputs(SEEDS).tables.tables.items()
    }


def test_a_restatement_counts_from_its_own_date(tmp_path: Path) -> None:
    write(
        tmp_path,
        GMV,
        year("first", "9000", "0.5"),
        year("restated", "9100", "0.5", supersedes="first", published_on="2027-08-20"),
    )
    own = tmp_path / "inputs"
    table = f"{GMV}.csv"
    assert ("first",) in known(date(2027, 8, 19), own)[table]
    assert ("restated",) not in known(date(2027, 8, 19), own)[table]
    assert ("restated",) in known(date(2027, 8, 20), own)[table]


def test_a_source_with_another_date_is_told_with_its_line(tmp_path: Path) -> None:
    source = {
        "source_id": "mine",
        "title_zh": "虚构",
        "title_en": "invented",
        "publisher": "nobody",
        "published_on": "spring 2022",
        "kind": "own_draft",
    }
    write(tmp_path, "reference/sources", source)
    inputs = BuildInputs(SEEDS, tmp_path / "inputs", as_of=date(2022, 3, 1))
    with pytest.raises(UserError, match=r"sources\.csv, line 2, column published_on: 'spring"):
        _ = inputs.tables


@pytest.mark.parametrize(
    ("selection", "expected", "sql"),
    [
        (
            (
                "--select",
                "+fct_gmv_windows",
                "+dim_reports",
                "--exclude-resource-type",
                "unit_test",
            ),
            "2021-09-30",
            "select max(window_end)::varchar from marts.fct_gmv_windows",
        ),
        pytest.param(
            (),
            "2021-09-30 3463",
            """
            select
                (
                    select max(window_end)::varchar from marts.fct_jobs
                    where platform_id = 'kuaishou'
                ) || ' ' || (select round(sum(jobs_wan))::int from marts.headline)
            """,
            marks=pytest.mark.slow,
        ),
    ],
)
def test_a_build_has_what_was_known_that_day(
    project: Project, selection: tuple[str, ...], expected: str, sql: str
) -> None:
    """In March 2022 the report was a month old, the results of 2021 not yet out."""
    result = project.dbt("build", "--vars", "as_of: 2022-03-01", *selection)
    assert result.returncode == 0, result.stdout
    (line,) = [text for text in result.stdout.splitlines() if "scenarios.csv is without" in text]
    assert "as of 2022-03-01: reference/scenarios.csv is without " in line
    assert "kuaishou input_output_2020, kuaishou report_2024" in line
    with duckdb.connect(str(project.database), read_only=True) as connection:
        found, reports = connection.execute(
            f"""
            select
                ({sql}),
                (select string_agg(report_id, ' ' order by report_id) from marts.dim_reports)
            """
        ).fetchall()[0]
    assert found == expected
    dates = {row["source_id"]: row["published_on"] for row in shipped_rows("reference/sources")}
    day = date(2022, 3, 1)
    source_of = {
        (row["platform_id"], row["scenario_id"]): row["source_id"]
        for row in shipped_rows("reference/scenarios")
    }
    known_sources = {source for source, text in dates.items() if not text or day_of(text) <= day}
    assert reports.split() == sorted(
        row["report_id"]
        for row in shipped_rows("report/reports")
        if date.fromisoformat(row["window_end"]) <= day
        and {row["source_id"], source_of[row["platform_id"], row["scenario_id"]]} <= known_sources
    )


SELECTED = (
    *("build", "--exclude-resource-type", "unit_test"),
    *("--select", "+fct_gmv_windows", "aud_gmv_reconciliation"),
)


def told_by(project: Project) -> tuple[int, list[str], str]:
    """Exit code of a build of GMV, what its test of disclosures tells, all that is printed."""
    result = project.dbt(*SELECTED, PLATFORM_EMPLOYMENT_INPUTS="inputs")
    lines = [line for line in result.stdout.splitlines() if "FAIL disclosures_agree: " in line]
    return result.returncode, lines, result.stdout


@pytest.mark.slow
def test_disclosures_of_one_period_that_contradict_each_other_stop_the_build(
    project: Project,
) -> None:
    """Both rows are named with file and line; one that supersedes the other settles it."""
    rows = year("one", "9000", "0.5"), year("other", "1000", "1")
    write(project.folder, GMV, *rows)
    code, told, printed = told_by(project)
    assert code == 1
    for line, name in ((2, "one"), (3, "other")):
        place = f"inputs/platform/gmv_disclosures.csv line {line}: kuaishou {name}: disclosed are "
        assert sum(place in text for text in told) == 1
    assert len(told) == 2
    assert "name that in its column supersedes" in told[0]
    assert "SKIP relation intermediate.int_gmv__quarters" in printed

    write(project.folder, GMV, rows[0] | {"supersedes": "other"}, rows[1])
    code, told, printed = told_by(project)
    assert (code, told) == (0, []), printed
    with duckdb.connect(str(project.database), read_only=True) as connection:
        restated = connection.execute(
            "select disclosure_id, formula, difference_yi_yuan"
            " from audit.aud_gmv_reconciliation where is_superseded"
        ).fetchall()
        gmv = connection.execute(
            "select gmv_yi_yuan from marts.fct_gmv_windows where window_end = '2026-12-31'"
        ).fetchall()
    assert restated == [("other", "+one", 8000)]
    assert gmv == [(9000,)]


def test_a_quarter_disclosed_twice_contradicts_the_other_and_its_year(project: Project) -> None:
    """It was decided by the spelling of an id."""
    quarter = {"period_start": "2024-10-01", "period_end": "2024-12-31"}
    write(project.folder, GMV, year("a_quarter", "4580", "0.5", **quarter))
    code, told, _ = told_by(project)
    assert code == 1
    named = {
        name: [line for line in told if f"kuaishou {name}: " in line]
        for name in ("a_quarter", "kuaishou_2024q4", "kuaishou_2024fy")
    }
    assert "+kuaishou_2024q4 gives 4621" in named["a_quarter"][0]
    assert "+a_quarter gives 4580" in named["kuaishou_2024q4"][0]
    assert named["kuaishou_2024fy"]
