"""The difference between two releases as text, and whether the CHANGELOG names what moved."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from platform_employment.formatting import table_lines
from platform_employment.reading import MEBIBYTE, read_text
from platform_employment.release.diff import (
    Cause,
    Difference,
    Move,
    Number,
    Side,
    compare,
    read_side,
)
from platform_employment.release.errors import ReleaseError
from platform_employment.release.store import CHANGELOG_FILE, CHANGES_FILE

_SHOWN_MOVES = 30
_SHOWN_DETAILS = 10
_NUMBER_COLUMNS = {2, 3, 4, 5}
_MAX_BYTES = 16 * MEBIBYTE
_HEADING = re.compile(r"#+ ")
_SECTION = re.compile(r"#+ figures changed\s*", re.IGNORECASE)
_NAME = re.compile(r"`([^`]+)`")


def difference_lines(
    before: str, after: str, difference: Difference, *, show_all: bool = False
) -> Iterator[str]:
    """Lay out what moved and why; before and after are the ids of the releases.

    What own data brings comes first, then what is shipped. The moves with the largest relative
    change come first in each table, a row that is gone before all; without show_all a long table
    is cut.
    """
    moves = difference.moves
    yield f"{before} -> {after}"
    yield f"{len(moves)} of {difference.compared} figures moved"
    own = [move for move in moves if move.is_own]
    shipped = [move for move in moves if not move.is_own]
    if own:
        yield ""
        yield f"of your own platforms, scenarios and reports: {len(own)}"
        yield from _move_tables(own, show_all=show_all)
        if shipped:
            yield ""
            yield f"of what the project ships: {len(shipped)}"
    yield from _move_tables(shipped, show_all=show_all)
    causes = difference.causes
    yield ""
    if not moves:
        yield from _cause_lines("what differs moves no figure", causes)
        return
    yield from _cause_lines("because of", [cause for cause in causes if cause.is_upstream])
    if others := [cause for cause in causes if not cause.is_upstream]:
        yield from _cause_lines("changed too, but these figures are not built from it", others)


def _move_tables(moves: Sequence[Move], *, show_all: bool) -> Iterator[str]:
    if not show_all:
        gone = _all_gone(moves)
        for name, number in gone.items():
            yield f"{name} is not there any more: {number} numbers gone"
        moves = [move for move in moves if move.key[0] not in gone]
    for table in dict.fromkeys(move.table for move in moves):
        rows = sorted((move for move in moves if move.table == table), key=_rank)
        shown = rows if show_all else rows[:_SHOWN_MOVES]
        header = (table, "column", "before", "after", "change", "%")
        yield ""
        yield from table_lines([header, *map(_move_cells, shown)], _NUMBER_COLUMNS)
        if len(rows) > len(shown):
            yield f"... and {len(rows) - len(shown)} more: --all shows them"


def _all_gone(moves: Sequence[Move]) -> dict[str, int]:
    """Return the platforms and reports of which many numbers are gone, and nothing else moved."""
    by_name: dict[str, list[Move]] = {}
    for move in moves:
        by_name.setdefault(move.key[0], []).append(move)
    return {
        name: len(rows)
        for name, rows in by_name.items()
        if len(rows) > _SHOWN_DETAILS and all(row.after is None for row in rows)
    }


def move_text(move: Move) -> str:
    """Report one move in one line."""
    return f"{' '.join(move.key)} {move.column} {plain(move.before)} -> {plain(move.after)}"


def plain(number: Number | None) -> str:
    """A number without trailing zeros; a dash for a missing one."""
    if number is None:
        return "-"
    if isinstance(number, Decimal):
        return f"{number.normalize():,f}"
    return f"{number:,.6g}" if isinstance(number, float) else f"{number:,}"


def _move_cells(move: Move) -> tuple[str, ...]:
    change, relative = move.change, move.relative_change
    if change is None:
        return (
            " ".join(move.key),
            move.column,
            plain(move.before),
            plain(move.after),
            "new" if move.before is None else "gone",
            "",
        )
    sign = "+" if change > 0 else ""
    share = "" if relative is None else f"{relative:+.3%}"
    return (
        " ".join(move.key),
        move.column,
        plain(move.before),
        plain(move.after),
        f"{sign}{plain(change)}",
        share,
    )


def _rank(move: Move) -> tuple[int, float]:
    if move.after is None:
        return 0, 0.0
    if move.before is None:
        return 2, 0.0
    return 1, -abs(move.relative_change or 0.0)


def _cause_lines(title: str, causes: Sequence[Cause]) -> Iterator[str]:
    yield f"{title}:" if causes else f"{title}: nothing that is recorded"
    if not causes:
        return
    lines = list(table_lines([(f"  {c.kind}", c.name, c.summary) for c in causes], set()))
    for cause, line in zip(causes, lines, strict=True):
        yield line
        for detail in cause.details[:_SHOWN_DETAILS]:
            yield f"      {detail}"
        if len(cause.details) > _SHOWN_DETAILS:
            yield f"      ... and {len(cause.details) - _SHOWN_DETAILS} more rows"


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
