"""The CHANGELOG's sections "Figures changed"."""

from __future__ import annotations

import re
from pathlib import Path

_HEADING = re.compile(r"#+ ")
_SECTION = re.compile(r"#+ figures changed\s*", re.IGNORECASE)


def new_lines(changelog: Path, earlier: Path) -> str:
    """Give the lines under "Figures changed" that an earlier CHANGELOG did not have.

    A move that was written down for one release says nothing about the next one. A file that
    is missing has no lines.
    """
    known = set(_lines(earlier))
    return "\n".join(line for line in _lines(changelog) if line not in known)


def _lines(changelog: Path) -> list[str]:
    if not changelog.is_file():
        return []
    found: list[str] = []
    is_inside = False
    for line in changelog.read_text(encoding="utf-8").splitlines():
        if _HEADING.match(line):
            is_inside = bool(_SECTION.fullmatch(line))
        elif is_inside and line.strip():
            found.append(line.strip())
    return found
