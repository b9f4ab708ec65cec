"""What a release records of merchant microdata, and what it tells the build of the one before."""

from __future__ import annotations

import hashlib
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from release_helpers import Tiny

from platform_employment.dbt import run as dbt_run
from platform_employment.dbt.build_inputs import PREVIOUS_VARIABLE, compared_release
from platform_employment.dbt.run import DbtRun
from platform_employment.release.audit import with_microdata
from platform_employment.release.build import InputFile
from platform_employment.release.manifest import INPUT, dependencies, read_statement

pytest_plugins = ["release_fixtures"]

CHECKS = "parquet/aud_distribution_checks.parquet"


def merchant_files(*rows: str) -> str:
    """A fault of the stand-in that adds the table in which a build records its microdata."""
    values = ", ".join(rows)
    columns = "(file_number, file, file_sha256, file_bytes, lines, accepted_lines, rejected_lines)"
    table = "audit.aud_merchant_files"
    return f"sql:create table {table} as from (values {values}) as files {columns}"


def recorded(folder: Path) -> dict[str, dict[str, object]]:
    """What the manifest states of each input by name, except what is empty."""
    return {
        name: {"sha256": entry["digest"]["sha256"]}
        | {key: value for key, value in entry["annotations"].items() if value is not None}
        for name, entry in dependencies(read_statement(folder), INPUT).items()
    }


def write_merchants(tiny: Tiny, text: str) -> str:
    """Write a file of microdata; give its row in the table of the build."""
    data = text.encode()
    (tiny.folder / "merchants.csv").write_bytes(data)
    sha256 = hashlib.sha256(data).hexdigest()
    return f"(1, 'merchants.csv', '{sha256}', {len(data)}, {text.count(',')}, 1, 1)"


def test_microdata_is_an_input_with_what_became_of_its_lines(tiny: Tiny) -> None:
    before = tiny.release(
        STANDIN_FAULT=merchant_files(write_merchants(tiny, "a\n1,\n2,\n")),
        PLATFORM_EMPLOYMENT_MERCHANTS="mer*.csv",
    )
    name = str(tiny.folder / "merchants.csv")
    sha256 = hashlib.sha256(b"a\n1,\n2,\n").hexdigest()
    assert recorded(before)[name] == {
        "kind": INPUT,
        "sha256": sha256,
        "bytes": 8,
        "rows": 2,
        "acceptedLines": 1,
        "rejectedLines": 1,
    }
    result = tiny.run("verify")
    assert f"  depends on {name}: 2 lines, 1 rejected; sha256 {sha256}\n" in result.out
    tiny.release(
        STANDIN_FAULT=merchant_files(write_merchants(tiny, "a\n1,\n2,\n3,\n")),
        PLATFORM_EMPLOYMENT_MERCHANTS="mer*.csv",
    )
    compared = "other bytes: 2 lines, 1 rejected -> 3 lines, 1 rejected\n"
    assert compared in tiny.run("diff").out


def test_a_table_of_another_database_is_an_input_too(tiny: Tiny) -> None:
    sha256 = "0" * 64
    folder = tiny.release(
        STANDIN_FAULT=merchant_files(f"(1, 'postgresql:own.merchants', '{sha256}', 60, 5, 5, 0)"),
        PLATFORM_EMPLOYMENT_MERCHANTS="postgresql://me@db.example/sales?table=own.merchants",
    )
    assert recorded(folder)["postgresql:own.merchants"] == {
        "kind": INPUT,
        "sha256": sha256,
        "bytes": 60,
        "rows": 5,
        "acceptedLines": 5,
        "rejectedLines": 0,
    }
    assert steering(folder) == {"PLATFORM_EMPLOYMENT_MERCHANTS": "postgresql:own.merchants"}
    assert not [path for path in folder.rglob("*") if b"db.example" in data_of(path)]


def test_the_folder_that_dbt_was_given_is_recorded(tiny: Tiny) -> None:
    own = tiny.folder / "mine" / "platform" / "jobs.csv"
    own.parent.mkdir(parents=True)
    shutil.copy(tiny.folder / "seeds/platform/jobs.csv", own)
    folder = tiny.release(
        "--inputs", str(own.parents[1]), PLATFORM_EMPLOYMENT_INPUTS=str(tiny.folder / "other")
    )
    assert steering(folder) == {"PLATFORM_EMPLOYMENT_INPUTS": str(own.parents[1])}
    copies = {
        path.relative_to(folder / "inputs").as_posix(): path.read_bytes()
        for path in (folder / "inputs").rglob("*.csv")
    }
    assert copies["mine/platform/jobs.csv"] == own.read_bytes()
    assert "seeds/platform/jobs.csv" in copies


def steering(folder: Path) -> dict[str, str]:
    """What the manifest states of the environment."""
    definition = read_statement(folder)["predicate"]["buildDefinition"]
    environment: dict[str, str] = definition["externalParameters"]["environment"]
    return environment


def data_of(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


def test_a_seed_that_the_build_lists_as_microdata_is_recorded_once() -> None:
    seed = InputFile("seeds/jobs.csv", Path("seeds/jobs.csv"), "1" * 64, 9, 4, "raw.jobs")
    row = {
        "file_number": 1,
        "file_sha256": "1" * 64,
        "accepted_lines": 3,
        "rejected_lines": 1,
    }
    assert with_microdata([seed], [row], []) == [replace(seed, accepted=3, rejected=1)]


def test_the_release_that_distributions_are_compared_with_is_an_input(tiny: Tiny) -> None:
    for number in (1, 2):
        checks = tiny.folder / f"earlier{number}" / CHECKS
        checks.parent.mkdir(parents=True)
        checks.write_bytes(b"quantiles" * number)
        folder = tiny.release(PLATFORM_EMPLOYMENT_BASELINE_RELEASE=f"earlier{number}")
        assert recorded(folder)[CHECKS] == {
            "kind": INPUT,
            "sha256": hashlib.sha256(checks.read_bytes()).hexdigest(),
            "bytes": 9 * number,
            "release": f"earlier{number}",
        }
    compared = tiny.run("diff").out.partition("what differs moves no figure")[2]
    lines = [" ".join(line.split()) for line in compared.splitlines()]
    assert f"input {CHECKS} earlier1 -> earlier2" in lines
    assert (
        f"depends on {CHECKS} of release earlier2, compared with; sha256" in tiny.run("verify").out
    )


@pytest.mark.parametrize("has_checks", [True, False])
def test_dbt_is_told_of_the_release_before_when_it_has_distributions(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    has_checks: bool,
) -> None:
    if has_checks:
        (tmp_path / CHECKS).parent.mkdir()
        (tmp_path / CHECKS).touch()
    assert told_of(tmp_path, monkeypatch, capfd) == (str(tmp_path) if has_checks else "None")
    monkeypatch.setenv(PREVIOUS_VARIABLE, "chosen")
    assert told_of(tmp_path, monkeypatch, capfd) == str(tmp_path / "chosen")
    assert compared_release(tmp_path, tmp_path) == tmp_path / "chosen"
    monkeypatch.setenv(PREVIOUS_VARIABLE, "")
    assert told_of(tmp_path, monkeypatch, capfd) == ""
    assert compared_release(tmp_path, tmp_path) is None


def told_of(
    previous: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> str:
    """Run a program instead of dbt that prints which release it is informed of."""
    program = f"import os; print(os.environ.get('{PREVIOUS_VARIABLE}'))"
    monkeypatch.setattr(dbt_run, "DBT_COMMAND", (sys.executable, "-c", program))
    run = DbtRun(
        project=previous,
        database=previous / "d",
        target=previous / "t",
        logs=previous / "l",
        previous=previous,
    )
    assert run.run("build") == 0
    return capfd.readouterr().out.strip()
