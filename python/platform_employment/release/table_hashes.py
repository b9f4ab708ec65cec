"""Read every table of a warehouse in full: rows, columns, numbers that do not count, a hash.

The hash does not depend on the order of rows, on threads or on how the file is laid out. It
is the SHA-256, in lower-case hex, of

    <column name> TAB <column type> LF      for each column in order, escaped like a cell
    LF
    <row hash>                              of all rows, sorted, without a separator

where the row hash is the SHA-256 in hex of the row's cells, joined by TAB. A cell is N for
null, else V followed by its text: numbers as DuckDB casts them to text (decimals with all
their places, floating point in the fewest digits that read back as the same number), dates
as 2021-09-30, times in microseconds since 1970 UTC, binary data in hex, text in UTF-8 with
backslash, TAB and LF written as \\\\, \\t and \\n, lists and structures as DuckDB casts them to
text, written likewise.

Run as a program, it reads a database in a fresh process that can reach no other file, and
prints what it found as JSON.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from platform_employment.database import connect, literal, quoted, quoted_table
from platform_employment.release.store import ReleaseError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_PLAIN_TYPES = {
    *("BOOLEAN", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"),
    *("UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT"),
    *("FLOAT", "DOUBLE", "DATE", "TIME", "UUID"),
    # a column of a view that is null throughout and was not cast
    '"NULL"',
}
_AS_READ = {"DATE": "timestamp"}
_TIMESTAMP_TYPES = {"TIMESTAMP", "TIMESTAMP WITH TIME ZONE"}
_CAN_BE_INFINITE = {"FLOAT", "DOUBLE", "DATE", *_TIMESTAMP_TYPES}
_ROWS_AT_A_TIME = 100_000


@dataclass(frozen=True)
class TableSummary:
    """What a full read of one table or view gave; `fault` says why it could not be read."""

    name: str
    rows: int = 0
    sha256: str = ""
    columns: tuple[tuple[str, str], ...] = ()
    not_finite: tuple[str, ...] = ()
    fault: str | None = None


def read_database(path: Path) -> list[TableSummary]:
    """Read every table and view of a database file, with no way to any other file."""
    with connect(path) as connection:
        connection.execute("set enable_external_access = false")
        names = connection.execute(
            "select table_schema, table_name from information_schema.tables"
            " where table_catalog = current_database() order by all"
        ).fetchall()
        return [read_relation(connection, f"{schema}.{name}") for schema, name in names]


def read_in_fresh_process(database: Path) -> list[TableSummary]:
    """Read all tables in a new process that opens the file read-only, as a reader would."""
    process = subprocess.run(
        [sys.executable, "-m", "platform_employment.release.table_hashes", str(database)],
        capture_output=True,
        text=True,
        check=False,
    )
    if process.returncode != 0:
        reason = process.stderr.strip().splitlines()[-1:] or ["it ended silently"]
        raise ReleaseError(
            f"the audit failed: a fresh process cannot read the warehouse: {reason[0]}; "
            "nothing was published: release again"
        )
    return [_from_json(entry) for entry in json.loads(process.stdout)]


def read_relation(
    connection: DuckDBPyConnection, name: str, relation: str | None = None
) -> TableSummary:
    """Read one table or view in full.

    name: schema and table, as the summary names it; relation: SQL to read instead of the
    table of that name.
    """
    import duckdb  # noqa: PLC0415  the command line must start fast

    relation = relation or quoted_table(name)
    try:
        columns = tuple(
            (str(row[0]), str(row[1]))
            for row in connection.execute(f"describe select * from {relation}").fetchall()
        )
        unknown = [f"{column} {kind}" for column, kind in columns if not _is_known(kind)]
        if unknown:
            return TableSummary(name, fault=f"no hash is defined for column {unknown[0]}")
        rows, sha256 = _hash_rows(connection, relation, columns)
        not_finite = _not_finite(connection, relation, columns)
    except duckdb.Error as error:
        return TableSummary(name, fault=" ".join(str(error).split()))
    return TableSummary(name, rows, sha256, columns, tuple(not_finite))


def as_analysts_read(connection: DuckDBPyConnection, name: str) -> str:
    """Return a query of a table with decimals as floats and days as timestamps.

    Data frames have no fixed decimals and no plain days: they would come as Python objects.
    """
    kinds = connection.execute(f"describe select * from {quoted_table(name)}").fetchall()
    columns = []
    for column, kind, *_ in kinds:
        wanted = "double" if str(kind).startswith("DECIMAL") else _AS_READ.get(str(kind))
        place = f"t.{quoted(column)}"
        columns.append(f"cast({place} as {wanted}) as {quoted(column)}" if wanted else place)
    return f"select {', '.join(columns)} from {quoted_table(name)} as t"


def parquet_relation(path: Path) -> str:
    """Return SQL that reads one Parquet file."""
    return f"read_parquet({literal(path)}, hive_partitioning = false)"


def _is_known(kind: str) -> bool:
    known = _PLAIN_TYPES | _TIMESTAMP_TYPES | {"VARCHAR", "BLOB"}
    return kind in known or kind.startswith("DECIMAL(") or _is_nested(kind)


def _is_nested(kind: str) -> bool:
    return kind.startswith("STRUCT(") or kind.endswith("[]")


def _hash_rows(
    connection: DuckDBPyConnection, relation: str, columns: Iterable[tuple[str, str]]
) -> tuple[int, str]:
    digest = hashlib.sha256()
    for column, kind in columns:
        digest.update(f"{_escaped(column)}\t{kind}\n".encode())
    digest.update(b"\n")
    cells = ", chr(9), ".join(_cell(column, kind) for column, kind in columns)
    result = connection.execute(
        f"select sha256(concat({cells})) as row_hash from {relation} order by row_hash"
    )
    rows = 0
    while chunk := result.fetchmany(_ROWS_AT_A_TIME):
        rows += len(chunk)
        digest.update("".join(row[0] for row in chunk).encode())
    return rows, digest.hexdigest()


def _cell(column: str, kind: str) -> str:
    name = quoted(column)
    if kind == "VARCHAR" or _is_nested(kind):
        text = f"replace(cast({name} as varchar), chr(92), chr(92) || chr(92))"
        text = f"replace({text}, chr(9), chr(92) || 't')"
        text = f"replace({text}, chr(10), chr(92) || 'n')"
    elif kind == "BLOB":
        text = f"lower(hex({name}))"
    elif kind in _TIMESTAMP_TYPES:
        # an infinite one has no microseconds, but it is reported for what it is
        text = f"case when isfinite({name}) then cast(epoch_us({name}) as varchar) else '' end"
    else:
        text = f"cast({name} as varchar)"
    return f"case when {name} is null then 'N' else 'V' || {text} end"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")


def _not_finite(
    connection: DuckDBPyConnection, relation: str, columns: Iterable[tuple[str, str]]
) -> Iterator[str]:
    names = [column for column, kind in columns if kind in _CAN_BE_INFINITE]
    if not names:
        return
    counts = ", ".join(
        f"count(case when not isfinite({quoted(name)}) then 1 end)" for name in names
    )
    found = connection.execute(f"select {counts} from {relation}").fetchone()
    assert found is not None  # an aggregate gives one row
    for name, count in zip(names, found, strict=True):
        if count:
            yield f"{name}: {count} values"


def _from_json(entry: dict[str, Any]) -> TableSummary:
    """Make a summary from what this program printed."""
    columns = tuple((column, kind) for column, kind in entry["columns"])
    return TableSummary(**entry | {"columns": columns, "not_finite": tuple(entry["not_finite"])})


if __name__ == "__main__":
    json.dump([asdict(table) for table in read_database(Path(sys.argv[1]))], sys.stdout)
