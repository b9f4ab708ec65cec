"""What goes into a build: input files, code, lock file, git commit, and that none changed."""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import platform_employment
from platform_employment.dbt.artifacts import Artifacts
from platform_employment.dbt.build_inputs import PREVIOUS_CHECKS, BuildInputs
from platform_employment.release.stops import ReleaseError

LOCK_FILE = "requirements/build.txt"
_CODE_FOLDERS = ("analyses", "macros", "models", "python/models", "seeds", "tests")
_CODE_FILES = ("dbt_project.yml", "profiles.yml", "pyproject.toml", LOCK_FILE)
_CODE_SUFFIXES = {".sql", ".py", ".yml", ".yaml", ".md"}


@dataclass(frozen=True)
class InputFile:
    """A file of data; rows are its records, None where they are not counted.

    name: as users know it; path: None for a table of another database, of which the build
    made a file; table: the table it is loaded into, with its schema; left_out: rows that are
    not, because own ones replace them or `inputs.yml` says so; accepted, rejected: lines of
    microdata by what became of them; release: the release whose distributions it holds.
    """

    name: str
    path: Path | None
    sha256: str
    size: int
    rows: int | None = None
    table: str | None = None
    left_out: int = 0
    accepted: int | None = None
    rejected: int | None = None
    release: str | None = None


@dataclass(frozen=True)
class GitState:
    """Commit that is checked out, its time in seconds since 1970, and whether files differ."""

    commit: str
    committed: int
    is_dirty: bool


def seed_files(artifacts: Artifacts, read: BuildInputs) -> list[InputFile]:
    """Describe the files behind every seed, what the project ships before own data."""
    files = []
    for seed in artifacts.seeds():
        table = read.tables.tables["/".join(Path(seed.file).parts[-2:])]
        for layer in table.layers:
            described = _described(layer.name, layer.path, seed.table)
            rows = len(layer.rows) + len(layer.left_out)
            files.append(replace(described, rows=rows, left_out=len(layer.left_out)))
    settings = [_described(str(read.settings), read.settings, None)] if read.settings else []
    return [*files, *settings]


def with_microdata(
    files: Iterable[InputFile],
    microdata: Iterable[Mapping[str, Any]],
    read: Sequence[tuple[str, Path | None]],
) -> list[InputFile]:
    """Add the files of microdata, with the lines that the build accepted and rejected in them.

    microdata: rows of aud_merchant_files; read: name and path of each in the same order, empty
    where the microdata is a seed, which is one of the files already.
    """
    rows = sorted(microdata, key=lambda row: int(row["file_number"]))
    if not read:
        counted = {row["file_sha256"]: row for row in rows}
        return [_counted(file, counted.get(file.sha256)) for file in files]
    return [
        *files,
        *(
            _counted(
                InputFile(name, path, row["file_sha256"], row["file_bytes"], row["lines"]),
                row,
            )
            for (name, path), row in zip(read, rows, strict=True)
        ),
    ]


def _counted(file: InputFile, row: Mapping[str, Any] | None) -> InputFile:
    if row is None:
        return file
    return replace(file, accepted=row["accepted_lines"], rejected=row["rejected_lines"])


def previous_distributions(compared: Path | None) -> list[InputFile]:
    """Describe the distributions of the release, if any, that the build compared its own with."""
    if compared is None:
        return []
    release = compared.resolve()
    described = _described(str(PREVIOUS_CHECKS), release / PREVIOUS_CHECKS, None)
    return [replace(described, release=release.name)]


def code_files(project: Path) -> dict[str, Path]:
    """Give the files that decide what a build does, by name: the project's and this package."""
    files = {name: project / name for name in _CODE_FILES if (project / name).is_file()}
    for folder in _CODE_FOLDERS:
        for path in sorted((project / folder).rglob("*")):
            if path.suffix in _CODE_SUFFIXES and path.is_file():
                files[path.relative_to(project).as_posix()] = path
    package = Path(platform_employment.__file__).parent
    for path in sorted(package.rglob("*")):
        if path.suffix in _CODE_SUFFIXES and path.is_file():
            files[f"python/{package.name}/{path.relative_to(package).as_posix()}"] = path
    return files


def check_unchanged(paths: Iterable[Path], since: int) -> None:
    """Stop if a file changed during the build, which may have read either state of it.

    since: when the build began, as the file system gives times (st_ctime_ns), so that clocks
    need not agree.
    """
    for path in paths:
        if path.stat().st_ctime_ns > since:
            raise ReleaseError(
                f"{path} changed while the release was built; nothing was published: release again"
            )


def git_state(project: Path) -> GitState | None:
    """Give the state of the repository; None without git or outside of a repository."""
    log = _git(project, "log", "-1", "--format=%H %ct")
    status = _git(project, "status", "--porcelain")
    if not log or status is None:
        return None
    commit, committed = log.split()
    return GitState(commit, int(committed), bool(status))


def sha256_of(path: Path) -> str:
    """Hash a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _git(project: Path, *arguments: str) -> str | None:
    try:
        process = subprocess.run(
            ["git", "-C", str(project), *arguments],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "GIT_OPTIONAL_LOCKS": "0"},
        )
    except FileNotFoundError:
        return None
    return process.stdout.strip() if process.returncode == 0 else None


def _described(name: str, path: Path, table: str | None) -> InputFile:
    return InputFile(name, path, sha256_of(path), path.stat().st_size, table=table)
