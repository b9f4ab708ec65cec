"""Compares a build with the tables of an earlier commit, value by value.

tests/equality/479f9ef holds those tables; tables.csv says where each is now, as SQL or, where
there is none, by now/<table>.sql, gone.csv which columns are not compared, excused.csv which values
may differ and why. An excuse that is not needed is a difference of its own.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import duckdb

EQUALITY = Path(__file__).parents[1] / "equality"
EARLIER = EQUALITY / "479f9ef"
# half of the fourth printed decimal; smaller numbers are compared by as many digits
TOLERANCE = 0.00005

Key = tuple[str, ...]
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Table:
    """Where an earlier table is now.

    now: SQL of the rows; key and columns: those that name a row, and those that are compared;
    gone: columns that are not compared, with the reason; within: columns of the key: rows whose
    values in them were not there before are new and not compared.
    """

    name: str
    now: str
    key: Sequence[str]
    columns: Sequence[str]
    gone: Mapping[str, str]
    within: Sequence[str]


@dataclass(frozen=True)
class Difference:
    """A value that is not what it was; column is empty for a whole row."""

    table: str
    row: Key
    column: str
    before: object
    after: object

    def __str__(self) -> str:
        """Say it in a line."""
        place = f"{self.table} {' / '.join(self.row)} {self.column}".rstrip()
        return f"{place}: {self.before!r} before, {self.after!r} now"


@dataclass(frozen=True)
class Excuse:
    """A difference with its reason; `*` in a row or a column stands for any text."""

    table: str
    row: str
    column: str
    reason: str

    def covers(self, difference: Difference) -> bool:
        """Say whether it is the excuse of a difference."""
        return (
            self.table == difference.table
            and fnmatchcase(" / ".join(difference.row), self.row)
            and fnmatchcase(difference.column, self.column)
        )


def read_tables(folder: Path = EQUALITY, earlier: Path = EARLIER) -> list[Table]:
    """Read the map of tables; a column that is not gone has its earlier name there."""
    gone: dict[str, dict[str, str]] = defaultdict(dict)
    for row in _read(folder / "gone.csv"):
        gone[row["table"]][row["column"]] = row["reason"]
    return [
        _table(row, gone[row["table"]], folder, earlier) for row in _read(folder / "tables.csv")
    ]


def _table(row: Mapping[str, str], gone: Mapping[str, str], folder: Path, earlier: Path) -> Table:
    name, key = row["table"], row["key"].split()
    described = duckdb.connect().execute(f"from '{earlier / name}.parquet' limit 0").description
    names = [column[0] for column in described or ()]
    now = row["now"] or (folder / "now" / f"{name}.sql").read_text(encoding="utf-8")
    compared = [column for column in names if column not in key and column not in gone]
    return Table(name, now, key, compared, gone, row["within"].split())


def read_excuses(path: Path = EQUALITY / "excused.csv") -> list[Excuse]:
    """Read the excused differences."""
    return [Excuse(**row) for row in _read(path)]


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def earlier_rows(table: Table, folder: Path = EARLIER) -> list[Row]:
    """Read the table as it was."""
    return _rows(duckdb.connect(), f"from read_parquet('{folder / table.name}.parquet')")


def rows_now(connection: duckdb.DuckDBPyConnection, table: Table) -> list[Row]:
    """Read what a build has in place of it."""
    selected = ", ".join(f'"{column}"' for column in (*table.key, *table.columns))
    return _rows(connection, f"select {selected} from ({table.now})")


def differences(table: Table, before: Sequence[Row], after: Sequence[Row]) -> Iterator[Difference]:
    """Compare all rows and columns.

    Raises ValueError when two rows have one key, or a column is in no list of the map.
    """
    known = {*table.key, *table.columns, *table.gone}
    if unknown := known ^ set(before[0]):
        raise ValueError(f"{table.name}: columns not in the map or not in the table: {unknown}")
    earlier, now = _by_key(table, before), _by_key(table, after)
    places = [table.key.index(column) for column in table.within]
    known_places = {tuple(key[i] for i in places) for key in earlier}
    for key in sorted(earlier.keys() | now.keys()):
        if key not in now:
            yield Difference(table.name, key, "", "a row", "none")
        elif key not in earlier:
            if tuple(key[i] for i in places) in known_places:
                yield Difference(table.name, key, "", "none", "a row")
        else:
            for column in table.columns:
                pair = earlier[key][column], now[key][column]
                if not same(*pair):
                    yield Difference(table.name, key, column, *pair)


def unexcused(found: Sequence[Difference], excuses: Sequence[Excuse]) -> list[str]:
    """Give the differences without an excuse and the excuses without a difference."""
    unneeded = [e for e in excuses if not any(e.covers(d) for d in found)]
    return [
        *(str(d) for d in found if not any(e.covers(d) for e in excuses)),
        *(f"{e.table} {e.row} {e.column}: an excuse that is not needed" for e in unneeded),
    ]


def same(before: object, after: object) -> bool:
    """Say whether two values are equal as printed with four decimals."""
    if isinstance(before, bool) or isinstance(after, bool) or before is None or after is None:
        return before is after
    try:
        old, new = float(str(before)), float(str(after))
    except ValueError:
        return str(before) == str(after)
    return abs(old - new) <= max(TOLERANCE * min(1.0, abs(old)), 1e-9 * abs(old))


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[Row]:
    result = connection.execute(query)
    names = [column[0] for column in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _by_key(table: Table, rows: Sequence[Row]) -> dict[Key, Row]:
    keyed = {tuple(str(row[column]) for column in table.key): row for row in rows}
    if len(keyed) != len(rows):
        raise ValueError(f"{table.name}: {len(rows)} rows, {len(keyed)} keys")
    return keyed
