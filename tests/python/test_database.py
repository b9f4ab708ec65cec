"""The database that dbt writes: what cannot be one is reported in a line, and none is left
astray."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest
from conftest import Project

from platform_employment.dbt.plugin import unusable_database

SEED = ("build", "--select", "platforms")


@contextmanager
def held(database: Path) -> Iterator[int]:
    """Have another program hold a database open; give its process id."""
    program = (
        "import duckdb, sys; held = duckdb.connect(sys.argv[1]); print('open', flush=True); input()"
    )
    command = [sys.executable, "-c", program, str(database)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "open\n"
        yield process.pid
        process.communicate("\n")


@pytest.mark.parametrize(
    ("named", "problem"),
    [
        ("folder", "a folder; name a file in it"),
        ("absent/dev.duckdb", "no such folder; make it, or name another file"),
        ("text.duckdb", "not a database of this DuckDB; name another file"),
        ("postgresql://h/db", "an address; name a file on this machine"),
        ("md:mine", "an address; name a file on this machine"),
    ],
)
def test_what_is_no_database_is_one_line(tmp_path: Path, named: str, problem: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "text.duckdb").write_text("hello\n" * 2000, encoding="utf-8")
    refusal = unusable_database(tmp_path, named)
    assert refusal == f"PLATFORM_EMPLOYMENT_DATABASE: '{named}': {problem}"


def test_a_password_in_an_address_is_not_repeated(tmp_path: Path) -> None:
    refusal = unusable_database(tmp_path, "postgresql://u:hunter2@h/db")
    assert refusal
    assert "hunter2" not in refusal


def test_a_new_or_present_database_may_be_used(tmp_path: Path) -> None:
    assert unusable_database(tmp_path, "dev.duckdb") is None
    assert not (tmp_path / "dev.duckdb").exists()
    duckdb.connect(str(tmp_path / "dev.duckdb")).close()
    assert unusable_database(tmp_path, "dev.duckdb") is None
    assert unusable_database(Path("/absent"), str(tmp_path / "dev.duckdb")) is None


def test_a_locked_database_stops_dbt_with_one_line(project: Project) -> None:
    with held(project.database) as holder:
        result = project.dbt(*SEED)
    assert result.returncode != 0
    line = f"'dev.duckdb': open in another program (PID {holder}); close it there, or name another"
    assert result.stdout.count(line) == 1
    assert "Traceback" not in result.stdout + result.stderr


def test_dbt_from_another_folder_leaves_nothing_there(project: Project, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    dbt = [str(Path(sys.executable).with_name("dbt")), "--no-version-check", *SEED]
    # from a folder in the project: the path is relative there
    places = ["--project-dir", "..", "--profiles-dir", ".."]
    result = subprocess.run(
        [*dbt, *places], cwd=elsewhere, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout
    assert list(elsewhere.iterdir()) == []
    assert project.database.is_file()
