"""A folder of sums that another engine has made, instead of microdata."""

from __future__ import annotations

import hashlib
import math
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from conftest import PROJECT_DIR, Project, copy_project

from platform_employment.errors import UserError
from platform_employment.validation.sums import HASHES, TABLES, check_sums, files_of_sums

MERCHANTS = 20_000
# sums that are zero except rounding
ZERO_SUMS = re.compile(r"int_fit__sums\[\d+\]\.d[0-2]$")
VARS = "max_merchants_in_memory: 5000"
# what the sums lead to, and the tables that have a number from them
RESULTS = (
    "intermediate.est_merchant_fits",
    "intermediate.est_estimator_comparison",
    "intermediate.int_survey__distribution_checks",
    *(f"{'staging' if name.startswith('stg') else 'intermediate'}.{name}" for name in TABLES),
)
BUILD = [
    *("build", "--vars", VARS, "--exclude-resource-type", "test"),
    *("--exclude-resource-type", "unit_test"),
    *("--select", "+est_merchant_fits", "+est_estimator_comparison"),
]


def write_ledger(path: Path) -> None:
    """Invented merchants of one sample, in three industries with two weights."""
    with duckdb.connect() as connection:
        connection.execute("select setseed(0.4)")
        connection.execute(
            f"""
            copy (
                select
                    'kuaishou' as platform_id, 'large' as sample_id, 'm' || i as merchant_id,
                    ['food', 'books', 'gems'][1 + i % 3] as industry_code,
                    cast(exp(3.5 + 2 * (random() + random() - 1)) + 0.01 as decimal(18, 2))
                        as turnover_wan_yuan,
                    cast(1 + floor(random() * 12) as bigint) as headcount,
                    cast([1, 2.5][1 + i % 2] as decimal(18, 6)) as survey_weight,
                    'synthetic' as provenance, 'project_assumptions' as source_id
                from range({MERCHANTS}) as numbers (i)
            ) to '{path}' (format parquet)
            """
        )


def write_hashes(folder: Path) -> None:
    """What `sha256sum` writes."""
    files = sorted(p for p in folder.rglob("*.*") if p.suffix in {".parquet", ".csv"})
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  ./{path.relative_to(folder)}"
        for path in files
    ]
    (folder / HASHES).write_text("\n".join([*lines, ""]), encoding="utf-8")


def rows(database: Path, table: str) -> list[dict[str, Any]]:
    with duckdb.connect(str(database), read_only=True) as connection:
        found = connection.execute(f"from {table} order by 1, 2, 3, 4")
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def assert_alike(ours: Any, expected: Any, place: str) -> None:
    """Equal to nine digits, at any depth."""
    if isinstance(expected, dict):
        assert ours.keys() == expected.keys(), place
        for name in expected:
            assert_alike(ours[name], expected[name], f"{place}.{name}")
    elif isinstance(expected, list):
        assert len(ours) == len(expected), place
        for number, (one, other) in enumerate(zip(ours, expected, strict=True)):
            assert_alike(one, other, f"{place}[{number}]")
    elif not isinstance(expected, float):
        assert ours == expected, place
    elif not ZERO_SUMS.search(place):
        assert math.isclose(ours, expected, rel_tol=1e-9, abs_tol=1e-300), (place, ours, expected)


def assert_same_results(database: Path, expected: Path) -> None:
    for table in RESULTS:
        ours, theirs = rows(database, table), rows(expected, table)
        assert ours, table
        assert_alike(ours, theirs, table)


def write_sums(database: Path, sums: Path) -> None:
    """Write what a build has as sums: Parquet, and one CSV."""
    with duckdb.connect(str(database), read_only=True) as connection:
        for name in TABLES:
            schema = "staging" if name.startswith("stg") else "intermediate"
            suffix = "csv" if name == "int_fit__sums" else "parquet"
            columns = ", ".join(TABLES[name])
            connection.execute(
                f"copy (select {columns} from {schema}.{name}) to '{sums / name}.{suffix}'"
            )
    write_hashes(sums)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, parse_cache: Path) -> tuple[Project, Path]:
    """A build from the ledger, and the folder of its sums."""
    folder = tmp_path_factory.mktemp("sums")
    project = copy_project(folder)
    (folder / "target").mkdir()
    shutil.copy2(parse_cache, folder / "target")
    write_ledger(folder / "merchants.parquet")
    result = project.dbt(*BUILD, PLATFORM_EMPLOYMENT_MERCHANTS="merchants.parquet")
    assert result.returncode == 0, result.stdout
    sums = folder / "sums"
    sums.mkdir()
    write_sums(project.database, sums)
    return project, sums


@pytest.mark.slow
def test_a_build_from_sums_is_that_from_merchants(made: tuple[Project, Path]) -> None:
    project, sums = made
    result = project.dbt(
        *BUILD,
        PLATFORM_EMPLOYMENT_MERCHANTS=str(sums),
        PLATFORM_EMPLOYMENT_DATABASE="from_sums.duckdb",
    )
    assert result.returncode == 0, result.stdout
    database = project.folder / "from_sums.duckdb"
    assert_same_results(database, project.database)
    files = rows(database, "staging.stg_survey__merchant_files")
    assert {row["file"] for row in files} == {path.name for path in sums.iterdir()} - {HASHES}
    assert rows(database, "staging.stg_survey__accepted_lines") == []


def test_the_tables_are_those_of_the_models(built_project: Project) -> None:
    with duckdb.connect(str(built_project.database), read_only=True) as connection:
        for name, columns in TABLES.items():
            schema = "staging" if name.startswith("stg") else "intermediate"
            found = connection.execute(f"describe {schema}.{name}").fetchall()
            assert sorted(row[0] for row in found) == sorted(columns)


def change_bytes(folder: Path) -> None:
    path = folder / "int_survey__histograms.parquet"
    content = path.read_bytes()
    path.write_bytes(content[:40] + bytes([content[40] ^ 1]) + content[41:])


def write_other_columns(folder: Path) -> None:
    path = folder / "int_fit__sums.csv"
    path.write_text(path.read_text("utf-8").replace("nobs", "n", 1), encoding="utf-8")
    write_hashes(folder)


def leave_out_a_table(folder: Path) -> None:
    (folder / "int_fit__sums.csv").unlink()
    write_hashes(folder)


def write_no_parquet(folder: Path) -> None:
    (folder / "int_fit__sums.csv").unlink()
    (folder / "int_fit__sums.parquet").write_bytes(b"PAR1")
    write_hashes(folder)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (change_bytes, "int_survey__histograms.parquet: its SHA-256 is "),
        (write_other_columns, "int_fit__sums.csv, column nobs"),
        (lambda folder: (folder / HASHES).unlink(), "has no SHA256SUMS: cd FOLDER && find"),
        (lambda folder: (folder / HASHES).write_text("x"), "not a list of sha256sum"),
        (
            lambda folder: (
                (folder / "int_fit__sums").mkdir()
                or (folder / "int_fit__sums/more.csv").write_text("x")
            ),
            "int_fit__sums/more.csv is not in SHA256SUMS",
        ),
        (
            leave_out_a_table,
            "no file of the table int_fit__sums in SHA256SUMS",
        ),
        (
            lambda folder: (
                (folder / "int_fit__sums.csv").unlink()
                or (folder / "int_fit__sums.csv").symlink_to("/etc/hostname")
            ),
            "int_fit__sums.csv leads out of the folder",
        ),
        (
            write_no_parquet,
            "not a Parquet file, or damaged",
        ),
    ],
)
def test_what_is_wrong_with_a_folder_is_told_in_a_line(
    built_project: Project, tmp_path: Path, change: Callable[[Path], object], message: str
) -> None:
    folder = tmp_path / "sums"
    folder.mkdir()
    write_sums(built_project.database, folder)
    change(folder)
    try:
        files = files_of_sums(folder)
        reports = check_sums([(Path(file).name, Path(file)) for file in files])
        found = [str(finding) for report in reports for finding in report.findings]
    except UserError as error:
        found = [str(error)]
    assert len(found) == 1
    assert message in found[0]
    assert "\n" not in found[0]


@pytest.mark.spark
def test_spark_makes_the_sums_that_duckdb_makes(made: tuple[Project, Path], tmp_path: Path) -> None:
    """One run on a real Spark; `dbt build` reads its Parquet files."""
    project, _ = made
    dbt = PROJECT_DIR / ".venv-spark/bin/dbt"
    folder, ledger = tmp_path / "sums", project.folder / "merchants.parquet"
    run = subprocess.run(
        [
            *(str(dbt), "--no-version-check", "run", "--target", "spark", "--selector", "sums"),
            *("--target-path", str(tmp_path / "target")),
            *("--vars", f"{{ledger: {ledger}, sums_folder: {folder}, {VARS}}}"),
        ],
        cwd=project.folder,
        env=os.environ | {"PATH": f"{dbt.parent}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-3000:]
    for path in folder.rglob(".*"):
        path.unlink()
    write_hashes(folder)
    result = project.dbt(
        *BUILD,
        PLATFORM_EMPLOYMENT_MERCHANTS=str(folder),
        PLATFORM_EMPLOYMENT_DATABASE="from_spark.duckdb",
    )
    assert result.returncode == 0, result.stdout
    assert_same_results(project.folder / "from_spark.duckdb", project.database)
