"""One builder at a time: an advisory lock on a file that says who holds it.

The kernel gives the lock back when its holder ends, however it ends, so there is nothing to
clean up after a kill.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from platform_employment.release.errors import ReleaseError
from platform_employment.release.store import Store

# a holder needs a moment between taking the lock and writing its name into the file
_PATIENCE_SECONDS = 1.0
_PAUSE_SECONDS = 0.02


@contextmanager
def store_lock(store: Store, command: str) -> Iterator[None]:
    """Hold the lock of a store that is ready to build in, while the block runs."""
    store.prepare()
    with builder_lock(store.lock_file, command):
        _remove_leftovers(store)
        yield


@contextmanager
def builder_lock(path: Path, command: str) -> Iterator[None]:
    """Hold the lock while the block runs.

    path: the lock file, made when it is missing; command: what the holder is doing, for the
    message to others. Raises ReleaseError that names the holder when the lock is taken.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        _take(descriptor)
        # a full disk must not keep `prune` from running: then the lock has no name in it
        with suppress(OSError):
            _write_holder(descriptor, command)
        yield
    finally:
        os.close(descriptor)


def _take(descriptor: int) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = _read_holder(descriptor)
            if holder is None and time.monotonic() < deadline:
                time.sleep(_PAUSE_SECONDS)
                continue
            raise ReleaseError(
                f"another command is at work here: {holder or 'its name is not known'}; "
                "wait until it ends, or stop it"
            ) from None
        else:
            return


def _write_holder(descriptor: int, command: str) -> None:
    started = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    holder = {"pid": os.getpid(), "started": started, "command": command}
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, json.dumps(holder).encode() + b"\n", 0)


def _read_holder(descriptor: int) -> str | None:
    """Give the holder as text; None while the file names nobody who is alive."""
    try:
        holder = json.loads(os.pread(descriptor, 4096, 0))
        os.kill(holder["pid"], 0)
        return f"process {holder['pid']}, {holder['command']}, since {holder['started']}"
    except PermissionError:
        return f"process {holder['pid']}, {holder['command']}, since {holder['started']}"
    except (ValueError, TypeError, KeyError, ProcessLookupError):
        return None


def _remove_leftovers(store: Store) -> None:
    """Remove what killed or failed commands left; what cannot go now is left for next time.

    A dbt that outlived its killed release may still write into its build folder.
    """
    for path in store.leftovers():
        if path.is_symlink():
            path.unlink()
        else:
            shutil.rmtree(path, ignore_errors=True)
