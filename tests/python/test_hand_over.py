"""What an engine has handed over: read whole, or not at all. No Spark: see test_spark.py."""

from __future__ import annotations

import hashlib
import json
import math
import shutil
from pathlib import Path

import duckdb
import pytest
from conftest import PROJECT_DIR, Project

from platform_employment.cli import main
from platform_employment.dbt.build_inputs import named_inputs
from platform_employment.dbt.hand_over import (
    HAND_OVER_VARIABLE,
    RESIDUALS,
    SUMS,
    HandOver,
    named_hand_over,
    quantile_edges,
    read_step,
)
from platform_employment.dbt.merchants_on import STEPS, is_done
from platform_employment.errors import UserError
from platform_employment.release.manifest import counted_elsewhere

TABLES = {
    SUMS: (
        *("stg_survey__merchant_files", "stg_survey__origins", "stg_survey__repeated_merchants"),
        *("stg_survey__rejected_lines", "stg_survey__merchant_counts", "int_survey__samples"),
        *("int_survey__distribution_checks", "int_fit__moments", "int_fit__block_sums"),
    ),
    RESIDUALS: ("int_fit__leverage_sums", "int_fit__compared_merchants"),
}
LEDGER = "spark:lake.merchants"


def hand_over_step(database: Path, folder: Path, step: str, fingerprint: str = "") -> None:
    """Write what Spark would of the tables in a database, as macros/spark__hand_over.sql does."""
    rows = []
    with duckdb.connect(str(database), read_only=True) as connection:
        schemas = dict(
            connection.sql(
                "select table_name, table_schema from information_schema.tables"
            ).fetchall()
        )
        for name in TABLES[step]:
            path = folder / step / "run" / name / "part-0.parquet"
            path.parent.mkdir(parents=True)
            connection.execute(f"copy {schemas[name]}.{name} to '{path}'")
            ((count,),) = connection.sql(f"select count(*) from '{path}'").fetchall()
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            rows.append(
                {
                    "step": step,
                    "invocation_id": "run",
                    "engine": "Apache Spark",
                    "engine_version": "4.3.0",
                    "ledger": "lake.merchants",
                    "snapshot": "s",
                    "fingerprint": fingerprint,
                    "rules": "r",
                    "kept_rows": "[]",
                    "table_name": name,
                    "row_count": count,
                    "files": [{"name": "part-0.parquet", "sha256": digest}],
                }
            )
    manifest = folder / step / "manifest"
    manifest.mkdir()
    text = "".join(f"{json.dumps(row)}\n" for row in rows)
    (manifest / "part-0.json").write_text(text, encoding="utf-8")
    (manifest / "_SUCCESS").touch()


@pytest.fixture
def counted(tmp_path: Path) -> Path:
    """A database with a row in each of the tables."""
    database = tmp_path / "counted.duckdb"
    with duckdb.connect(str(database)) as connection:
        for name in (*TABLES[SUMS], *TABLES[RESIDUALS]):
            connection.execute(f"create table {name} as select 1 as number")
    return database


@pytest.fixture
def handed(counted: Path, tmp_path: Path) -> Path:
    """A folder with sums."""
    hand_over_step(counted, tmp_path, SUMS)
    return tmp_path


def test_a_step_counts_from_its_mark_on(handed: Path) -> None:
    done = read_step(handed, SUMS)
    assert done is not None
    assert set(done.tables) == set(TABLES[SUMS])
    assert (done.engine, done.engine_version, done.ledger) == (
        *("Apache Spark", "4.3.0", "lake.merchants"),
    )
    (handed / SUMS / "manifest" / "_SUCCESS").unlink()
    assert read_step(handed, SUMS) is None
    (handed / SUMS / "manifest" / "_SUCCESS").touch()
    # as the step leaves it when it begins anew
    (handed / SUMS / "manifest" / "part-0.json").write_text("")
    assert read_step(handed, SUMS) is None


def test_a_changed_file_is_refused(handed: Path) -> None:
    path = handed / SUMS / "run" / "int_fit__moments" / "part-0.parquet"
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    with pytest.raises(UserError, match="not what Spark has handed over"):
        read_step(handed, SUMS)
    path.unlink()
    with pytest.raises(UserError, match="not what Spark has handed over"):
        read_step(handed, SUMS)


def test_sums_of_other_files_are_refused(
    counted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger, folder = tmp_path / "ledger", tmp_path / "hand_over"
    ledger.mkdir()
    with duckdb.connect(str(counted)) as connection:
        connection.execute(
            "create or replace table stg_survey__merchant_files as"
            " select 1 as file_number, 'a.parquet' as file, 0 as lines, '' as file_sha256"
        )
        connection.execute(f"copy (select 1 as n) to '{ledger / 'a.parquet'}'")
    hand_over_step(counted, folder, SUMS)
    monkeypatch.setenv(HAND_OVER_VARIABLE, str(folder))
    monkeypatch.setenv("PLATFORM_EMPLOYMENT_MERCHANTS", f"{ledger}/*.parquet")
    spool = tmp_path / "spool.csv"
    assert named_inputs(PROJECT_DIR, spool).findings() == []
    shutil.copy(ledger / "a.parquet", ledger / "b.parquet")
    (finding,) = named_inputs(PROJECT_DIR, spool).findings()
    assert "holds sums of other files than PLATFORM_EMPLOYMENT_MERCHANTS names" in finding


def test_a_second_scan_of_another_snapshot_does_not_count(
    counted: Path, handed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_over_step(counted, handed, RESIDUALS)
    monkeypatch.setenv(HAND_OVER_VARIABLE, str(handed))
    hand_over = named_hand_over(PROJECT_DIR)
    assert hand_over is not None
    assert set(hand_over.steps) == {SUMS, RESIDUALS}
    manifest = handed / RESIDUALS / "manifest" / "part-0.json"
    manifest.write_text(manifest.read_text().replace('"snapshot": "s"', '"snapshot": "t"'))
    hand_over = named_hand_over(PROJECT_DIR)
    assert hand_over is not None
    assert set(hand_over.steps) == {SUMS}


def test_a_release_names_who_has_counted(handed: Path) -> None:
    done = read_step(handed, SUMS)
    assert done is not None
    (step,) = counted_elsewhere(HandOver(handed, {SUMS: done}))["platformEmployment_handedOver"]
    tables = step.pop("tables")
    assert step == {
        "step": "sums",
        "engine": "Apache Spark",
        "version": "4.3.0",
        "ledger": "lake.merchants",
        "snapshot": "s",
        "invocationId": "run",
    }
    assert set(tables) == set(TABLES[SUMS])
    assert {table["rows"] for table in tables.values()} == {1}
    assert counted_elsewhere(None) == {}


@pytest.mark.parametrize("named", ["relative", "/no/such/folder"])
def test_a_folder_is_named_as_both_engines_see_it(
    named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(HAND_OVER_VARIABLE, named)
    with pytest.raises(UserError, match="no such folder"):
        named_hand_over(PROJECT_DIR)


def test_check_does_not_pass_merchants_that_it_cannot_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(HAND_OVER_VARIABLE, str(tmp_path))
    monkeypatch.setenv("PLATFORM_EMPLOYMENT_MERCHANTS", LEDGER)
    assert main(["check", "--project-dir", str(PROJECT_DIR)]) == 2
    assert "check reads merchants itself" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("merchants", "hand_over", "message"),
    [
        (None, True, "name files or a table of Spark"),
        ("postgresql://h/d?table=s.t", True, "name files or a table of Spark"),
        (LEDGER, False, "a table of Spark needs a folder"),
        ("spark:a.b; drop table c", True, "write spark:schema.table"),
    ],
)
def test_what_spark_reads_is_named(
    merchants: str | None,
    hand_over: bool,
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in (
        ("PLATFORM_EMPLOYMENT_MERCHANTS", merchants),
        (HAND_OVER_VARIABLE, str(tmp_path) if hand_over else None),
    ):
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    with pytest.raises(UserError, match=message):
        named_inputs(PROJECT_DIR, tmp_path / "spool.csv")


def test_a_step_is_done_when_what_it_leaves_is_there(handed: Path) -> None:
    inputs, sums, fits, residuals, rest = STEPS
    empty = HandOver(handed, {})
    assert not any(is_done(empty, step) for step in STEPS)
    (handed / "inputs").mkdir()
    (handed / "inputs" / "answers.parquet").touch()
    assert is_done(empty, inputs)
    done = read_step(handed, SUMS)
    assert done is not None
    with_sums = HandOver(handed, {SUMS: done})
    assert is_done(with_sums, sums)
    assert not is_done(with_sums, fits)
    with_sums.fits.mkdir(parents=True)
    (with_sums.fits / "est_merchant_fits.parquet").touch()
    assert is_done(with_sums, fits)
    # fits from sums of another run
    assert not is_done(empty, fits)
    assert not is_done(with_sums, residuals)
    assert not is_done(with_sums, rest)


def test_edges_are_where_the_logarithm_steps() -> None:
    edges = quantile_edges()
    assert len(edges) == 4002
    with duckdb.connect() as connection:
        for step in range(0, 4002, 97):
            below = math.nextafter(edges[step], 0)
            found = connection.execute(
                "select floor(200 * log10(?)), floor(200 * log10(?))", [below, edges[step]]
            ).fetchall()
            assert found == [(step - 2001, step - 2000)]


@pytest.mark.slow
def test_a_build_takes_what_was_handed_over(built_project: Project, project: Project) -> None:
    """All of it, from sums and a second scan; not from sums that rest on other tables."""
    folder = project.folder / "hand_over"
    folder.mkdir()
    named = {
        "PLATFORM_EMPLOYMENT_MERCHANTS": LEDGER,
        HAND_OVER_VARIABLE: str(folder),
    }
    missing = project.dbt("build", "--select", "stg_survey__merchant_files", **named)
    assert missing.returncode == 1
    assert "Spark has not handed over stg_survey__merchant_files in" in missing.stdout

    first = project.dbt("build", "--selector", "spark_inputs", **named)
    assert first.returncode == 0, first.stdout
    with duckdb.connect() as connection:
        found = connection.execute(f"from '{folder}/inputs/answers.parquet'").fetchall()
    answers: dict[str, str] = dict(found)
    for step in (SUMS, RESIDUALS):
        hand_over_step(built_project.database, folder, step, answers["fingerprint"])
    result = project.dbt("build", **named)
    assert result.returncode == 0, result.stdout
    with duckdb.connect() as connection:
        connection.execute(f"attach '{project.database}' as handed (read_only)")
        connection.execute(f"attach '{built_project.database}' as alone (read_only)")
        for table in (
            "marts.fct_influential_merchants",
            "marts.fct_jobs",
            "audit.aud_merchant_files",
        ):
            difference = f"from handed.{table} except all from alone.{table}"
            assert connection.sql(difference).fetchall() == []
            assert connection.sql(f"from handed.{table}").fetchall()

    waivers = project.folder / "seeds" / "survey" / "waivers.csv"
    waivers.write_text(
        waivers.read_text(encoding="utf-8")
        + f"{'0' * 64},7,zero,已核实,checked,tests,2026-11-24\n",
        encoding="utf-8",
    )
    shutil.rmtree(project.folder / "target")
    stale = project.dbt("build", "--select", "waivers", "stg_survey__merchant_files", **named)
    assert stale.returncode == 1
    assert "rests on tables that have changed since" in stale.stdout
