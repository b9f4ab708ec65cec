"""Finalize: the manifest, its signature, checksums of all files, and no more writing."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from platform_employment.release.integrity import checksums, hash_files, json_bytes, sign
from platform_employment.release.manifest import Statement, with_files
from platform_employment.release.store import (
    CHECKSUMS_FILE,
    ENVELOPE_FILE,
    MANIFEST_FILE,
    to_disk,
)

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

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
