"""The releases of a store: which there are, and which one readers see."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from platform_employment.formatting import table_lines
from platform_employment.release.errors import ReleaseError
from platform_employment.release.manifest import (
    SOURCE,
    dependencies,
    previous_release,
    read_statement,
)
from platform_employment.release.store import (
    ENVELOPE_FILE,
    Store,
    builder_lock,
    release_time,
    update_current_link,
)
from platform_employment.release.verify import verify

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def release_lines(store: Store) -> Iterator[str]:
    """List the releases, the newest first; an arrow marks the one that readers see."""
    ids = store.release_ids()
    if not ids:
        yield f"no releases in {store.root}: platform-employment release makes one"
        return
    current = store.current_id()
    header = ("", "release", "built (UTC)", "commit", "tables", "MiB", "signed", "before it")
    rows = [_row(store, name, is_current=name == current) for name in reversed(ids)]
    yield from table_lines([header, *rows], {4, 5})
    if current is None:
        yield "current points to no release: platform-employment rollback ID corrects that"


def _row(store: Store, release_id: str, *, is_current: bool) -> tuple[str, ...]:
    folder = store.folder(release_id)
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    try:
        statement = read_statement(folder)
        tables = str(len(statement["predicate"]["platformEmployment_tables"]))
        source = dependencies(statement, SOURCE).get("git")
        previous = previous_release(statement)
    except ReleaseError:
        tables, source, previous = "damaged", None, None
    commit = source["digest"]["gitCommit"][:12] if source else "-"
    if source and source["annotations"]["isDirty"]:
        commit += "+"
    return (
        "->" if is_current else "",
        release_id,
        release_time(release_id).strftime("%Y-%m-%d %H:%M:%S"),
        commit,
        tables,
        f"{size / 1024**2:.1f}",
        "yes" if (folder / ENVELOPE_FILE).is_file() else "no",
        previous.release_id if previous else "-",
    )


def rollback(
    store: Store, release_id: str | None = None, keys: Sequence[Ed25519PublicKey] = ()
) -> tuple[str | None, str]:
    """Make `current` point to a release that verifies; return the ids before and after.

    release_id: the release; by default the one that was current when the current one was
    built; keys: one of them must have signed it. Raises ReleaseError when it does not exist or when
    it is not what was built.
    """
    if not store.release_ids():
        raise ReleaseError(f"no releases in {store.root}: platform-employment release makes one")
    with builder_lock(store, "platform-employment rollback"):
        before = store.current_id()
        after = store.find(release_id) if release_id else release_before(store, store.find())
        findings = verify(store, after, keys).findings
        if findings:
            raise ReleaseError(
                f"{after} is not what was built: {findings[0]}; current stays {before}: "
                "choose another release"
            )
        update_current_link(store, after)
    return before, after


def release_before(store: Store, release_id: str) -> str:
    """Return the release that was current when another was built."""
    previous = previous_release(read_statement(store.folder(release_id)))
    if previous is None:
        raise ReleaseError(f"{release_id} is the first release: name the one to use instead")
    if previous.release_id not in store.release_ids():
        raise ReleaseError(
            f"{previous.release_id}, the one before {release_id}, was removed: name another; "
            "platform-employment releases lists them"
        )
    return previous.release_id
