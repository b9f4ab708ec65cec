"""Publish: moving a release into place, and what `current` points to.

Each is one rename, which the file system does wholly or not at all, after everything that it
shows has reached the disk.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from platform_employment.release.errors import ReleaseError
from platform_employment.release.finalize import to_disk
from platform_employment.release.store import Store


def publish(store: Store, folder: Path, release_id: str) -> None:
    """Move a sealed folder to its place and let readers see it."""
    folder.rename(store.folder(release_id))
    to_disk(store.releases)
    point_current(store, release_id)


def point_current(store: Store, release_id: str) -> None:
    """Let `current` point to a release, from one moment to the next."""
    link = store.releases / f".current-{release_id}"
    link.unlink(missing_ok=True)
    link.symlink_to(release_id)
    link.replace(store.current)
    to_disk(store.releases)


def prune(store: Store, keep: int) -> list[str]:
    """Remove all but the newest releases and the current one; give the ids of those removed.

    Readers that have a removed release open can read it to the end.
    """
    if keep < 1:
        raise ReleaseError("--keep must be 1 or more")
    kept = {*store.release_ids()[-keep:], store.current_id()}
    removed = [release_id for release_id in store.release_ids() if release_id not in kept]
    for release_id in removed:
        # out of sight in one step, so that nobody finds half a release
        aside = store.builds / f"{release_id.partition('-')[0]}-{os.getpid()}-pruned"
        store.folder(release_id).rename(aside)
        shutil.rmtree(aside)
    return removed
