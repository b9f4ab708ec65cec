"""Collect and hash what a release is built from, then let dbt build it in a separate folder."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import platform_employment
from platform_employment.dbt.artifacts import Artifacts, failure, read_artifacts
from platform_employment.dbt.build_inputs import (
    PREVIOUS_CHECKS,
    SPOOL_FILE,
    BuildInputs,
    compared_release,
    named_inputs,
    read_variables,
)
from platform_employment.dbt.run import DbtRun, failed_test_messages
from platform_employment.errors import UserError
from platform_employment.formatting import safe_text
from platform_employment.reading import sha256_of
from platform_employment.release.store import DATABASE_FILE, MANIFEST_FILE, ReleaseError, Store

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

DBT_PAGE, CATALOG = "static_index.html", "catalog.json"
_PARSE_CACHE = "partial_parse.msgpack"
_LAST_LINES = 20
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


@dataclass(frozen=True)
class Built:
    """A warehouse that dbt made; nothing of it is judged yet.

    artifacts: of the run; inputs: the files behind every seed; pages: dbt's own page and
    catalogue are in this folder next to its manifest.
    """

    artifacts: Artifacts
    inputs: tuple[InputFile, ...]
    pages: Path


def build(context: BuildContext) -> Built:
    """Run dbt, and let it write its page. Raises ReleaseError that says what failed."""
    artifacts = _build(context.run)
    return Built(
        artifacts=artifacts,
        inputs=(*_seed_files(artifacts, context), *context.compared),
        pages=_write_pages(context.run),
    )


def _build(dbt: DbtRun) -> Artifacts:
    """Return what failed from the results of dbt rather than from its exit code alone."""
    assert dbt.log is not None  # a request has one
    dbt.log.unlink(missing_ok=True)
    code = dbt.run("build")
    try:
        artifacts = read_artifacts(dbt.target)
    except UserError:
        print(_end_of(dbt.log), flush=True)
        raise ReleaseError(
            f"dbt build stopped with exit code {code} before it built anything, see its output "
            "above; nothing was published: correct it and release again"
        ) from None
    if code != 0:
        for line in failed_test_messages(dbt.log):
            print(safe_text(line), flush=True)
        raise ReleaseError(
            f"{failure(artifacts)}; nothing was published, the failed build is in "
            f"{dbt.target.parent}, all that dbt said in {dbt.log}: correct it and release again"
        )
    return artifacts


def _end_of(log: Path) -> str:
    text = log.read_text(encoding="utf-8", errors="replace") if log.is_file() else ""
    return "\n".join(map(safe_text, text.splitlines()[-_LAST_LINES:]))


def _seed_files(artifacts: Artifacts, context: BuildContext) -> Iterator[InputFile]:
    """Describe the files behind every seed, what the project ships before own data."""
    read = context.read
    for seed in artifacts.seeds():
        table = read.tables.tables["/".join(Path(seed.file).parts[-2:])]
        for layer in table.layers:
            yield InputFile(
                name=layer.name,
                path=layer.path,
                sha256=sha256_of(layer.path),
                size=layer.path.stat().st_size,
                rows=len(layer.rows) + len(layer.left_out),
                table=seed.table,
                left_out=len(layer.left_out),
            )
    if path := read.settings:
        yield InputFile(str(path), path, sha256_of(path), path.stat().st_size)


def _write_pages(dbt: DbtRun) -> Path:
    # in a separate target folder, because it overwrites manifest.json and run_results.json
    target = dbt.target.with_name("docs-target")
    target.mkdir()
    if (dbt.target / _PARSE_CACHE).is_file():
        shutil.copyfile(dbt.target / _PARSE_CACHE, target / _PARSE_CACHE)
    if dbt.run("--quiet", "docs", "generate", "--static", target=target) != 0:
        raise ReleaseError(
            "dbt docs generate failed, see logs/release.log; nothing was published: correct it and "
            "release again"
        )
    return target
