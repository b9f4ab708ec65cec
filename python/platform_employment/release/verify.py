"""Which releases there are, which one readers see, and whether each is what was built."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from platform_employment.dbt.artifacts import AUDIT_SCHEMA, MARTS_SCHEMA
from platform_employment.formatting import table_lines
from platform_employment.reading import MEBIBYTE, ReadError, read_bytes
from platform_employment.release.errors import ReleaseError
from platform_employment.release.inputs import Previous
from platform_employment.release.integrity import (
    MAX_CHECKSUMS_BYTES,
    hash_files,
    read_checksums,
    signature_problem,
)
from platform_employment.release.manifest import (
    SOURCE,
    Statement,
    dependencies,
    own_inputs,
    previous_release,
    read_statement,
    table_hashes,
)
from platform_employment.release.store import (
    CHECKSUMS_FILE,
    DATABASE_FILE,
    ENVELOPE_FILE,
    MANIFEST_FILE,
    PARQUET_FOLDER,
    Store,
    builder_lock,
    release_time,
    update_current_link,
)
from platform_employment.release.table_hashes import (
    as_analysts_read,
    connect,
    parquet_relation,
    read_in_fresh_process,
    read_relation,
)

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

_MAX_ENVELOPE_BYTES = 16 * MEBIBYTE
_OWN_FILES = {MANIFEST_FILE, ENVELOPE_FILE}


@dataclass(frozen=True)
class Verdict:
    """What came of a verification; no finding means that the release is whole.

    own_inputs: what it depends on in addition to the tables that the project ships.
    """

    release_id: str
    manifest_sha256: str
    files: int
    tables: int
    is_signed: bool
    findings: tuple[str, ...]
    own_inputs: tuple[str, ...]


def verify(
    store: Store,
    release_id: str,
    keys: Sequence[Ed25519PublicKey] = (),
    *,
    with_tables: bool = False,
) -> Verdict:
    """Compare a release with its checksums, its manifest, its signature and later releases.

    keys: one of them must have signed the manifest; with_tables: hash all tables of
    the database and of the Parquet files again.
    """
    folder = store.folder(release_id)
    hashes = hash_files(folder)
    findings = list(_file_findings(folder, hashes))
    tables: Mapping[str, str] = {}
    own: tuple[str, ...] = ()
    try:
        statement = read_statement(folder)
        findings += _subject_findings(statement, hashes)
        tables = table_hashes(statement)
        own = tuple(own_inputs(statement))
        if statement["predicate"]["platformEmployment_release"] != release_id:
            findings.append(f"{MANIFEST_FILE}: is the manifest of another release")
    except ReleaseError as error:
        findings.append(str(error))
    findings += _signature_findings(folder, keys)
    findings += _chain_findings(store, release_id, hashes.get(MANIFEST_FILE, ""))
    if with_tables and not findings:
        findings += _table_findings(folder, tables)
    return Verdict(
        release_id=release_id,
        manifest_sha256=hashes.get(MANIFEST_FILE, ""),
        files=len(hashes) + 1,
        tables=len(tables),
        is_signed=ENVELOPE_FILE in hashes,
        findings=tuple(dict.fromkeys(findings)),
        own_inputs=own,
    )


def _file_findings(folder: Path, hashes: Mapping[str, str]) -> Iterator[str]:
    """Compare the files with SHA256SUMS."""
    try:
        expected = read_checksums(read_bytes(folder / CHECKSUMS_FILE, MAX_CHECKSUMS_BYTES))
    except ReadError as error:
        yield f"{CHECKSUMS_FILE}: {error.problem}"
        return
    if expected is None:
        yield f"{CHECKSUMS_FILE}: damaged"
        return
    yield from _differences(expected, hashes, "")


def _subject_findings(statement: Statement, hashes: Mapping[str, str]) -> Iterator[str]:
    """Compare the files with the subjects of the manifest."""
    subjects = {entry["name"]: entry["digest"]["sha256"] for entry in statement["subject"]}
    files = {name: sha256 for name, sha256 in hashes.items() if name not in _OWN_FILES}
    yield from _differences(subjects, files, ", by the manifest")


def _differences(expected: Mapping[str, str], found: Mapping[str, str], by: str) -> Iterator[str]:
    for name in sorted(expected.keys() | found.keys()):
        if name not in found:
            yield f"{name}: missing{by}"
        elif name not in expected:
            yield f"{name}: added{by}"
        elif found[name] != expected[name]:
            yield f"{name}: changed{by}"


def _signature_findings(folder: Path, keys: Sequence[Ed25519PublicKey]) -> Iterator[str]:
    if not os.path.lexists(folder / ENVELOPE_FILE):
        if keys:
            yield f"{ENVELOPE_FILE}: missing, the release is not signed"
        return
    try:
        envelope = read_bytes(folder / ENVELOPE_FILE, _MAX_ENVELOPE_BYTES)
        payload = read_bytes(folder / MANIFEST_FILE, _MAX_ENVELOPE_BYTES)
    except ReadError as error:
        yield f"{ENVELOPE_FILE}: {error.problem}"
        return
    if problem := signature_problem(envelope, payload, keys):
        yield f"{ENVELOPE_FILE}: {problem}"


def _chain_findings(store: Store, release_id: str, manifest_sha256: str) -> Iterator[str]:
    """Compare the manifest with what later releases say of it."""
    for later in store.release_ids():
        try:
            previous = previous_release(read_statement(store.folder(later)))
        except ReleaseError:
            continue
        expected = Previous(release_id, manifest_sha256)
        if previous and previous.release_id == release_id and previous != expected:
            yield f"{MANIFEST_FILE}: not the one that release {later} was built upon"


def _table_findings(folder: Path, expected: Mapping[str, str]) -> Iterator[str]:
    """Hash all tables again."""
    found = {table.name: table.sha256 for table in read_in_fresh_process(folder / DATABASE_FILE)}
    yield from _differences(expected, found, f" in {DATABASE_FILE}")
    schemas = (f"{MARTS_SCHEMA}.", f"{AUDIT_SCHEMA}.")
    marts = {name: sha for name, sha in expected.items() if name.startswith(schemas)}
    if any(found.get(name) != sha for name, sha in marts.items()):
        return  # the tables that the Parquet files are compared with are not the released ones
    with connect(folder / DATABASE_FILE) as connection:
        wanted = {
            name: read_relation(connection, name, f"({as_analysts_read(connection, name)})").sha256
            for name in marts
        }
        again = {
            name: read_relation(
                connection,
                name,
                parquet_relation(folder / PARQUET_FOLDER / f"{name.partition('.')[2]}.parquet"),
            ).sha256
            for name in marts
        }
    yield from _differences(wanted, again, f" in {PARQUET_FOLDER}")


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
