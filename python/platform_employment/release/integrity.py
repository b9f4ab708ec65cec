"""Whether a release is what was built: hashes, SHA256SUMS and the Ed25519 signature.

The signature is in a DSSE envelope (https://github.com/secure-systems-lab/dsse), which other
in-toto tools read too. `finalize` writes all three, and nothing is written after it; `verify`
compares a release with them, with its manifest and with later releases, and `rollback` makes a
release that verifies current again.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from platform_employment.database import connect
from platform_employment.dbt.artifacts import AUDIT_SCHEMA, MARTS_SCHEMA
from platform_employment.formatting import table_lines
from platform_employment.reading import MEBIBYTE, ReadError, read_bytes, sha256_of
from platform_employment.release.build import Previous
from platform_employment.release.manifest import (
    SOURCE,
    Statement,
    dependencies,
    own_inputs,
    previous_release,
    read_statement,
    table_hashes,
    with_files,
)
from platform_employment.release.store import (
    CHECKSUMS_FILE,
    DATABASE_FILE,
    ENVELOPE_FILE,
    MANIFEST_FILE,
    PARQUET_FOLDER,
    ReleaseError,
    Store,
    builder_lock,
    release_time,
    to_disk,
    update_current_link,
)
from platform_employment.release.table_hashes import (
    as_analysts_read,
    parquet_relation,
    read_in_fresh_process,
    read_relation,
)

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (
        Ed25519PrivateKey,
        Ed25519PublicKey,
    )

PAYLOAD_TYPE = "application/vnd.in-toto+json"
# public keys in this folder of the project, or next to the releases, are trusted by `verify`
TRUSTED_KEYS = "trusted_keys"
_MAX_KEY_BYTES = 64 * 1024
MAX_CHECKSUMS_BYTES = 16 * MEBIBYTE
_FILE_MODE = 0o444
_FOLDER_MODE = 0o755
_MAX_ENVELOPE_BYTES = 16 * MEBIBYTE
_OWN_FILES = {MANIFEST_FILE, ENVELOPE_FILE}


def json_bytes(value: object) -> bytes:
    """Return JSON in the one form in which this package writes it: sorted keys, a last line end."""
    text = json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True, default=str)
    return f"{text}\n".encode()


def hash_files(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file but SHA256SUMS itself, by its name in the folder.

    A link, an empty folder and anything else that is not a plain file has no hash: ''.
    """
    hashes: dict[str, str] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        mode = path.lstat().st_mode
        if stat.S_ISREG(mode):
            hashes[name] = sha256_of(path)
        elif not stat.S_ISDIR(mode) or not any(path.iterdir()):
            hashes[name] = ""
    hashes.pop(CHECKSUMS_FILE, None)
    return hashes


def checksums(hashes: Mapping[str, str]) -> bytes:
    """Return the bytes of SHA256SUMS, in the format that `sha256sum --check` reads."""
    return "".join(f"{hashes[name]}  {name}\n" for name in sorted(hashes)).encode()


def read_checksums(data: bytes) -> dict[str, str] | None:
    """Return the hashes of SHA256SUMS; None unless it is exactly as this module writes it."""
    try:
        lines = data.decode().splitlines()
        hashes = {line[66:]: line[:64] for line in lines}
    except UnicodeDecodeError:
        return None
    return hashes if checksums(hashes) == data else None


def read_private_key(path: Path) -> Ed25519PrivateKey:
    """Return the Ed25519 private key of a PEM file without a password. Raises ReleaseError."""
    from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415  slow
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415
        load_pem_private_key,
    )

    key = _load(path, lambda data: load_pem_private_key(data, password=None))
    if not isinstance(key, ed25519.Ed25519PrivateKey):
        raise ReleaseError(f"{path}: not an Ed25519 private key in PEM without a password")
    return key


def read_public_key(path: Path) -> Ed25519PublicKey:
    """Return the Ed25519 public key of a PEM file. Raises ReleaseError."""
    from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415  slow
    from cryptography.hazmat.primitives.serialization import load_pem_public_key  # noqa: PLC0415

    key = _load(path, load_pem_public_key)
    if not isinstance(key, ed25519.Ed25519PublicKey):
        raise ReleaseError(f"{path}: not an Ed25519 public key in PEM")
    return key


def trusted_keys(*folders: Path) -> list[Ed25519PublicKey]:
    """Return the public keys of which one must have signed a release; without a folder, no keys.

    folders: the project and the folder of the releases, each with `trusted_keys/*.pem` or not.
    """
    paths = {path.resolve() for folder in folders for path in (folder / TRUSTED_KEYS).glob("*.pem")}
    return [read_public_key(path) for path in sorted(paths)]


def _load(path: Path, loader: Callable[[bytes], object]) -> object:
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415  slow

    try:
        return loader(read_bytes(path, _MAX_KEY_BYTES))
    except ReadError as error:
        raise ReleaseError(str(error)) from None
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None


def sign(payload: bytes, key: Ed25519PrivateKey) -> bytes:
    """Return the signed envelope of a payload."""
    from securesystemslib.dsse import Envelope  # noqa: PLC0415  slow
    from securesystemslib.signer import CryptoSigner, SSlibKey  # noqa: PLC0415

    public = key.public_key()
    envelope = Envelope(payload, PAYLOAD_TYPE, {})
    envelope.sign(CryptoSigner(key, SSlibKey.from_crypto(public, keyid=key_id(public))))
    return json_bytes(envelope.to_dict())


def signature_problem(
    envelope: bytes, payload: bytes, keys: Sequence[Ed25519PublicKey]
) -> str | None:
    """Return what is wrong with the envelope of a payload; None when nothing is.

    keys: one of them must have signed; without any only the payload is compared.
    """
    from securesystemslib.dsse import Envelope  # noqa: PLC0415  slow
    from securesystemslib.exceptions import Error, VerificationError  # noqa: PLC0415
    from securesystemslib.signer import Key, SSlibKey  # noqa: PLC0415

    try:
        content = Envelope.from_dict(json.loads(envelope))
        if content.payload_type != PAYLOAD_TYPE:
            return "the envelope is not an in-toto envelope"
        if content.payload != payload:
            return "the signed text is not the manifest"
        if keys:
            known: list[Key] = [SSlibKey.from_crypto(key, keyid=key_id(key)) for key in keys]
            content.verify(known, threshold=1)
    except VerificationError:
        return "not signed with this key"
    except (Error, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return "the envelope cannot be read"
    return None


def key_id(key: Ed25519PublicKey) -> str:
    """Return the name of a key: the SHA-256 of its 32 bytes."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()


def finalize(statement: Statement, key: Ed25519PrivateKey | None, folder: Path) -> str:
    """Write manifest, signature and checksums of a folder; return the hash of its manifest.

    key: signs the manifest.
    """
    hashes = hash_files(folder)
    manifest = json_bytes(with_files(statement, hashes))
    made = {MANIFEST_FILE: manifest, **({ENVELOPE_FILE: sign(manifest, key)} if key else {})}
    for name, data in made.items():
        hashes[name] = hashlib.sha256(data).hexdigest()
    for name, data in {**made, CHECKSUMS_FILE: checksums(hashes)}.items():
        (folder / name).write_bytes(data)
    fsync_tree(folder)
    return hashes[MANIFEST_FILE]


def fsync_tree(folder: Path) -> None:
    """Make all files read-only and bring them and their folders to the disk.

    Folders stay writable for their owner, so that old releases can be removed; `verify` finds
    a file that was added or taken away.
    """
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    for path in files:
        path.chmod(_FILE_MODE)
        to_disk(path)
    for path in sorted({folder, *(path.parent for path in files)}, reverse=True):
        path.chmod(_FOLDER_MODE)
        to_disk(path)


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
