"""Hashes of the files of a release, SHA256SUMS, and the Ed25519 signature of the manifest.

The signature is in a DSSE envelope (https://github.com/secure-systems-lab/dsse), which other
in-toto tools read too. `finalize` writes all three, and nothing is written after it.
"""

from __future__ import annotations

import hashlib
import json
import stat
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from platform_employment.reading import MEBIBYTE, ReadError, read_bytes, sha256_of
from platform_employment.release.errors import ReleaseError
from platform_employment.release.manifest import Statement, with_files
from platform_employment.release.store import (
    CHECKSUMS_FILE,
    ENVELOPE_FILE,
    MANIFEST_FILE,
    to_disk,
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


_FILE_MODE = 0o444
_FOLDER_MODE = 0o755


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
