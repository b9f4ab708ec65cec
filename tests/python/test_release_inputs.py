"""What a release records of merchant microdata, and what it tells the build of the one before."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import pytest
from release_helpers import Tiny

from platform_employment.release import dbt
from platform_employment.release.dbt import DbtRun
from platform_employment.release.inputs import PREVIOUS_VARIABLE, InputFile, with_microdata
from platform_employment.release.manifest import INPUT, dependencies, read_statement

pytest_plugins = ["release_fixtures"]

CHECKS = "parquet/aud_distribution_checks.parquet"


def merchant_files(*rows: str) -> str:
    """A fault of the stand-in that adds the table in which a build records its microdata."""
    values = ", ".join(rows)
    columns = "(file, file_sha256, file_bytes, lines)"
    table = "marts.aud_merchant_files"
    return f"sql:create table {table} as from (values {values}) as files {columns}"


def recorded(folder: Path) -> dict[str, dict[str, object]]:
    """Hash, bytes and rows of each input by name."""
    return {
        name: {
            "sha256": entry["digest"]["sha256"],
            "bytes": entry["annotations"]["bytes"],
            "rows": entry["annotations"]["rows"],
        }
        for name, entry in dependencies(read_statement(folder), INPUT).items()
    }


def test_a_file_of_microdata_has_the_rows_that_the_build_counted(
    tiny: Tiny, tmp_path: Path
) -> None:
    merchants = tmp_path / "merchants.csv"
    merchants.write_bytes(b"a\n1\n2\n")
    sha256 = hashlib.sha256(b"a\n1\n2\n").hexdigest()
    folder = tiny.release(
        STANDIN_FAULT=merchant_files(f"('merchants.csv', '{sha256}', 6, 2)"),
        PLATFORM_EMPLOYMENT_MERCHANTS=str(tmp_path / "mer*.csv"),
    )
    assert recorded(folder)[str(merchants)] == {"sha256": sha256, "bytes": 6, "rows": 2}


def test_a_table_of_another_database_is_recorded_too(tiny: Tiny) -> None:
    sha256 = "0" * 64
    folder = tiny.release(
        STANDIN_FAULT=merchant_files(f"('postgresql:own.merchants', '{sha256}', 60, 5)")
    )
    expected = {"sha256": sha256, "bytes": 60, "rows": 5}
    assert recorded(folder)["postgresql:own.merchants"] == expected


def test_a_seed_that_the_build_lists_as_microdata_is_recorded_once() -> None:
    seed = InputFile("seeds/jobs.csv", Path("seeds/jobs.csv"), "1" * 64, 9, 4, "raw.jobs")
    row = {"file": "jobs.csv", "file_sha256": "1" * 64, "file_bytes": 9, "lines": 4}
    assert with_microdata([seed], [row]) == [seed]


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
    assert told_of(tmp_path, monkeypatch, capfd) == "chosen"


def told_of(
    previous: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> str:
    """Run a program in place of dbt that prints which release it is told of."""
    program = f"import os; print(os.environ.get('{PREVIOUS_VARIABLE}'))"
    monkeypatch.setattr(dbt, "DBT_COMMAND", (sys.executable, "-c", program))
    run = DbtRun(
        project=previous,
        database=previous / "d",
        target=previous / "t",
        logs=previous / "l",
        previous=previous,
    )
    assert run.run("build") == 0
    return capfd.readouterr().out.strip()
