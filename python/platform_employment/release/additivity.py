"""Whether what a tool adds up by itself is right: the sums that the marts claim, calculated.

An additive column, summed over its table without any filter, is the figure that it names; a
semi-additive one is that for each row of the table that it names, summed over the columns of
the key that it allows. What never adds up says so in its comment.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from platform_employment.release.dictionary import ADDITIVE, SEMI_ADDITIVE, Described, Entry
from platform_employment.release.errors import ReleaseError
from platform_employment.release.table_hashes import quoted, quoted_table

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# half the last place that a share is written with, for each row
_ROUNDING = 0.0000005
_HALF_WIDTH = "half_width_yi_yuan"


def check_sums(connection: DuckDBPyConnection, tables: Sequence[Described]) -> None:
    """Stop a release in whose small database a sum is not the figure that it should be."""
    findings = list(sum_findings(connection, tables))
    if findings:
        raise ReleaseError(f"{findings[0]}; nothing was published: {len(findings)} sums are wrong")


def sum_findings(connection: DuckDBPyConnection, tables: Sequence[Described]) -> Iterator[str]:
    """Return a line for each sum that is wrong."""
    named = {table.name: table for table in tables}
    for table in tables:
        for column in table.columns:
            if column.additivity == ADDITIVE:
                yield from _additive(connection, table, column, named)
            elif column.additivity == SEMI_ADDITIVE:
                yield from _semi_additive(connection, table, column, named)


def _additive(
    connection: DuckDBPyConnection, table: Described, column: Entry, named: dict[str, Described]
) -> Iterator[str]:
    (rows, found) = connection.execute(
        f"select count(*), sum({quoted(column.name)}) from {quoted_table(table.table)}"
    ).fetchall()[0]
    if not rows:
        return  # no report is shown
    target, point, total = column.adds_up_to.partition(".")
    if point:
        query = f"select {quoted(total)} from {quoted_table(named[target].table)} where is_default"
        ((wanted,),) = connection.execute(query).fetchall()
        is_right = found == wanted
    else:
        wanted = target
        is_right = abs(float(found) - float(wanted)) <= rows * _ROUNDING
    if not is_right:
        yield f"{table.table}: {column.name} adds up to {found}, not to {wanted}"


def _semi_additive(
    connection: DuckDBPyConnection, table: Described, column: Entry, named: dict[str, Described]
) -> Iterator[str]:
    target, _, total = column.adds_up_to.partition(".")
    whole = named[target]
    own = {entry.name for entry in table.columns}
    kept = [key for key in whole.key if key in own]
    on = [f"t.{quoted(key)} = w.{quoted(key)}" for key in kept]
    # what depends on one side alone is found too
    join, complete = "full join", ""
    if len(kept) < len(whole.key):
        # quarters belong to the twelve months that hold them, where all four are known
        on += ["t.period_start >= w.window_start", "t.period_end <= w.window_end"]
        join, complete = "join", "having count(*) = 4"
    tolerance = "0"
    if _HALF_WIDTH in own:
        tolerance = f"any_value(w.{_HALF_WIDTH}) + sum(t.{_HALF_WIDTH})"
    keys = ", ".join(
        f"coalesce(w.{quoted(key)}, t.{quoted(key)})" if key in own else f"w.{quoted(key)}"
        for key in whole.key
    )
    sums = connection.execute(
        f"select {keys}, sum(t.{quoted(column.name)}), any_value(w.{quoted(total)}), {tolerance}"
        f" from {quoted_table(whole.table)} as w"
        f" {join} {quoted_table(table.table)} as t on {' and '.join(on)}"
        f" group by {keys} {complete} order by all"
    ).fetchall()
    for *row, found, wanted, allowed in sums:
        if found is None or wanted is None or abs(found - wanted) > allowed:
            place = ", ".join(map(str, row))
            yield f"{table.table}: {column.name} adds up to {found} for {place}, not to {wanted}"
    if not sums and connection.execute(f"from {quoted_table(table.table)} limit 1").fetchall():
        yield f"{table.table}: {column.name} adds up to no row of {whole.table}"
