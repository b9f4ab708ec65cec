"""Merchant microdata through `dbt build`: every input format, the quarantine, the threshold, the
units."""

from __future__ import annotations

import csv
import gzip
import hashlib
import re
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import PROJECT_DIR, Project

SHIPPED = PROJECT_DIR / "seeds" / "survey" / "merchant_sample.csv"
MERCHANTS = "select columns(* exclude file_number) from staging.stg_survey__merchants order by all"
# of a part of the project, with the tests that are about that part alone
BUILD = ["build", "--exclude-resource-type", "unit_test"]
TO_MERCHANTS = [*BUILD, "--exclude-resource-type", "test", "--select", "+stg_survey__merchants"]


def query(project: Project, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(project.database), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def tables(project: Project) -> set[str]:
    return {name for (name,) in query(project, "select table_name from information_schema.tables")}


def write_table(path: Path, rows: Sequence[dict[str, str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def shipped_rows() -> list[dict[str, str]]:
    with SHIPPED.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# The quarantine: `built_from_files` is built from two files with four bad lines, one waived


def test_rejected_lines_are_found_again_in_their_files(built_from_files: Project) -> None:
    first, second = (built_from_files.folder / name for name in ("m1.csv", "m2.csv.gz"))
    rejected = query(
        built_from_files,
        """
        select file, file_sha256, line, raw_text, rejected_column, reason_code, is_waived
        from audit.aud_rejected_rows
        order by file_number, line
        """,
    )
    lines = {
        "m1.csv": first.read_text(encoding="utf-8").splitlines(),
        "m2.csv.gz": gzip.decompress(second.read_bytes()).decode().splitlines(),
    }
    assert [(row[0], row[2], *row[4:]) for row in rejected] == [
        ("m1.csv", 4, "merchant_id", "duplicate_key", False),
        ("m1.csv", 6, "turnover_wan_yuan", "thousands_separator", False),
        ("m2.csv.gz", 8, "merchant_id", "duplicate_key", False),
        ("m2.csv.gz", 10, "provenance", "not_allowed", True),
    ]
    for file, sha256, line, raw_text, *_ in rejected:
        assert raw_text == lines[file][line - 1]
        path = built_from_files.folder / file
        assert sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_lines_are_accepted_or_rejected(built_from_files: Project) -> None:
    counts = query(
        built_from_files,
        """
        select file, file_bytes, lines, accepted_lines, rejected_lines, waived_lines
        from audit.aud_merchant_files
        order by file_number
        """,
    )
    sizes = [(built_from_files.folder / name).stat().st_size for name in ("m1.csv", "m2.csv.gz")]
    assert counts == [
        ("m1.csv", sizes[0], 1000, 998, 2, 0),
        ("m2.csv.gz", sizes[1], 1001, 999, 2, 1),
    ]
    shipped = {row["merchant_id"]: row for row in shipped_rows()}
    accepted = query(
        built_from_files,
        """
        select merchant_id, turnover_wan_yuan, headcount, survey_weight
        from staging.stg_survey__merchants
        """,
    )
    # the repeated merchant, and the two whose only line is bad
    assert len(accepted) == len(shipped) - 3
    for merchant, turnover, headcount, weight in accepted:
        row = shipped[merchant]
        assert (turnover, headcount, weight) == (
            Decimal(row["turnover_wan_yuan"]),
            int(row["headcount"]),
            Decimal(row["survey_weight"]),
        )


ABOUT_LINES = ("+int_fit__compared_merchants", "+aud_rejected_rows", "+aud_merchant_files")


def test_one_line_too_many_stops_what_follows(built_from_files: Project, tmp_path: Path) -> None:
    """A build and a run alike: a scheduler runs one model at a time, and no test in between."""
    stopped = built_from_files.copy(tmp_path)
    stopped.database.unlink()
    header, row, *_ = SHIPPED.read_text(encoding="utf-8").splitlines()
    row = row.replace(",other,", ",\x9b31m\u202e,")
    (stopped.folder / "a.csv").write_text(f"{header}\n{row}\n", encoding="utf-8")
    environment = {
        "PLATFORM_EMPLOYMENT_MERCHANTS": "[am]*.csv*",
        "PLATFORM_EMPLOYMENT_INPUTS": "inputs",
    }
    # the same variable as before: with another one dbt would parse everything again
    options = ("--select", *ABOUT_LINES, "--vars", "max_rejected_rows: 3")
    for command in (BUILD, ["run"]):
        result = stopped.dbt(*command, *options, **environment)
        assert result.returncode == 1
        assert re.search(
            "4 merchant lines are rejected and max_rejected_rows is 3: the first is a.csv, line 2, "
            r"column industry_code: kuaishou,.* 31m .*\[bad_code\]; dbt build lists all in "
            "audit.aud_rejected_rows; 1 waivers are of no file of this build: compare "
            "file_sha256\n",
            result.stdout,
        )
        assert "Traceback" not in result.stdout + result.stderr
        # what a line holds cannot steer a terminal
        assert not {"\x9b", "\u202e"} & set(result.stdout)
        assert len(query(stopped, "select * from audit.aud_rejected_rows")) == 5
        assert len(query(stopped, "select * from audit.aud_merchant_files")) == 3
        assert "int_fit__compared_merchants" not in tables(stopped)


@pytest.mark.slow
def test_without_a_merchant_nothing_is_estimated(project: Project) -> None:
    """However many lines may be rejected: the fit would fail with a traceback."""
    header, row, *_ = SHIPPED.read_text(encoding="utf-8").splitlines()
    bad = row.replace(",1,synthetic", ",0,synthetic")
    (project.folder / "m.csv").write_text(f"{header}\n{bad}\n", encoding="utf-8")
    selected = ["--select", "+int_fit__compared_merchants", "--vars", "max_rejected_rows: 5"]
    result = project.dbt(*BUILD, *selected, PLATFORM_EMPLOYMENT_MERCHANTS="m.csv")
    assert result.returncode == 1
    assert "every merchant line is rejected, so nothing can be estimated; " in result.stdout
    assert "int_fit__compared_merchants" not in tables(project)


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("max_rejected_rows", "'0 or 1 = 1'", "a whole number from 0 to "),
        # the same macro, and each of these parses the whole project
        pytest.param(
            *("max_merchants_in_memory", "1 or 1 = 1", "a whole number from 0 to "),
            marks=pytest.mark.slow,
        ),
        *(
            pytest.param("max_rejected_rows", text, "a whole number", marks=pytest.mark.slow)
            for text in ("-1", "true", "1.5", "5%", str(10**24))
        ),
    ],
)
def test_a_variable_is_of_its_type(project: Project, name: str, text: str, expected: str) -> None:
    """It goes into SQL."""
    result = project.dbt("parse", "--vars", f"{name}: {text}")
    assert result.returncode != 0
    assert f"{name} must be {expected}" in result.stdout


@pytest.mark.slow
def test_a_variable_that_the_project_does_not_have_stops_the_build(project: Project) -> None:
    result = project.dbt("build", "--vars", "max_rejected_row: 5")
    assert result.returncode != 0
    expected = (
        "unknown variable in --vars 'max_rejected_row'; did you mean 'max_rejected_rows'? "
        "Available: as_of, "
    )
    assert result.stdout.count(expected) == 1
    assert "Traceback" not in result.stdout + result.stderr
    assert tables(project) == set()


@pytest.mark.parametrize(
    ("name", "data", "line"),
    [
        pytest.param(
            "/etc/passwd",
            None,
            "'/etc/passwd': neither .csv nor .csv.gz nor .parquet",
            id="not_data",
        ),
        pytest.param(
            "m.csv",
            SHIPPED.read_text("utf-8").replace("apparel", "服装").encode("gbk"),
            "not UTF-8",
            id="gbk",
            marks=pytest.mark.slow,
        ),
    ],
)
def test_a_bad_file_stops_the_build_before_anything_is_loaded(
    project: Project, name: str, data: bytes | None, line: str
) -> None:
    if data:
        (project.folder / name).write_bytes(data)
    result = project.dbt("build", PLATFORM_EMPLOYMENT_MERCHANTS=name)
    assert result.returncode != 0
    assert result.stdout.count(line) == 1
    assert "Traceback" not in result.stdout + result.stderr
    assert tables(project) == set()


def test_a_measure_without_bands_stops_the_build(project: Project) -> None:
    """Nothing else would be compared."""
    shipped = project.folder / "seeds" / "survey" / "plausible_bands.csv"
    with shipped.open(encoding="utf-8") as file:
        bands = [row for row in csv.DictReader(file) if row["measure"] == "headcount"]
    write_table(shipped, bands)
    selected = ["--select", "plausible_bands", "--exclude", "references_are_known"]
    result = project.dbt(*BUILD, *selected)
    assert result.returncode == 1
    assert "productivity at quantile 0.10 has no band" in result.stdout
    assert "turnover at quantile 0.90 has no band" in result.stdout


# The other input formats


def typed_table(rows: Sequence[dict[str, str]]) -> pa.Table:
    """The rows as programs would write them: decimals and floats, of counts too, as
    pandas does where one is missing."""
    columns: dict[str, pa.Array] = {
        name: pa.array([row[name] for row in rows]) for name in reversed(list(rows[0]))
    }
    turnover = [Decimal(row["turnover_wan_yuan"]) for row in rows]
    columns["turnover_wan_yuan"] = pa.array(turnover, pa.decimal128(18, 4))
    columns["headcount"] = pa.array([float(row["headcount"]) for row in rows])
    columns["survey_weight"] = pa.array([float(row["survey_weight"]) for row in rows])
    return pa.table(columns)


def test_parquet_leads_to_the_same_merchants(project: Project, built_project: Project) -> None:
    rows = shipped_rows()
    # DuckDB would read the name of the folder as the column
    folder = project.folder / "headcount=5"
    folder.mkdir()
    pq.write_table(typed_table(rows[:1200]), folder / "a.parquet")
    bad = dict(rows[0], merchant_id="bad", survey_weight="nan")
    pq.write_table(typed_table([*rows[1200:], bad]), folder / "b.parquet")
    selected = ["+stg_survey__merchants", "+aud_rejected_rows"]
    result = project.dbt(*TO_MERCHANTS, *selected[1:], PLATFORM_EMPLOYMENT_MERCHANTS="*/*.parquet")
    assert result.returncode == 0, result.stdout
    assert query(project, MERCHANTS) == query(built_project, MERCHANTS)
    rejected = "select file, line, rejected_column, reason_code from audit.aud_rejected_rows"
    assert query(project, rejected) == [("b.parquet", 801, "survey_weight", "not_finite")]


def test_postgresql_leads_to_the_same_merchants(
    project: Project, built_project: Project, postgres_address: str
) -> None:
    rows = shipped_rows()
    columns = ", ".join(f"{name} text" for name in rows[0])
    with psycopg.connect(postgres_address, autocommit=True) as connection:
        connection.execute("drop table if exists public.merchants")
        connection.execute(f"create table public.merchants ({columns})".encode())
        with connection.cursor().copy("copy public.merchants from stdin (format csv)") as copy:
            copy.write(SHIPPED.read_bytes().partition(b"\n")[2])
    named = f"{postgres_address}&table=public.merchants"
    result = project.dbt(*TO_MERCHANTS, PLATFORM_EMPLOYMENT_MERCHANTS=named)
    assert result.returncode == 0, result.stdout
    assert query(project, MERCHANTS) == query(built_project, MERCHANTS)
    assert (project.folder / "target" / "merchants.csv").is_file()


# The units


def sample_times(factor: int, folder: Path) -> None:
    """Write the shipped sample with every turnover so many times as large."""
    rows = shipped_rows()
    for row in rows:
        row["turnover_wan_yuan"] = f"{Decimal(row['turnover_wan_yuan']) * factor:f}"
    small = [row for row in rows if Decimal(row["turnover_wan_yuan"]) < 10_000_000]
    write_table(folder / "survey" / "merchant_sample.csv", small)


@pytest.mark.slow
def test_yuan_for_wan_yuan_stops_the_build(project: Project) -> None:
    # DuckDB would read the name of the folder as the column
    inputs = "platform_id=lantern/inputs"
    sample_times(10_000, project.folder / inputs)
    selected = ["--select", "+int_survey__samples", "+aud_distribution_checks"]
    result = project.dbt(*BUILD, *selected, PLATFORM_EMPLOYMENT_INPUTS=inputs)
    assert result.returncode == 1
    assert "kuaishou synthetic_2021: turnover at quantile 0.50 is 4" in result.stdout
    assert "look for 元 instead of 万元" in result.stdout
    assert "int_survey__samples" not in tables(project)
    results = query(project, "select measure, result from audit.aud_distribution_checks")
    assert {result for measure, result in results if measure != "headcount"} == {"stop"}
    assert {result for measure, result in results if measure == "headcount"} == {"ok"}


def test_one_line_in_yuan_stops_the_build(project: Project) -> None:
    """It would pass every other quantile and halve the jobs."""
    rows = shipped_rows()
    row = next(row for row in rows if 100 < Decimal(row["turnover_wan_yuan"]) < 1000)
    row["turnover_wan_yuan"] = f"{Decimal(row['turnover_wan_yuan']) * 10_000:f}"
    write_table(project.folder / "inputs" / "survey" / "merchant_sample.csv", rows)
    selected = ["--select", "+int_survey__samples", "+aud_distribution_checks"]
    result = project.dbt(*BUILD, *selected, PLATFORM_EMPLOYMENT_INPUTS="inputs")
    assert result.returncode == 1
    assert re.search("productivity at quantile 1.00 is [1-9][0-9]{5}", result.stdout)
    assert "int_survey__samples" not in tables(project)
    results = query(project, "select measure, quantile, result from audit.aud_distribution_checks")
    assert {row for row in results if row[2] != "ok"} == {("productivity", 1, "stop")}


def test_a_milder_shift_against_the_release_before_is_a_warning_with_figures(
    project: Project, built_project: Project
) -> None:
    parquet = project.folder / "release" / "parquet"
    parquet.mkdir(parents=True)
    with duckdb.connect(str(built_project.database), read_only=True) as connection:
        connection.table("audit.aud_distribution_checks").write_parquet(
            str(parquet / "aud_distribution_checks.parquet")
        )
    sample_times(4, project.folder / "inputs")
    result = project.dbt(
        *BUILD,
        "--select",
        "+int_fit__compared_merchants",
        "+aud_distribution_checks",
        PLATFORM_EMPLOYMENT_INPUTS="inputs",
        PLATFORM_EMPLOYMENT_BASELINE_RELEASE="release",
    )
    assert result.returncode == 0, result.stdout
    assert "turnover at quantile 0.50 is 18" in result.stdout
    assert "times the 45.9727 of the release before" in result.stdout
    checks = query(
        project,
        """
        select measure, quantile, result, factor, previous_sample_id
        from audit.aud_distribution_checks
        """,
    )
    assert len(checks) == 10
    for measure, quantile, outcome, factor, previous in checks:
        expected = 1 if measure == "headcount" else 4
        assert abs(factor / expected - 1) < Decimal("0.013")  # one step of the histogram
        # the largest of a sample may vary tenfold
        assert outcome == ("ok" if expected == 1 or quantile == 1 else "warning")
        assert previous == "synthetic_2021"
