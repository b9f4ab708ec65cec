"""What moved since the release before, and whether the CHANGELOG names it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from platform_employment.reading import MEBIBYTE, read_text
from platform_employment.release.diff import Move, Side, compare, read_side
from platform_employment.release.diff_text import difference_lines
from platform_employment.release.errors import ReleaseError
from platform_employment.release.store import CHANGELOG_FILE, CHANGES_FILE

_MAX_BYTES = 16 * MEBIBYTE
_HEADING = re.compile(r"#+ ")
_SECTION = re.compile(r"#+ figures changed\s*", re.IGNORECASE)
_NAME = re.compile(r"`([^`]+)`")


@dataclass(frozen=True)
class Changes:
    """What moved since the release before; fault says why that could not be found out.

    unnamed: one move of each figure that the CHANGELOG does not name; text: all of it.
    """

    moves: int = 0
    unnamed: tuple[Move, ...] = ()
    fault: str | None = None
    text: str = ""


def write_changes(earlier: Path, release_id: str, after: Side, folder: Path) -> Changes:
    """Write down what moved since an earlier release; earlier, folder: of each."""
    try:
        difference = compare(read_side(earlier), after)
    except ReleaseError as error:
        return Changes(fault=str(error))
    lines = difference_lines(earlier.name, release_id, difference, show_all=True)
    text = "".join(f"{line}\n" for line in lines)
    (folder / CHANGES_FILE).write_text(text, encoding="utf-8")
    # the CHANGELOG of the project says nothing of other people's figures
    said = _new_lines(folder / CHANGELOG_FILE, earlier / CHANGELOG_FILE)
    unnamed = () if difference.rests_on_own else _unnamed(difference.moves, "\n".join(said))
    return Changes(len(difference.moves), unnamed, text=text)


def _unnamed(moves: Sequence[Move], text: str) -> tuple[Move, ...]:
    """Return one move of each figure that moved and that a text does not name in backticks."""
    words = set(_NAME.findall(text))
    first: dict[str, Move] = {}
    for move in moves:
        if move.before is not None and move.figure not in words:
            first.setdefault(move.figure, move)
    return tuple(first.values())


def _new_lines(changelog: Path, earlier: Path) -> list[str]:
    """Return the lines under "Figures changed" that an earlier CHANGELOG did not have.

    A move that was written down for one release states nothing about the next one. A file that
    is missing has no lines.
    """
    known = set(_lines(earlier))
    return [line for line in _lines(changelog) if line not in known]


def _lines(changelog: Path) -> list[str]:
    if not changelog.is_file():
        return []
    found: list[str] = []
    is_inside = False
    for line in read_text(changelog, _MAX_BYTES).splitlines():
        if _HEADING.match(line):
            is_inside = bool(_SECTION.fullmatch(line))
        elif is_inside and line.strip():
            found.append(line.strip())
    return found
