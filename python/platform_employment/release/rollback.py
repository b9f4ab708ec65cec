"""Let readers see an earlier release again."""

from __future__ import annotations

from platform_employment.release.errors import ReleaseError
from platform_employment.release.lock import builder_lock
from platform_employment.release.manifest import previous_release, read_statement
from platform_employment.release.store import Store
from platform_employment.release.swap import point_current
from platform_employment.release.verify import verify


def rollback(store: Store, release_id: str | None = None) -> tuple[str | None, str]:
    """Let `current` point to a release that verifies; give the ids before and after.

    release_id: the release; by default the one that was current when the current one was
    built. Raises ReleaseError when there is none or when it is not what was built.
    """
    if not store.release_ids():
        raise ReleaseError(f"no releases in {store.root}: platform-employment release makes one")
    with builder_lock(store.lock_file, "platform-employment rollback"):
        before = store.current_id()
        after = store.find(release_id) if release_id else release_before(store, store.find())
        findings = verify(store, after).findings
        if findings:
            raise ReleaseError(
                f"{after} is not what was built: {findings[0]}; current stays {before}: "
                "choose another release"
            )
        point_current(store, after)
    return before, after


def release_before(store: Store, release_id: str) -> str:
    """Give the release that was current when another was built."""
    previous = previous_release(read_statement(store.folder(release_id)))
    if previous is None:
        raise ReleaseError(f"{release_id} is the first release: name the one to use instead")
    if previous.release_id not in store.release_ids():
        raise ReleaseError(
            f"{previous.release_id}, the one before {release_id}, was removed: name another; "
            "platform-employment releases lists them"
        )
    return previous.release_id
