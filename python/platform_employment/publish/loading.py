"""Puts a release in the place of another on a PostgreSQL server, in one transaction.

Rows are deleted and copied in: readers see the old release until the new one is whole, keep
their rights, and their views stay. A table is only built again where it has to be and may be.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from platform_employment.errors import UserError
from platform_employment.publish.reshape import (
    comment,
    comment_schemas,
    compose,
    drop_refused,
    grant_again,
    require_values,
    reshape,
)
from platform_employment.publish.shapes import (
    Column,
    Schemas,
    Table,
    is_number,
    read_release_id,
    read_rows,
)
from platform_employment.publish.target import Plan, Target, make_plan, read_target

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from psycopg import Connection

_SHOWN = 12
# what doubles added up in another order may differ by
_TOLERANCE = 1e-9


def lock(connection: Connection[Any], schemas: Schemas) -> None:
    """Wait until no other publish writes to these schemas; it ends with the transaction."""
    import psycopg  # noqa: PLC0415  the command line must start fast

    try:
        connection.execute(
            "select pg_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"platform-employment publish {schemas.marts}"],
        )
    except psycopg.errors.LockNotAvailable:
        raise UserError(
            f"another publish to {schemas.marts} is under way; try again when it is done"
        ) from None


def check(plan: Plan, target: Target, schemas: Schemas, *, recreate: bool) -> None:
    """Fail with the list of what cannot be changed in place, and with the views upon it.

    Raises UserError.
    """
    if plan.foreign:
        names = ", ".join(f"{schema}.{name}" for schema, name in plan.foreign[:_SHOWN])
        raise UserError(
            f"no release brought {names}: name another schema, or move what is not of a release"
        )
    views = sorted({view for found in plan.refused for view in target.views.get(found.table, ())})
    if not plan.refused or (recreate and not views):
        return
    listed = [f"{'.'.join(found.table)}: {found.text}" for found in plan.refused]
    more = f"; and {len(listed) - _SHOWN} more" if len(listed) > _SHOWN else ""
    text = f"{schemas.marts} has tables of another shape: {'; '.join(listed[:_SHOWN])}{more}"
    remedy = (
        "publish with --recreate, which creates these tables again and keeps the rights on them"
    )
    if views:
        text += f"; views that depend on them: {', '.join(views[:_SHOWN])}"
        remedy = "drop these views, publish with --recreate, and make them again"
    raise UserError(f"{text}; {remedy}")


def load(
    connection: Connection[Any],
    release: DuckDBPyConnection,
    tables: Sequence[Table],
    schemas: Schemas,
) -> int:
    """Make the tables what the release has; give the number of rows. The caller commits.

    Raises UserError where what was written does not add up to what was read.
    """
    target = read_target(connection, schemas)
    grants = drop_refused(connection, make_plan(tables, target), target)
    target = read_target(connection, schemas)
    plan = make_plan(tables, target)
    connection.execute("set constraints all deferred")
    for place in target.tables:
        connection.execute(compose("delete from {}", place))
    # a table that waits for checks cannot be altered, nor old rows name the ones of a new dimension
    connection.execute("set constraints all immediate")
    reshape(connection, plan, target, schemas)
    grant_again(connection, grants, tables)
    connection.execute("set constraints all deferred")
    written = [_copy(connection, table, read_rows(release, table, schemas)) for table in tables]
    # now, and not in the commit, where nothing more could be said of it
    connection.execute("set constraints all immediate")
    require_values(connection, plan)
    comment(connection, tables, read_target(connection, schemas))
    comment_schemas(connection, schemas, f"platform_employment {read_release_id(release)}")
    for table in tables:
        # so that the server plans the first queries of readers with what is there now
        connection.execute(compose("analyze {}", table.place))
    for table, sums in zip(tables, written, strict=True):
        if text := _wrong(connection, table, sums):
            raise UserError(f"{table}: {text}; nothing was published: publish again")
    return sum(int(sums[0]) for sums in written)


def _copy(connection: Connection[Any], table: Table, rows: Iterable[tuple[Any, ...]]) -> list[Any]:
    """Copy rows in; give their number, and what each column adds up to, see `_sums`."""
    number = 0
    values: list[list[Any]] = [[] for _ in table.columns]
    names = [column.name for column in table.columns]
    with (
        connection.cursor() as cursor,
        cursor.copy(compose("copy {} {} from stdin", table.place, names)) as copy,
    ):
        for row in rows:
            copy.write_row(row)
            number += 1
            for value, found in zip(row, values, strict=True):
                if value is not None:
                    found.append(value)
    return [number, *map(_total, table.columns, values)]


def _total(column: Column, values: Sequence[Any]) -> Any:
    if column.kind.startswith("double"):
        return math.fsum(values)
    if is_number(column):
        return sum(values, Decimal(0))
    return sum(map(len, values)) if column.kind == "text" else len(values)


def _wrong(connection: Connection[Any], table: Table, sums: Sequence[Any]) -> str | None:
    """Read a table back; say which column does not add up to what was written."""
    columns = [_sum_of(column) for column in table.columns]
    names = [column.name for column in table.columns]
    query = compose(f"select count(*), {', '.join(columns)} from {{}}", *names, table.place)
    found = connection.execute(query).fetchone()
    assert found is not None  # an aggregate gives one row
    for name, kind, written, read in zip(
        ("rows", *names),
        ("", *(column.kind for column in table.columns)),
        sums,
        found,
        strict=True,
    ):
        if kind.startswith("double"):
            same = math.isclose(written, read, rel_tol=_TOLERANCE, abs_tol=_TOLERANCE)
        else:
            same = written == read
        if not same:
            return f"{name} was written with the sum {written} and is read with {read}"
    return None


def _sum_of(column: Column) -> str:
    """SQL of the sum of a column, of the characters of a text, or of its values."""
    if is_number(column):
        return "coalesce(sum({}), 0)"
    return "coalesce(sum(length({})), 0)" if column.kind == "text" else "count({})"
