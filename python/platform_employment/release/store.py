"""Where builds and releases are, how a release is named, and why a command on them stops.

<root>/build/<run>/            a build that is under way, or the last one that failed
<root>/releases/<id>/          a release: whole, audited, never changed
<root>/releases/current        link to the release that readers use, written as a relative one
<root>/releases/.lock          held by the one command that may change any of this
<root>/releases/.lock-holder   which command that is

A run and a release are named by their time in UTC, so that names sort by age. What readers see
changes by a rename, which the file system does wholly or not at all, after everything that it
shows has reached the disk.
"""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from platform_employment.errors import UserError
from platform_employment.reading import ReadError, read_json

DATABASE_FILE = "platform_employment.duckdb"
# not named like a schema in it, which DuckDB could not tell apart
MARTS_FILE = "platform_employment_marts.duckdb"
WORKBOOK_FILE = "platform_employment.xlsx"
CSV_FOLDER = "csv"
INPUTS_FOLDER = "inputs"
SUPERSET_FOLDER = "superset"
PARQUET_FOLDER = "parquet"
DOCS_FOLDER = "docs"
VALIDATION_FOLDER = "validation"
DBT_FOLDER = "dbt"
METRICS_FILE = "semantic_manifest.json"
LINEAGE_FOLDER = "lineage"
CHANGELOG_FILE = "CHANGELOG.md"
CHANGES_FILE = "changes.txt"
MANIFEST_FILE = "manifest.json"
ENVELOPE_FILE = "manifest.dsse.json"
CHECKSUMS_FILE = "SHA256SUMS"

# a holder needs a moment between taking the lock and writing down who it is
_PATIENCE_SECONDS = 1.0
_MAX_HOLDER_BYTES = 4096
_TIME_FORMAT = "%Y%m%dT%H%M%SZ"
_RELEASE_ID = re.compile(r"[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8}")
_RUN_ID = re.compile(r"[0-9]{8}T[0-9]{6}Z-[0-9]+(-pruned)?")
# what DuckDB prints of ENOSPC depends on the call that met it
_DISK_FULL_TEXTS = ("no space left on device", "disk is full", "failed to offload")
_NEARLY_FULL_BYTES = 1024 * 1024


class ReleaseError(UserError):
    """A release, or a command on releases, stopped; `current` is what it was before."""


def disk_full(folder: Path) -> ReleaseError:
    """Return the error for a full disk."""
    return ReleaseError(
        f"the disk of {folder} is full; nothing was published: free some space, for example "
        "with platform-employment prune --keep 3, and release again"
    )


def is_disk_full(folder: Path, error: BaseException) -> bool:
    """Return whether an error, or the state of the disk, means that the disk is full."""
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return True
    if any(text in str(error).lower() for text in _DISK_FULL_TEXTS):
        return True
    return shutil.disk_usage(folder).free < _NEARLY_FULL_BYTES


def first_line(error: BaseException | str) -> str:
    """Return the first line of a message that is not empty."""
    lines = (line.strip() for line in str(error).splitlines())
    return next((line for line in lines if line), type(error).__name__)


@dataclass(frozen=True)
class Store:
    """The builds and releases below one root folder."""

    root: Path

    @property
    def builds(self) -> Path:
        """Folder of the builds."""
        return self.root / "build"

    @property
    def releases(self) -> Path:
        """Folder of the releases."""
        return self.root / "releases"

    @property
    def current(self) -> Path:
        """The link that readers follow."""
        return self.releases / "current"

    @property
    def lock_file(self) -> Path:
        """The file that is locked while a command changes something."""
        return self.releases / ".lock"

    @property
    def holder_file(self) -> Path:
        """The file that says which command holds the lock."""
        return self.releases / ".lock-holder"

    def prepare(self) -> None:
        """Make the folders.

        Raises ReleaseError where a rename from one to the other could not be atomic, or
        where `current` is not a link; OSError where a folder cannot be made.
        """
        for folder in (self.builds, self.releases):
            folder.mkdir(parents=True, exist_ok=True)
        if self.builds.stat().st_dev != self.releases.stat().st_dev:
            raise ReleaseError(
                f"{self.builds} and {self.releases} are on different file systems, so a "
                "release cannot be moved into place in one step; put both on one"
            )
        if self.current.exists() and not self.current.is_symlink():
            raise ReleaseError(f"{self.current} is not a link; move it away")

    def release_ids(self) -> list[str]:
        """Return the ids of all releases, oldest first."""
        if not self.releases.is_dir():
            return []
        return sorted(
            entry.name
            for entry in self.releases.iterdir()
            if _RELEASE_ID.fullmatch(entry.name) and entry.is_dir()
        )

    def current_id(self) -> str | None:
        """Return the id of the release that readers see; None when it does not exist."""
        if not self.current.is_symlink():
            return None
        # a link may be absolute, or lead here by another one
        target = Path(os.path.realpath(self.current))
        is_here = target.parent == Path(os.path.realpath(self.releases))
        return target.name if is_here and target.name in self.release_ids() else None

    def find(self, release_id: str | None = None) -> str:
        """Return the id of a release: the named one, by a unique beginning too, or the current.

        Raises ReleaseError when it does not exist, or more than one.
        """
        ids = self.release_ids()
        if release_id is None or release_id == "current":
            current = self.current_id()
            if current is None:
                known = f"; choose one of {', '.join(ids)}" if ids else ""
                raise ReleaseError(
                    f"no current release in {self.releases}{known or ': make one with release'}"
                )
            return current
        matches = [known for known in ids if known.startswith(release_id)]
        if len(matches) != 1:
            problem = "no release" if not matches else "more than one release"
            raise ReleaseError(
                f"{problem} {release_id} in {self.releases}: platform-employment releases "
                "lists them"
            )
        return matches[0]

    def folder(self, release_id: str) -> Path:
        """Return the folder of a release."""
        return self.releases / release_id

    def new_release_id(self, started: datetime, digest: str) -> str:
        """Name a release by its start and the first eight digits of the hash of its tables.

        A later release sorts behind all earlier ones even when the clock was set back.
        """
        moment = started.astimezone(UTC).replace(microsecond=0)
        for known in self.release_ids():
            moment = max(moment, release_time(known) + timedelta(seconds=1))
        return f"{moment.strftime(_TIME_FORMAT)}-{digest[:8]}"

    def leftovers(self) -> list[Path]:
        """Return what killed or failed commands left behind; for the holder of the lock only."""
        runs = [entry for entry in self.builds.iterdir() if _RUN_ID.fullmatch(entry.name)]
        return sorted([*runs, *self.releases.glob(".current-*")])


def release_time(release_id: str) -> datetime:
    """Return the time that a release or a run is named after."""
    return datetime.strptime(release_id.partition("-")[0], _TIME_FORMAT).replace(tzinfo=UTC)


def run_id(started: datetime) -> str:
    """Name a run by its start and its process."""
    return f"{started.astimezone(UTC).strftime(_TIME_FORMAT)}-{os.getpid()}"


@contextmanager
def store_lock(store: Store, command: str) -> Iterator[None]:
    """Hold the lock of a store that is ready to build in, while the block runs."""
    store.prepare()
    with builder_lock(store, command):
        _remove_leftovers(store)
        yield


@contextmanager
def builder_lock(store: Store, command: str) -> Iterator[None]:
    """Hold the lock while the block runs; the kernel gives it back however its holder ends.

    command: what the holder is doing, for the message to others. Raises ReleaseError that names
    the holder when the lock is taken.
    """
    from filelock import FileLock, Timeout  # noqa: PLC0415  the command line must start fast

    lock = FileLock(store.lock_file, timeout=_PATIENCE_SECONDS)
    try:
        lock.acquire()
    except Timeout:
        raise ReleaseError(
            f"another command is at work here: {_holder(store.holder_file)}; "
            "wait until it ends, or end it"
        ) from None
    try:
        # a full disk must not keep `prune` from running: then no one knows who holds the lock
        with suppress(OSError):
            started = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
            holder = {"pid": os.getpid(), "started": started, "command": command}
            store.holder_file.write_text(json.dumps(holder), encoding="utf-8")
        yield
    finally:
        lock.release()


def _holder(path: Path) -> str:
    """Return who holds the lock, as text for others."""
    with suppress(ReadError, KeyError, TypeError):
        holder = read_json(path, _MAX_HOLDER_BYTES)
        return f"process {holder['pid']}, {holder['command']}, since {holder['started']}"
    return "its name is not known"


def _remove_leftovers(store: Store) -> None:
    """Remove what killed or failed commands left; what cannot go now is left for next time.

    A dbt that outlived its killed release may still write into its build folder.
    """
    for path in store.leftovers():
        if path.is_symlink():
            path.unlink()
        else:
            shutil.rmtree(path, ignore_errors=True)


def publish(store: Store, folder: Path, release_id: str) -> None:
    """Move a finished folder to its place and let readers see it."""
    folder.rename(store.folder(release_id))
    to_disk(store.releases)
    update_current_link(store, release_id)


def update_current_link(store: Store, release_id: str) -> None:
    """Make `current` point to a release in one step."""
    link = store.releases / f".current-{release_id}"
    link.unlink(missing_ok=True)
    link.symlink_to(release_id)
    link.replace(store.current)
    to_disk(store.releases)


def prune(store: Store, keep: int) -> list[str]:
    """Remove all but the newest releases and the current one; return the ids of those removed.

    Readers that have a removed release open can read it to the end.
    """
    if keep < 1:
        raise ReleaseError("--keep must be 1 or more")
    kept = {*store.release_ids()[-keep:], store.current_id()}
    removed = [release_id for release_id in store.release_ids() if release_id not in kept]
    for release_id in removed:
        # out of sight in one step, so that no one finds half a release
        aside = store.builds / f"{release_id.partition('-')[0]}-{os.getpid()}-pruned"
        store.folder(release_id).rename(aside)
        shutil.rmtree(aside)
    return removed


def to_disk(path: Path) -> None:
    """Wait until a file or folder has reached the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
