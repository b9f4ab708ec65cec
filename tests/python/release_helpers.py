"""The tiny project and its releases, for the tests."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from release_command import STANDIN

from platform_employment.cli import main
from platform_employment.dbt import run as dbt_run
from platform_employment.release.integrity import verify
from platform_employment.release.manifest import Statement, read_statement, table_hashes
from platform_employment.release.store import DATABASE_FILE, Store

TINY_PROJECT = Path(__file__).parents[1] / "fixtures/tiny_project"
COMMAND = [sys.executable, str(Path(__file__).with_name("release_command.py"))]
JOBS = "seeds/platform/jobs.csv"


@dataclass(frozen=True)
class Result:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Tiny:
    """A copy of the tiny project.

    recorded: a release that dbt built, for the stand-in; root: folder of the store.
    """

    folder: Path
    recorded: Path
    root: Path

    @property
    def store(self) -> Store:
        return Store(self.root)

    @property
    def current(self) -> Path:
        """The folder that readers see now."""
        return self.store.current.resolve(strict=True)

    def run(self, *arguments: str, **environment: str) -> Result:
        """Run a command in this process, with the stand-in for dbt."""
        out, err = io.StringIO(), io.StringIO()
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(self.folder)
            patch.setattr(dbt_run, "DBT_COMMAND", STANDIN)
            for name, value in self.environment(**environment).items():
                patch.setenv(name, value)
            with redirect_stdout(out), redirect_stderr(err):
                try:
                    code = main([*arguments, "--root", str(self.root)])
                except SystemExit as end:
                    code = int(str(end.code))
        return Result(code, out.getvalue(), err.getvalue())

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """Start a command in a separate process group, with the stand-in for dbt."""
        return subprocess.Popen(
            [*COMMAND, *arguments, "--root", str(self.root)],
            cwd=self.folder,
            env={**os.environ, **self.environment(**environment)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def environment(self, **environment: str) -> dict[str, str]:
        return {"STANDIN_RELEASE": str(self.recorded), **environment}

    def release(self, *arguments: str, **environment: str) -> Path:
        """Make a release that must succeed; give its folder."""
        result = self.run("release", *arguments, **environment)
        assert result.code == 0, result
        return self.current

    def replace(self, file: str, old: str, new: str) -> None:
        """Change one place in a file of the project."""
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, (file, old)
        path.write_text(text.replace(old, new), encoding="utf-8")


def with_dbt(tiny: Tiny, *arguments: str, **environment: str) -> Result:
    """Run a command as users do: in a separate process, with dbt."""
    command = str(Path(sys.executable).with_name("platform-employment"))
    process = subprocess.run(
        [command, *arguments, "--root", str(tiny.root)],
        cwd=tiny.folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return Result(process.returncode, process.stdout, process.stderr)


def assert_unchanged(tiny: Tiny, before: str, result: Result) -> None:
    """A release that failed: `current` as before, one clear line, no traceback."""
    assert tiny.store.current_id() == before
    assert result.code == 2, result
    assert result.err.startswith("platform-employment: "), result.err
    assert result.err.count("\n") == 1, result.err
    assert "Traceback" not in result.out + result.err
    assert verify(tiny.store, before).findings == ()


def hashes(folder: Path) -> dict[str, str]:
    """The hashes of all tables of a release."""
    return table_hashes(statement(folder))


def statement(folder: Path) -> Statement:
    return read_statement(folder)


def query(folder: Path, sql: str) -> list[tuple[object, ...]]:
    """Ask the warehouse of a release."""
    with duckdb.connect(str(folder / DATABASE_FILE), read_only=True) as connection:
        rows: list[tuple[object, ...]] = connection.execute(sql).fetchall()
    return rows


def remount(folder: Path, options: str) -> None:
    """Change the size or the mode of a mounted file system."""
    subprocess.run(["mount", "-o", f"remount,{options}", str(folder)], check=True)


def on_disk(tiny: Tiny, disk: Path) -> Tiny:
    """The same project, its releases moved to another file system."""
    shutil.copytree(tiny.store.releases, disk / "releases", symlinks=True)
    (disk / "build").mkdir()
    return Tiny(tiny.folder, tiny.recorded, disk)


def used(folder: Path) -> int:
    """The bytes in use on a file system."""
    return shutil.disk_usage(folder).used
