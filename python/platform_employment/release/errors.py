"""Why a release stops, as one line that says what to do next."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

from platform_employment.errors import UserError

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
