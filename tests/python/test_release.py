"""Promises of a release: if anyone fails, is killed or waits, readers see one whole release."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
from conftest import Project
from release_helpers import (
    JOBS,
    Tiny,
    assert_unchanged,
    hashes,
    on_disk,
    query,
    remount,
    statement,
    used,
    with_dbt,
)

from platform_employment.dbt import run as dbt_run
from platform_employment.release.integrity import verify
from platform_employment.release.store import DATABASE_FILE, WORKBOOK_FILE

pytest_plugins = ["release_fixtures"]

STAGES = ["inputs", "build", "audit", "write", "finalize", "publish"]
TOTAL = "select warehouse_value from audit.aud_figure_reconciliation"
MIB = 1024**2


def current_id(tiny: Tiny) -> str:
    found = tiny.store.current_id()
    assert found is not None
    return found


def test_a_second_builder_stops_and_names_the_first(tiny: Tiny, tmp_path: Path) -> None:
    go_on = tmp_path / "go_on"
    first = tiny.start("release", STANDIN_FAULT=f"wait:{go_on}")
    assert first.stdout is not None
    while "== build" not in first.stdout.readline():
        pass
    second = tiny.start("release")
    _, err = second.communicate(timeout=60)  # the first does not end before it is let
    others = [tiny.run(*command) for command in (["rollback"], ["prune", "--keep", "1"])]
    go_on.touch()
    _, first_err = first.communicate()
    assert first.returncode == 0, first_err
    assert second.returncode == 2
    for text in (err, *(other.err for other in others)):
        assert text.count("\n") == 1
        assert f"process {first.pid}, platform-employment release, since 20" in text


def test_a_dead_builder_holds_nothing(tiny: Tiny) -> None:
    first = tiny.start("release", STANDIN_FAULT="wait:never")
    assert first.stdout is not None
    while "== build" not in first.stdout.readline():
        pass
    os.killpg(first.pid, signal.SIGKILL)
    first.communicate()
    before = current_id(tiny)
    tiny.release()
    assert current_id(tiny) != before
    assert list(tiny.store.builds.iterdir()) == []


def test_a_dbt_that_outlives_its_release_is_in_nobodys_way(tiny: Tiny, tmp_path: Path) -> None:
    go_on = tmp_path / "go_on"
    first = tiny.start("release", STANDIN_FAULT=f"wait:{go_on}")
    while not list(tiny.store.builds.glob(f"*/{DATABASE_FILE}")):
        assert first.poll() is None
        time.sleep(0.02)
    first.kill()
    first.wait()
    new = tiny.release()
    go_on.touch()
    first.communicate()  # ends with the last process that writes there: the stand-in
    assert tiny.current == new
    assert verify(tiny.store, new.name).findings == ()
    tiny.release()
    assert list(tiny.store.builds.iterdir()) == []


@pytest.mark.slow
def test_a_kill_in_any_stage_changes_nothing(tiny: Tiny) -> None:
    before = current_id(tiny)
    # each build finds what the one before left when it was killed one stage earlier
    for stage in STAGES:
        at = {"STANDIN_FAULT": "kill"} if stage == "build" else {"RELEASE_KILL_AT": f"{stage}:0"}
        process = tiny.start("release", **at)
        out, err = process.communicate()
        assert process.returncode == -signal.SIGKILL, (stage, out, err)
        assert tiny.store.release_ids() == [before]
        assert current_id(tiny) == before
        assert verify(tiny.store, before).findings == ()
    tiny.release()
    assert list(tiny.store.builds.iterdir()) == []


@pytest.mark.slow
def test_a_kill_of_a_real_dbt_changes_nothing(tiny: Tiny) -> None:
    before = current_id(tiny)
    process = subprocess.Popen(
        [str(Path(sys.executable).with_name("platform-employment")), "release"],
        cwd=tiny.folder,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    log = tiny.store.root / "logs" / "release.log"
    log.unlink(missing_ok=True)
    while not (log.is_file() and "OK loaded seed file" in log.read_text(encoding="utf-8")):
        assert process.poll() is None
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    (left,) = tiny.store.builds.iterdir()
    assert (left / DATABASE_FILE).is_file()
    assert current_id(tiny) == before
    tiny.release()
    assert not left.exists()


def test_an_interrupt_ends_dbt_too(tiny: Tiny) -> None:
    before = current_id(tiny)
    process = tiny.start("release", STANDIN_FAULT="wait:never")
    assert process.stdout is not None
    while "== build" not in process.stdout.readline():
        pass
    process.send_signal(signal.SIGTERM)
    # ends only when no one, the stand-in neither, holds the other end of the pipes
    _, err = process.communicate(timeout=10)
    assert process.returncode == 130
    assert err == "platform-employment: interrupted\n"
    assert current_id(tiny) == before


def test_an_interrupt_while_dbt_starts_ends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = []

    class InterruptedStart(subprocess.Popen[bytes]):
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            started.append(self)
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(subprocess, "Popen", InterruptedStart)
    sleeper = (sys.executable, "-c", "import time; time.sleep(60)")
    monkeypatch.setattr(dbt_run, "DBT_COMMAND", sleeper)
    run = dbt_run.DbtRun(tmp_path, tmp_path / "a.duckdb", tmp_path, tmp_path)
    # a shell that starts the tests in the background has them ignore interrupts
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            run.run("build")
    finally:
        signal.signal(signal.SIGINT, handler)
    assert [process.poll() for process in started] == [-signal.SIGTERM]


def test_a_failing_dbt_test_stops_the_release(tiny: Tiny) -> None:
    before = current_id(tiny)
    tiny.replace(JOBS, "total,3462.9", "total,34629")
    result = with_dbt(tiny, "release")
    assert_unchanged(tiny, before, result)
    assert "test totals_are_plausible failed: Got 1 result" in result.err


def test_a_full_disk_stops_the_release(tiny: Tiny, small_disk: Path) -> None:
    small = on_disk(tiny, small_disk)
    before = current_id(small)
    for mib in (0.1, 1.5, 3.0, 5.0):
        remount(small_disk, f"size={used(small_disk) + int(mib * MIB)}")
        result = small.run("release")
        assert_unchanged(small, before, result)
        assert f"the disk of {small_disk} is full" in result.err
        assert list(small.store.builds.iterdir()) == []
    remount(small_disk, "size=64m")
    small.release()


@pytest.mark.slow
def test_a_full_disk_is_found_where_dbt_meets_it(tiny: Tiny, small_disk: Path) -> None:
    small = on_disk(tiny, small_disk)
    before = current_id(small)
    # space for the parsed project, but not for the database
    remount(small_disk, f"size={used(small_disk) + 3 * MIB}")
    result = with_dbt(small, "release")
    assert_unchanged(small, before, result)
    assert f"the disk of {small_disk} is full" in result.err


def test_a_read_only_folder_stops_the_release(tiny: Tiny, small_disk: Path) -> None:
    small = on_disk(tiny, small_disk)
    before = current_id(small)
    remount(small_disk, "ro")
    result = small.run("release")
    assert_unchanged(small, before, result)
    assert "Read-only file system" in result.err
    remount(small_disk, "rw")


def test_folders_on_two_file_systems_are_refused(tiny: Tiny, small_disk: Path) -> None:
    before = current_id(tiny)
    shutil.rmtree(tiny.store.builds)
    tiny.store.builds.symlink_to(small_disk)
    result = tiny.run("release")
    assert_unchanged(tiny, before, result)
    assert "on different file systems" in result.err


def test_current_that_is_no_link_is_refused(tiny: Tiny) -> None:
    tiny.store.current.unlink()
    tiny.store.current.mkdir()
    result = tiny.run("release")
    assert (result.code, result.err.count("\n")) == (2, 1)
    assert "is not a link" in result.err
    assert list(tiny.store.current.iterdir()) == []


def test_a_file_that_changes_during_the_build_stops_the_release(tiny: Tiny, tmp_path: Path) -> None:
    before = current_id(tiny)
    go_on = tmp_path / "go_on"
    process = tiny.start("release", STANDIN_FAULT=f"wait:{go_on}")
    assert process.stdout is not None
    while "== build" not in process.stdout.readline():
        pass
    tiny.replace("models/models.yml", "One row per expectation.", "One row per one.")
    go_on.touch()
    _, err = process.communicate()
    assert process.returncode == 2
    assert "models/models.yml changed while the release was built" in err
    assert current_id(tiny) == before


def test_bad_input_stops_at_the_gate(tiny: Tiny) -> None:
    before = current_id(tiny)
    tiny.replace(JOBS, "total,3462.9", "total,NaN")
    result = tiny.run("release")
    assert_unchanged(tiny, before, result)
    assert "== build" not in result.out


def test_readers_neither_wait_nor_see_a_mixture(tiny: Tiny) -> None:
    old = tiny.current
    with duckdb.connect(str(tiny.store.current / DATABASE_FILE), read_only=True) as reader:
        half = reader.execute("select component_id from marts.fct_jobs")
        assert half.fetchone() is not None
        tiny.replace(JOBS, "total,3462.9", "total,4000")
        new = tiny.release()
        assert len(half.fetchall()) == 3
        assert str(reader.execute(TOTAL).fetchall()) == "[(Decimal('3462.9000'),)]"
    assert new != old
    assert str(query(tiny.store.current, TOTAL)) == "[(Decimal('4000.0000'),)]"


def test_a_reader_of_a_pruned_release_reads_on(tiny: Tiny) -> None:
    with duckdb.connect(str(tiny.store.current / DATABASE_FILE), read_only=True) as reader:
        tiny.release()
        assert tiny.run("prune", "--keep", "1").code == 0
        assert str(reader.execute(TOTAL).fetchall()) == "[(Decimal('3462.9000'),)]"


def test_released_files_are_read_only(built_tiny: Tiny) -> None:
    files = [path for path in built_tiny.current.rglob("*") if path.is_file()]
    assert len(files) > 10
    assert {path.stat().st_mode & 0o777 for path in files} == {0o444}


def test_a_damaged_current_release_does_not_stop_the_next(tiny: Tiny) -> None:
    database = tiny.current / DATABASE_FILE
    database.chmod(0o644)
    database.write_bytes(b"no database")
    result = tiny.run("release")
    assert result.code == 0
    assert "warning: not compared with" in result.err


def test_releases_sort_by_age_even_if_the_clock_is_set_back(tiny: Tiny) -> None:
    first = current_id(tiny)
    future = f"2999{first[4:]}"
    (tiny.store.releases / first).rename(tiny.store.releases / future)
    tiny.store.current.unlink()
    tiny.store.current.symlink_to(future)
    tiny.release()
    assert tiny.store.release_ids() == [future, current_id(tiny)]


def test_own_data_and_variables_are_in_the_manifest(tiny: Tiny, tmp_path: Path) -> None:
    own = tmp_path / "own/platform"
    own.mkdir(parents=True)
    shutil.copyfile(tiny.folder / JOBS, own / "jobs.csv")
    arguments = ["--inputs", str(own.parent), "--vars", "{year: 2022}"]
    predicate = statement(tiny.release(*arguments))["predicate"]
    definition = predicate["buildDefinition"]
    assert definition["externalParameters"]["variables"] == {"year": 2022}
    names = {entry["name"] for entry in definition["resolvedDependencies"]}
    assert str(own / "jobs.csv") in names
    assert "seeds/report/figures.csv" in names


def test_hashes_do_not_depend_on_threads_or_the_order_of_rows(built_tiny: Tiny, tiny: Tiny) -> None:
    header, *rows = (tiny.folder / JOBS).read_text(encoding="utf-8").splitlines()
    (tiny.folder / JOBS).write_text("\n".join([header, *reversed(rows), ""]), encoding="utf-8")
    threads = {count: tiny.release(TINY_PROJECT_THREADS=count) for count in ("1", "4")}
    assert hashes(threads["1"]) == hashes(threads["4"]) == hashes(built_tiny.current)
    for path in sorted((built_tiny.current / "parquet").iterdir()):
        for folder in threads.values():
            assert (folder / "parquet" / path.name).read_bytes() == path.read_bytes(), path.name


@pytest.mark.slow
def test_a_release_of_the_project_itself(project: Project) -> None:
    tiny = Tiny(project.folder, project.folder, project.folder)
    result = with_dbt(tiny, "release")
    assert result.code == 0, result
    pages = {path.name for path in (tiny.current / "docs").iterdir()}
    assert pages >= {"index.html", "compare.html", "ledger.html", "engineers.html", "evidence"}
    print(*result.out.splitlines()[-8:], sep="\n")
    verified = with_dbt(tiny, "verify", "--tables")
    assert verified.code == 0, verified
    assert query(tiny.current, "select count(*) > 0 from audit.aud_figure_reconciliation") == [
        (True,)
    ]
    book = openpyxl.load_workbook(tiny.current / WORKBOOK_FILE, read_only=True)
    assert len(book.sheetnames) == 15
    titles, *rows = book["meta_columns"].iter_rows(values_only=True)
    entries = [dict(zip(titles, row, strict=True)) for row in rows]
    # the columns of the sheets for readers are named by their labels
    named = [e for e in entries if re.fullmatch("[a-z0-9_]+", e["column_name"])]
    assert [e["column_name"] for e in named if e["label_zh"] == e["column_name"]] == []
    assert len(named) > len(entries) / 2
