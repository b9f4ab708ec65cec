"""A ledger counted day by day is the ledger counted as a whole: on DuckDB, row by row."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest
from conftest import Project, copy_project
from ledger_days import (
    BUILD,
    DAYS,
    OF_A_DAY,
    REPEATED,
    environment,
    rejected_lines,
    write_days,
)

from platform_employment.cli import main
from platform_employment.dbt.hand_over import KEPT, RESIDUALS, ROWS, SUMS, read_step
from platform_employment.dbt.increment import increment_since
from platform_employment.dbt.run import DbtRun
from platform_employment.errors import UserError
from platform_employment.validation.merchants import find_merchants


@pytest.fixture(scope="module")
def days(tmp_path_factory: pytest.TempPathFactory, parse_cache: Path) -> Project:
    """A copy of the project whose `hand_over` has counted three days, one after the other.

    `alone.duckdb` has them counted as a whole; `two_days` is what was handed over the day before.
    """
    project = copy_project(tmp_path_factory.mktemp("days"))
    (project.folder / "target").mkdir()
    shutil.copy2(parse_cache, project.folder / "target")
    folder = project.folder / "hand_over"
    folder.mkdir()
    for number, day in enumerate(DAYS):
        write_days(project.folder / "ledger", day)
        if number:
            # as docs/size.md has it
            shutil.rmtree(folder / KEPT, ignore_errors=True)
            (folder / SUMS).rename(folder / KEPT)
        if number == 2:
            shutil.copytree(folder, project.folder / "two_days")
        result = project.dbt(*BUILD, **environment(project, day if number else ""))
        assert result.returncode == 0, result.stdout[-4000:]
    result = project.dbt(
        *BUILD,
        PLATFORM_EMPLOYMENT_MERCHANTS="ledger/*/*.parquet",
        PLATFORM_EMPLOYMENT_DATABASE="alone.duckdb",
    )
    assert result.returncode == 0, result.stdout[-4000:]
    return project


def differences(project: Project, folder: str = "hand_over") -> dict[str, int]:
    """Give the rows of each table handed over that days or the whole alone have."""
    found = {}
    with duckdb.connect(str(project.folder / "alone.duckdb"), read_only=True) as connection:
        query = "select table_name, table_schema from information_schema.tables"
        schemas = dict(connection.sql(query).fetchall())
        for step in (SUMS, RESIDUALS):
            handed = read_step(project.folder / folder, step)
            assert handed is not None
            for name, table in handed.tables.items():
                mine = f"{schemas[name]}.{name}"
                theirs = f"read_parquet({[str(file) for file in table.files]})"
                ((found[name],),) = connection.sql(
                    f"select count(*) from ((from {mine} except all from {theirs})"
                    f" union all (from {theirs} except all from {mine}))"
                ).fetchall()
    return found


def test_days_add_up_to_the_whole(days: Project) -> None:
    found = differences(days)
    assert len(found) == 11
    assert set(found.values()) == {0}, found
    with duckdb.connect() as connection:
        for name in ("alone", "dev"):
            connection.execute(f"attach '{days.folder / name}.duckdb' as {name} (read_only)")
        for table in (
            *("intermediate.est_merchant_fits", "staging.stg_survey__merchants"),
            *("intermediate.int_fit__moments", "staging.stg_survey__merchant_files"),
        ):
            for one, other in (("alone", "dev"), ("dev", "alone")):
                query = f"from {one}.{table} except all from {other}.{table}"
                assert connection.sql(query).fetchall() == []
            types = [connection.sql(f"describe {n}.{table}").fetchall() for n in ("alone", "dev")]
            assert types[0] == types[1]


def test_the_last_day_has_read_what_it_had_to(days: Project) -> None:
    """Its own two files, and that of the second day in which it repeats a name; not the first."""
    query = "select file_number, is_repeated, count(*) from staging.stg_survey__unaccepted_lines"
    with duckdb.connect(str(days.database), read_only=True) as connection:
        read = connection.sql(f"{query} group by all order by all").fetchall()
        ((accepted,),) = connection.sql(
            "select count(*) from staging.stg_survey__accepted_lines where file_number < 5"
        ).fetchall()
        rejected = connection.sql(
            "select file_number, reason_code, count(*) from staging.stg_survey__rejected_lines"
            " group by all"
        ).fetchall()
    assert {file for file, *_ in read} == {3, 5}
    assert accepted == 0
    assert {(file, code): lines for file, code, lines in rejected} == rejected_lines()
    across = {first for number, first in REPEATED.items() if first // OF_A_DAY < number // OF_A_DAY}
    assert len(across) == 4


@pytest.mark.parametrize(
    ("since", "change", "message"),
    [
        ("day=2026-11-26", "", ""),
        ("day=2026-11-25", "", "counted before, the last one was day=2026-11-25"),
        ("day=2026-11-27", "", "the ledger has no such partition"),
        ("day=2026-11-26", "gone", "day=2026-11-24/a.parquet: was counted before, and does not"),
        ("day=2026-11-26", "late", "day=2026-11-23/a.parquet: lies before 'day=2026-11-26', and"),
        ("day=2026-11-26", "more", "day=2026-11-25/c.parquet: lies before 'day=2026-11-26', and"),
        ("day=2026-11-26", "loose", "must be Parquet files in folders such as"),
        ("day=2026-11-26", "rules", "the rules of the gates have changed since"),
    ],
)
def test_a_partition_follows_those_that_were_counted(
    days: Project, tmp_path: Path, since: str, change: str, message: str
) -> None:
    ledger = tmp_path / "ledger"
    shutil.copytree(days.folder / "ledger", ledger)
    file = ledger / DAYS[0] / "a.parquet"
    match change:
        case "gone":
            file.unlink()
        case "late":
            (ledger / "day=2026-11-23").mkdir()
            shutil.copyfile(file, ledger / "day=2026-11-23" / "a.parquet")
        case "more":
            shutil.copyfile(file, ledger / DAYS[1] / "c.parquet")
        case "loose":
            (ledger / "other").mkdir()
            shutil.copyfile(file, ledger / "other" / "a.parquet")
    kept = read_step(days.folder / "two_days", KEPT)
    assert kept is not None
    source = find_merchants(f"{ledger}/*/*.parquet", tmp_path)
    rules = "others" if change == "rules" else kept.rules
    if not message:
        assert len(increment_since(since, kept, source, rules).files) == 4
        return
    with pytest.raises(UserError, match=message) as refused:
        increment_since(since, kept, source, rules)
    assert "\n" not in str(refused.value)


def test_a_day_that_has_changed_since_is_refused(days: Project, tmp_path: Path) -> None:
    """By its hash, in one line, before anything is loaded."""
    ledger = tmp_path / "ledger"
    shutil.copytree(days.folder / "ledger", ledger)
    write_days(tmp_path / "others", DAYS[1])
    shutil.copyfile(tmp_path / "others" / DAYS[1] / "b.parquet", ledger / DAYS[0] / "a.parquet")
    named = environment(days, DAYS[2], "two_days")
    named["PLATFORM_EMPLOYMENT_MERCHANTS"] = f"{ledger}/*/*.parquet"
    named["PLATFORM_EMPLOYMENT_DATABASE"] = str(tmp_path / "refused.duckdb")
    result = days.dbt(*BUILD, **named)
    assert result.returncode == 1
    assert "day=2026-11-24/a.parquet: changed since it was counted" in result.stdout
    with duckdb.connect(named["PLATFORM_EMPLOYMENT_DATABASE"]) as connection:
        assert connection.sql("show all tables").fetchall() == []


def test_rows_that_are_not_those_kept_are_refused(days: Project, tmp_path: Path) -> None:
    shutil.copytree(days.folder / "two_days", tmp_path / "state")
    path = next((tmp_path / "state" / ROWS).rglob("*.parquet"))
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(UserError, match="not the rows that were kept"):
        read_step(tmp_path / "state", KEPT)


@pytest.mark.slow
def test_a_killed_day_leaves_what_was_kept(days: Project, tmp_path: Path) -> None:
    """Killed while it hands over; the same day is counted again, as if nothing had been."""
    state = days.folder / "killed"
    shutil.copytree(days.folder / "two_days", state)
    named = environment(days, DAYS[2], "killed")
    named["PLATFORM_EMPLOYMENT_DATABASE"] = str(tmp_path / "killed.duckdb")
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("PLATFORM_EMPLOYMENT")}
    process = subprocess.Popen(
        [str(Path(sys.executable).with_name("dbt")), "--no-version-check", *BUILD],
        cwd=days.folder,
        env=inherited | named,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 600
    while not list((state / SUMS).glob("*-*/*/*.parquet")):
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert read_step(state, SUMS) is None
    kept = read_step(state, KEPT)
    assert kept is not None
    assert len(kept.kept_rows) == 2
    result = days.dbt(*BUILD, **named)
    assert result.returncode == 0, result.stdout[-4000:]
    found = differences(days, "killed")
    assert set(found.values()) == {0}, found


def test_the_command_keeps_what_was_counted(
    days: Project,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What a build that ended has counted is kept for the next; one that fails loses nothing."""
    state = tmp_path / "state"
    shutil.copytree(days.folder / "two_days", state)
    (state / KEPT).rename(state / SUMS)
    (state / "built").touch()
    (state / ROWS / "of-a-killed-run").mkdir()
    for name in environment(days, DAYS[2]):
        monkeypatch.setenv(name, "")
    ran: list[str] = []
    ends_well = False

    def run(_: DbtRun, *arguments: str) -> int:
        ran.append(" ".join([*arguments, os.environ["PLATFORM_EMPLOYMENT_MERCHANTS_ON"]]))
        if ends_well:
            shutil.copytree(days.folder / "hand_over" / SUMS, state / SUMS)
            shutil.copytree(days.folder / "hand_over" / ROWS, state / ROWS, dirs_exist_ok=True)
        return 0 if ends_well else 1

    monkeypatch.setattr(DbtRun, "run", run)

    def build(*arguments: str) -> int:
        merchants = ["--path", "ledger/*/*.parquet", "--project-dir", str(days.folder)]
        hand_over = ["--hand-over", str(state)]
        return main(["build", "--merchants-on", "duckdb", *merchants, *hand_over, *arguments])

    assert build("--since", DAYS[1]) == 2
    assert "counted before, the last one was day=2026-11-25" in capsys.readouterr().err
    assert (state / SUMS).is_dir()
    assert build("--since", DAYS[2]) == 1
    assert ran == ["build duckdb"]
    assert os.environ["PLATFORM_EMPLOYMENT_SINCE"] == DAYS[2]
    assert {entry.name for entry in state.iterdir()} == {KEPT, ROWS, "ledger"}
    assert len(list((state / ROWS).iterdir())) == 2
    assert build() == 2
    assert "begun with ledger/*/*.parquet day=2026-11-26" in capsys.readouterr().err
    ends_well = True
    assert build("--since", DAYS[2]) == 0
    assert build("--since", DAYS[2]) == 2
    assert "counted before, the last one was day=2026-11-26" in capsys.readouterr().err
    assert build("--since", DAYS[2], "--anew") == 0
    assert len(ran) == 3
    ends_well = False
    assert build() == 1
    assert {entry.name for entry in state.iterdir()} == {"ledger"}


def test_a_table_of_spark_is_counted_whole(
    days: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    table = ["--table", "lake.merchants", "--project-dir", str(days.folder)]
    for arguments in (["spark", *table, "--since", DAYS[0]], ["duckdb", *table]):
        assert main(["build", "--merchants-on", *arguments]) == 2
        assert "--table: of Apache Spark alone, and whole" in capsys.readouterr().err
