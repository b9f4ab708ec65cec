"""The list of releases."""

from __future__ import annotations

from collections.abc import Iterator

from platform_employment.formatting import table_lines
from platform_employment.release.errors import ReleaseError
from platform_employment.release.manifest import (
    SOURCE,
    dependencies,
    previous_release,
    read_statement,
)
from platform_employment.release.store import ENVELOPE_FILE, Store, release_time


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
        yield "current points to no release: platform-employment rollback ID mends that"


def _row(store: Store, release_id: str, *, is_current: bool) -> tuple[str, ...]:
    folder = store.folder(release_id)
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    try:
        statement = read_statement(folder)
        tables = str(len(statement["predicate"]["platformEmployment_tables"]))
        source = dependencies(statement, SOURCE).get("git")
        previous = previous_release(statement)
    except (ReleaseError, KeyError, TypeError):
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
