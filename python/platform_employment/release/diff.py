"""Which figures moved between two releases, by how much, and because of what.

`compare` finds it, `difference_lines` writes it as text, and `write_changes` puts the text into a
release and reports each figure that the CHANGELOG does not name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from platform_employment.database import literal, quoted, quoted_table
from platform_employment.dbt.artifacts import (
    AUDIT_SCHEMA,
    MARTS_SCHEMA,
    Artifacts,
    Node,
    read_artifacts,
)
from platform_employment.dbt.build_inputs import PREVIOUS_VARIABLE
from platform_employment.formatting import table_lines
from platform_employment.reading import MEBIBYTE, read_text
from platform_employment.release.manifest import (
    CODE,
    INPUT,
    LOCK,
    SOURCE,
    Dependencies,
    Statement,
    by_kind,
    read_statement,
)
from platform_employment.release.store import (
    CHANGELOG_FILE,
    CHANGES_FILE,
    DATABASE_FILE,
    DBT_FOLDER,
    ReleaseError,
    first_line,
)

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_MAX_ROWS = 1_000
# parts of the package that read the warehouse and never make a figure
_NEVER_UPSTREAM = tuple(
    f"python/platform_employment/{name}/" for name in ("explain", "publish", "release", "site")
)
# tables whose own rows make a platform, a scenario or a report one of the user, and their keys
_OWNERS = {
    "platforms": ("platform_id",),
    "scenarios": ("platform_id", "scenario_id"),
    "reports": ("report_id",),
}

Number = Decimal | float | int
_AMOUNTS = {"gmv_yi_yuan", "half_width_yi_yuan"}
# a row that only moved to another line is the same
_PLACE = {"seed_file", "seed_line"}
_SAME_ROWS = "other bytes, the same rows"
_SHOWN_MOVES = 30
_SHOWN_DETAILS = 10
_NUMBER_COLUMNS = {2, 3, 4, 5}
_MAX_BYTES = 16 * MEBIBYTE
_HEADING = re.compile(r"#+ ")
_SECTION = re.compile(r"#+ figures changed\s*", re.IGNORECASE)
_NAME = re.compile(r"`([^`]+)`")


@dataclass(frozen=True)
class FigureTable:
    """A mart whose numbers are followed from release to release.

    key: columns that name a row; figure: the one of them that the CHANGELOG is to name;
    values: the columns to compare, all numeric ones that are not in the key if empty.
    """

    name: str
    key: tuple[str, ...]
    figure: str
    values: tuple[str, ...] = ()
    schema: str = MARTS_SCHEMA


FIGURE_TABLES = (
    FigureTable(
        "aud_figure_reconciliation",
        ("report_id", "figure_id"),
        "figure_id",
        ("warehouse_value", "published_value"),
        AUDIT_SCHEMA,
    ),
    *(
        FigureTable(
            name, ("platform_id", "window_end", "scenario_id", "component_id"), "component_id"
        )
        for name in ("fct_jobs", "fct_jobs_on_samples", "fct_job_totals")
    ),
)


@dataclass(frozen=True)
class ChangedFigure:
    """One number that differs; before or after is not one where the row or value is not there.

    is_own: of a platform, scenario or report that own data brings.
    """

    table: str
    key: tuple[str, ...]
    figure: str
    column: str
    before: Number | None
    after: Number | None
    is_own: bool = False

    @property
    def change(self) -> Number | None:
        """After minus before."""
        if self.before is None or self.after is None:
            return None
        if isinstance(self.before, float) or isinstance(self.after, float):
            return float(self.after) - float(self.before)
        return Decimal(self.after) - Decimal(self.before)

    @property
    def relative_change(self) -> float | None:
        """Change as a share of the size of the number before; None for a new number."""
        if self.change is None or not self.before:
            return None
        return float(self.change) / abs(float(self.before))


@dataclass(frozen=True)
class Cause:
    """Something that went into both builds and differs.

    kind: input, parameter, code or tool; is_upstream: whether a table that moved is built from
    it, as far as dbt knows; details: one line each.
    """

    kind: str
    name: str
    summary: str
    is_upstream: bool
    details: tuple[str, ...] = ()


@dataclass(frozen=True)
class Difference:
    """All that differs between two releases; compared is the number of compared numbers.

    rests_on_own: one of them is built from own data.
    """

    compared: int
    moves: tuple[ChangedFigure, ...]
    causes: tuple[Cause, ...]
    rests_on_own: bool = False


@dataclass(frozen=True)
class ReleaseSnapshot:
    """What the comparison needs of one release, or of a build that is about to become one."""

    database: Path
    artifacts: Artifacts
    predicate: Mapping[str, Any]
    made_of: Mapping[str, Dependencies]


def snapshot_of(database: Path, artifacts: Artifacts, statement: Statement) -> ReleaseSnapshot:
    """Return what the comparison needs of a build that is about to become a release."""
    return ReleaseSnapshot(database, artifacts, statement["predicate"], by_kind(statement))


def read_snapshot(folder: Path) -> ReleaseSnapshot:
    """Read a released folder."""
    artifacts = read_artifacts(folder / DBT_FOLDER)
    return snapshot_of(folder / DATABASE_FILE, artifacts, read_statement(folder))


def compare(before: ReleaseSnapshot, after: ReleaseSnapshot) -> Difference:
    """Compare two releases. Raises ReleaseError when the database of one cannot be read."""
    import duckdb  # noqa: PLC0415  the command line must start fast

    try:
        with duckdb.connect() as connection:
            return _compare(connection, before, after)
    except duckdb.Error as error:
        raise ReleaseError(
            f"the databases cannot be read: {first_line(error)}; platform-employment verify says "
            "what is damaged"
        ) from None


def _compare(
    connection: DuckDBPyConnection, before: ReleaseSnapshot, after: ReleaseSnapshot
) -> Difference:
    for name, side in (("before", before), ("after", after)):
        connection.execute(f"attach {literal(side.database)} as {name} (read_only)")
    moves: list[ChangedFigure] = []
    compared = 0
    own = _own_keys(connection)
    for table in FIGURE_TABLES:
        found, count = _moves(connection, table)
        moves += [replace(move, is_own=_is_own(move, table, own)) for move in found]
        compared += count
    schemas = {table.name: table.schema for table in FIGURE_TABLES}
    moved = {f"{schemas[move.table]}.{move.table}" for move in moves}
    causes = tuple(_causes(connection, before, after, moved))
    rests_on_own = any(
        _is_own_file(name, entry)
        for side in (before, after)
        for name, entry in side.made_of[INPUT].items()
    )
    return Difference(compared, tuple(moves), causes, rests_on_own)


def _is_own_file(name: str, entry: Mapping[str, Any]) -> bool:
    """Return whether an input is data of the user; the release that was compared with is not
    one."""
    return not name.startswith("seeds/") and "release" not in entry["annotations"]


def _own_keys(connection: DuckDBPyConnection) -> set[tuple[str, ...]]:
    """Return the keys of platforms, scenarios and reports that own data brings, on either side."""
    own: set[tuple[str, ...]] = set()
    for side in ("before", "after"):
        for table, key in _OWNERS.items():
            known = _columns_of(connection, side, "raw", table)
            if {*key, "seed_file"} <= known.keys():
                own |= set(
                    connection.execute(
                        f"select {', '.join(key)} from {side}.raw.{table}"
                        " where seed_file not like 'seeds/%'"
                    ).fetchall()
                )
    return own


def _is_own(move: ChangedFigure, table: FigureTable, own: set[tuple[str, ...]]) -> bool:
    named = dict(zip(table.key, move.key, strict=True))
    return any(
        tuple(named[column] for column in key) in own
        for key in _OWNERS.values()
        if set(key) <= named.keys()
    )


def _moves(connection: DuckDBPyConnection, table: FigureTable) -> tuple[list[ChangedFigure], int]:
    """Return the moves of one mart and the number of values compared.

    Raises ReleaseError where the releases do not share its key and a number.
    """
    before, after = (
        _columns_of(connection, side, table.schema, table.name) for side in ("before", "after")
    )
    if not before and not after:
        return [], 0
    shared = before.keys() & after.keys()
    values = [
        name
        for name in table.values or after
        if name in shared - set(table.key) and (table.values or _is_number(after[name]))
    ]
    if not values or not set(table.key) <= shared:
        raise ReleaseError(
            f"{table.schema}.{table.name} has another shape in one of the two releases, which "
            "another version of this project wrote; compare releases of one version"
        )
    sources = [f"{side}.{table.schema}.{quoted(table.name)}" for side in ("before", "after")]
    keys = ", ".join(quoted(name) for name in table.key)
    for source in sources:
        if connection.execute(
            f"select 1 from {source} group by {keys} having count(*) > 1"
        ).fetchone():
            raise ReleaseError(
                f"{table.name} has several rows for one {', '.join(table.key)}: complete its key "
                "in FIGURE_TABLES"
            )
    moves: list[ChangedFigure] = []
    compared = 0
    for value in values:
        rows = connection.execute(
            f"""
            select {keys}, old.value, new.value
            from (select {keys}, {quoted(value)} as value from {sources[0]}) as old
            full join (select {keys}, {quoted(value)} as value from {sources[1]}) as new
            using ({keys})
            order by all
            """
        ).fetchall()
        compared += len(rows)
        for *key, old, new in rows:
            if old != new:
                names = tuple(str(part) for part in key)
                figure = names[table.key.index(table.figure)]
                moves.append(ChangedFigure(table.name, names, figure, value, old, new))
    return moves, compared


def _is_number(kind: str) -> bool:
    return kind.startswith("DECIMAL") or kind in {"DOUBLE", "BIGINT"}


def _columns_of(
    connection: DuckDBPyConnection, side: str, schema: str, table: str
) -> dict[str, str]:
    rows = connection.execute(
        "select column_name, data_type from duckdb_columns()"
        " where database_name = ? and schema_name = ? and table_name = ? order by column_index",
        [side, schema, table],
    ).fetchall()
    return dict(rows)


def _causes(
    connection: DuckDBPyConnection, before: ReleaseSnapshot, after: ReleaseSnapshot, moved: set[str]
) -> Iterator[Cause]:
    upstream = before.artifacts.upstream_files(moved) | after.artifacts.upstream_files(moved)
    yield from _input_causes(connection, before, after, upstream)
    old, new = before.predicate, after.predicate
    for field in ("externalParameters", "internalParameters"):
        yield from _value_causes(
            "parameter", old["buildDefinition"][field], new["buildDefinition"][field]
        )
    yield from _code_causes(before.made_of, after.made_of, upstream)
    versions = (side["runDetails"]["builder"]["version"] for side in (old, new))
    yield from _value_causes("tool", *versions)


def _input_causes(
    connection: DuckDBPyConnection,
    before: ReleaseSnapshot,
    after: ReleaseSnapshot,
    upstream: set[str],
) -> Iterator[Cause]:
    """Compare input files by the table that they are loaded into, else by name."""
    old, new = _by_table(before.made_of[INPUT]), _by_table(after.made_of[INPUT])
    seeds = {seed.table: seed for seed in (*before.artifacts.seeds(), *after.artifacts.seeds())}
    for table in sorted(old.keys() | new.keys()):
        files = new.get(table) or old[table]
        # own data stands behind what is shipped
        entry = files[-1]
        seed = seeds.get(table)
        is_upstream = seed is None or seed.file in upstream
        if release := entry["annotations"].get("release"):
            # a check reads it, no figure is built from it
            before_that = old[table][-1]["annotations"]["release"] if table in old else "none"
            yield Cause("input", table, f"{before_that} -> {release}", is_upstream=False)
        elif table not in old or table not in new:
            what = "added" if table in new else "removed"
            yield Cause("input", entry["name"], what, is_upstream)
        elif list(map(_loaded, old[table])) != list(map(_loaded, files)):
            if seed is None:
                summary = f"other bytes: {_lines(old[table][-1])} -> {_lines(entry)}"
                yield Cause("input", entry["name"], summary, is_upstream)
                continue
            summary, details = _row_changes(connection, seed)
            is_same = summary == _SAME_ROWS
            yield Cause("input", entry["name"], summary, is_upstream and not is_same, details)


def _lines(entry: Mapping[str, Any]) -> str:
    counts = entry["annotations"]
    if counts["rows"] is None:
        return f"{counts['bytes']} bytes"
    return f"{counts['rows']} lines, {counts.get('rejectedLines')} rejected"


def _loaded(entry: Mapping[str, Any]) -> tuple[Any, ...]:
    return entry["digest"], entry["annotations"].get("leftOutRows")


def _by_table(inputs: Dependencies) -> dict[str, list[dict[str, Any]]]:
    files: dict[str, list[dict[str, Any]]] = {}
    for name, entry in inputs.items():
        files.setdefault(entry["annotations"]["table"] or name, []).append(entry)
    return files


def _row_changes(connection: DuckDBPyConnection, seed: Node) -> tuple[str, tuple[str, ...]]:
    """Describe how the rows of a seed differ, paired by its key where its yml names one."""
    table = quoted_table(seed.table)
    sides = [_columns_of(connection, s, seed.schema, seed.alias) for s in ("before", "after")]
    columns = [name for name in sides[1] if name in sides[0] and name not in _PLACE]
    other = sorted((sides[0].keys() ^ sides[1].keys()) - _PLACE)
    removed = _rows_only_in(connection, columns, f"before.{table}", f"after.{table}")
    added = _rows_only_in(connection, columns, f"after.{table}", f"before.{table}")
    if not removed and not added and not other:
        return _SAME_ROWS, ()
    key = [name for name in seed.meta.get("unique_key", ()) if name in columns]
    old = {_key_of(row, key): row for row in removed}
    new = {_key_of(row, key): row for row in added}
    details = [
        f"{_named(key, row)}: {_changed_cells(row, new[name])}"
        for name, row in old.items()
        if name in new
    ]
    details += [f"{_named(key, row)}: removed" for name, row in old.items() if name not in new]
    details += [
        f"{_named(key, row)}: added{_restatement(connection, seed, key, row)}"
        for name, row in new.items()
        if name not in old
    ]
    changed = len(old.keys() & new.keys())
    more = " or more" if max(len(removed), len(added)) == _MAX_ROWS else ""
    summary = (
        f"{changed}{more} rows changed, {len(new) - changed} added, {len(old) - changed} removed"
    )
    if other:
        summary += f"; columns on one side alone: {', '.join(other)}"
    return summary, tuple(details)


def _restatement(
    connection: DuckDBPyConnection, seed: Node, key: Sequence[str], row: Mapping[str, Any]
) -> str:
    """Describe what a row restates, and which windows of GMV are built from it."""
    if not row.get("supersedes") or len(key) != 1:
        return ""
    result = connection.execute(
        f"select * from after.{quoted_table(seed.table)} where {quoted(key[0])} = ?",
        [row["supersedes"]],
    )
    names = [column[0] for column in result.description or ()]
    old = dict(zip(names, result.fetchone() or (), strict=False))
    changed = [name for name in row if name in _AMOUNTS and old.get(name) != row[name]]
    cells = ", ".join(f"{name} {old.get(name)} -> {row[name]}" for name in changed)
    text = f", restates {row['supersedes']}" + (f": {cells}" if cells else "")
    if {"window_end", "formula"} <= _columns_of(
        connection, "after", MARTS_SCHEMA, "fct_gmv_windows"
    ).keys():
        windows = connection.execute(
            "select cast(window_end as varchar) from after.marts.fct_gmv_windows"
            " where platform_id = ? and regexp_matches(formula, ?) order by window_end",
            [row.get("platform_id"), rf"[+-]{re.escape(str(row[key[0]]))}([ )]|$)"],
        ).fetchall()
        text += f"; moves the windows to {', '.join(end for (end,) in windows)}" if windows else ""
    return text


def _rows_only_in(
    connection: DuckDBPyConnection, columns: Sequence[str], one: str, other: str
) -> list[dict[str, str | None]]:
    """Return the rows, by the columns that both sides have, of one side alone."""
    names = ", ".join(map(quoted, columns))
    rows = connection.execute(
        f"select {names} from {one} except all select {names} from {other}"
        f" order by all limit {_MAX_ROWS}"
    ).fetchall()
    return [dict(zip(columns, row, strict=True)) for row in rows]


def _key_of(row: Mapping[str, Any], key: Sequence[str]) -> tuple[Any, ...]:
    return tuple(row.get(name) for name in key) if key else tuple(row.values())


def _named(key: Sequence[str], row: Mapping[str, Any]) -> str:
    return " ".join(str(row.get(name)) for name in key) if key else str(tuple(row.values()))


def _changed_cells(old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    names = dict.fromkeys((*old, *new))
    return ", ".join(
        f"{name} {old.get(name)} -> {new.get(name)}"
        for name in names
        if old.get(name) != new.get(name)
    )


def _code_causes(
    before: Mapping[str, Dependencies], after: Mapping[str, Dependencies], upstream: set[str]
) -> Iterator[Cause]:
    for kind in (CODE, LOCK):
        old, new = before[kind], after[kind]
        for name in sorted(old.keys() | new.keys()):
            if old.get(name, {}).get("digest") == new.get(name, {}).get("digest"):
                continue
            what = "changed" if name in old and name in new else "added"
            what = "removed" if name not in new else what
            # dbt knows which models and macros a table is built from, but not which Python
            is_upstream = not name.endswith(".sql") and not name.startswith(_NEVER_UPSTREAM)
            yield Cause("code", name, what, is_upstream or name in upstream)
    old, new = before[SOURCE], after[SOURCE]
    if old != new:
        yield Cause("code", "git commit", f"{_commit(old)} -> {_commit(new)}", is_upstream=True)


def _commit(source: Mapping[str, Any]) -> str:
    if "git" not in source:
        return "no repository"
    dirty = " with uncommitted changes" if source["git"]["annotations"]["isDirty"] else ""
    return f"{source['git']['digest']['gitCommit'][:12]}{dirty}"


def _value_causes(kind: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Cause]:
    flat_old, flat_new = dict(_flat(old)), dict(_flat(new))
    for name in sorted(flat_old.keys() | flat_new.keys()):
        values = [str(flat.get(name, "not set")) for flat in (flat_old, flat_new)]
        if values[0] != values[1]:
            is_upstream = name != f"environment.{PREVIOUS_VARIABLE}"
            yield Cause(kind, name, f"{values[0]} -> {values[1]}", is_upstream)


def _flat(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


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


def _move_tables(moves: Sequence[ChangedFigure], *, show_all: bool) -> Iterator[str]:
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


def _all_gone(moves: Sequence[ChangedFigure]) -> dict[str, int]:
    """Return the platforms and reports of which many numbers are gone, and nothing else moved."""
    by_name: dict[str, list[ChangedFigure]] = {}
    for move in moves:
        by_name.setdefault(move.key[0], []).append(move)
    return {
        name: len(rows)
        for name, rows in by_name.items()
        if len(rows) > _SHOWN_DETAILS and all(row.after is None for row in rows)
    }


def move_text(move: ChangedFigure) -> str:
    """Report one move in one line."""
    return f"{' '.join(move.key)} {move.column} {plain(move.before)} -> {plain(move.after)}"


def plain(number: Number | None) -> str:
    """A number without trailing zeros; a dash for a missing one."""
    if number is None:
        return "-"
    if isinstance(number, Decimal):
        return f"{number.normalize():,f}"
    return f"{number:,.6g}" if isinstance(number, float) else f"{number:,}"


def _move_cells(move: ChangedFigure) -> tuple[str, ...]:
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


def _rank(move: ChangedFigure) -> tuple[int, float]:
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
    unnamed: tuple[ChangedFigure, ...] = ()
    fault: str | None = None
    text: str = ""


def write_changes(earlier: Path, release_id: str, after: ReleaseSnapshot, folder: Path) -> Changes:
    """Write down what moved since an earlier release; earlier, folder: of each."""
    try:
        difference = compare(read_snapshot(earlier), after)
    except ReleaseError as error:
        return Changes(fault=str(error))
    lines = difference_lines(earlier.name, release_id, difference, show_all=True)
    text = "".join(f"{line}\n" for line in lines)
    (folder / CHANGES_FILE).write_text(text, encoding="utf-8")
    # the CHANGELOG of the project says nothing of other people's figures
    said = _new_lines(folder / CHANGELOG_FILE, earlier / CHANGELOG_FILE)
    unnamed = () if difference.rests_on_own else _unnamed(difference.moves, "\n".join(said))
    return Changes(len(difference.moves), unnamed, text=text)


def _unnamed(moves: Sequence[ChangedFigure], text: str) -> tuple[ChangedFigure, ...]:
    """Return one move of each figure that moved and that a text does not name in backticks."""
    words = set(_NAME.findall(text))
    first: dict[str, ChangedFigure] = {}
    for move in moves:
        if move.before is not None and move.figure not in words:
            first.setdefault(move.figure, move)
    return tuple(first.values())


def _new_lines(changelog: Path, earlier: Path) -> list[str]:
    """Return the lines under "Figures changed" that an earlier CHANGELOG did not have.

    A move that was written down for one release states nothing about the next one. A file that
    is missing has no lines.
    """
    known = set(_changelog_lines(earlier))
    return [line for line in _changelog_lines(changelog) if line not in known]


def _changelog_lines(changelog: Path) -> list[str]:
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
