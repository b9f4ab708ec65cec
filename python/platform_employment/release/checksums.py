"""SHA256SUMS: every file of a release, in the format that `sha256sum --check` reads."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Mapping
from pathlib import Path

from platform_employment.release.store import CHECKSUMS_FILE


def sha256_of(path: Path) -> str:
    """Hash a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def hash_files(folder: Path) -> dict[str, str]:
    """Give the SHA-256 of every file but SHA256SUMS itself, by its name in the folder.

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
    """Give the bytes of SHA256SUMS."""
    return "".join(f"{hashes[name]}  {name}\n" for name in sorted(hashes)).encode()


def read_checksums(data: bytes) -> dict[str, str] | None:
    """Read SHA256SUMS; None unless it is exactly as this module writes it."""
    try:
        lines = data.decode().splitlines()
        hashes = {line[66:]: line[:64] for line in lines}
    except UnicodeDecodeError:
        return None
    return hashes if checksums(hashes) == data else None
