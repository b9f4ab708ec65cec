"""Collect: what a release is built from, known and hashed before anything is built."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import platform_employment
from platform_employment.dbt.build_inputs import (
    PREVIOUS_CHECKS,
    SPOOL_FILE,
    BuildInputs,
    compared_release,
    named_inputs,
    read_variables,
)
from platform_employment.dbt.run import DbtRun
from platform_employment.reading import sha256_of
from platform_employment.release.store import DATABASE_FILE, MANIFEST_FILE, Store

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

LOCK_FILE = "requirements/build.txt"
LOG_FILE = "release.log"
_CODE_FOLDERS = ("analyses", "macros", "models", "python/models", "seeds", "tests")
_CODE_FILES = ("dbt_project.yml", "profiles.yml", "pyproject.toml", LOCK_FILE)
_CODE_SUFFIXES = {".sql", ".py", ".yml", ".yaml", ".md"}


@dataclass(frozen=True)
class ReleaseRequest:
    """What to release.

    project: folder of the dbt project; store: where builds and releases are; variables: for
    dbt's --vars; inputs: folder of own data; key: signs the manifest.
    """

    project: Path
    store: Store
    variables: str | None = None
    inputs: Path | None = None
    key: Ed25519PrivateKey | None = None


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


@dataclass(frozen=True)
class Previous:
    """The release that was current when this one was built."""

    release_id: str
    manifest_sha256: str


@dataclass(frozen=True)
class BuildContext:
    """What a build is built from.

    started: when; since: the same as the file system gives times (st_ctime_ns), so that clocks
    need not agree; run: how dbt runs; read: what it reads; compared: distributions that it
    compares with; code: file and SHA-256 by name; previous: the release that is current.
    """

    started: datetime
    since: int
    run: DbtRun
    read: BuildInputs
    compared: tuple[InputFile, ...]
    code: Mapping[str, tuple[Path, str]]
    git: GitState | None
    previous: Previous | None


def collect_inputs(request: ReleaseRequest, started: datetime, work: Path) -> BuildContext:
    """Return what a release is built from; work: the new folder of its build.

    Raises UserError for tables of which validation refuses a cell, or that cannot be read.
    """
    folder = work / "release"
    folder.mkdir()
    since = folder.stat().st_ctime_ns
    current = request.store.current_id()
    before = request.store.folder(current) if current else None
    run = DbtRun(
        project=request.project,
        database=work / DATABASE_FILE,
        target=work / "target",
        logs=work / "logs",
        inputs=request.inputs,
        variables=request.variables,
        previous=before if before and (before / MANIFEST_FILE).is_file() else None,
        log=request.store.root / "logs" / LOG_FILE,
    )
    variables = read_variables(request.variables)
    read = named_inputs(request.project, run.target / SPOOL_FILE, request.inputs, variables)
    read.tables.stop_on_findings()
    print(f"{len(read.tables.files)} files accepted", flush=True)
    return BuildContext(
        started=started,
        since=since,
        run=run,
        read=read,
        compared=_compared(run),
        code={name: (path, sha256_of(path)) for name, path in _code_files(request.project)},
        git=_git_state(request.project),
        previous=Previous(run.previous.name, sha256_of(run.previous / MANIFEST_FILE))
        if run.previous
        else None,
    )


def _compared(run: DbtRun) -> tuple[InputFile, ...]:
    """Describe the distributions of the release, if any, that the build compares its own with."""
    compared = compared_release(run.project, run.previous)
    if compared is None:
        return ()
    release = compared.resolve()
    path = release / PREVIOUS_CHECKS
    size = path.stat().st_size
    return (InputFile(str(PREVIOUS_CHECKS), path, sha256_of(path), size, release=release.name),)


def _code_files(project: Path) -> Iterator[tuple[str, Path]]:
    """Return the files that decide what a build does, by name: the project's and this package."""
    for name in _CODE_FILES:
        if (project / name).is_file():
            yield name, project / name
    package = Path(platform_employment.__file__).parent
    folders = {name: project / name for name in _CODE_FOLDERS}
    for name, folder in {**folders, f"python/{package.name}": package}.items():
        for path in sorted(folder.rglob("*")):
            if path.suffix in _CODE_SUFFIXES and path.is_file():
                yield f"{name}/{path.relative_to(folder).as_posix()}", path


def _git_state(project: Path) -> GitState | None:
    """Return the state of the repository; None without git or outside of a repository."""
    log = _git(project, "log", "-1", "--format=%H %ct")
    status = _git(project, "status", "--porcelain")
    if not log or status is None:
        return None
    commit, committed = log.split()
    return GitState(commit, int(committed), bool(status))


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
