"""What a PostgreSQL server holds, and what a release would change there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from platform_employment.publish.shapes import (
    COLUMNS_TABLE,
    RELEASE_TABLE,
    Column,
    Reference,
    Schemas,
    Table,
    tables_by_name,
)

if TYPE_CHECKING:
    from psycopg import Connection

_COLUMNS = """
    select
        n.nspname::text, c.relname::text, coalesce(obj_description(c.oid, 'pg_class'), ''),
        a.attname::text, format_type(a.atttypid, a.atttypmod), a.attnotnull,
        coalesce(col_description(c.oid, a.attnum), '')
    from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
    left join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where n.nspname = any(%s) and c.relkind in ('r', 'p', 'f')
    order by n.nspname, c.relname, a.attnum
"""
_KEYS = """
    select
        n.nspname::text, c.relname::text, k.contype::text, k.conname::text,
        array(
            select a.attname::text from unnest(k.conkey) with ordinality as u (number, place)
            join pg_attribute as a on a.attrelid = k.conrelid and a.attnum = u.number
            order by u.place
        ),
        rn.nspname::text, r.relname::text,
        array(
            select a.attname::text from unnest(k.confkey) with ordinality as u (number, place)
            join pg_attribute as a on a.attrelid = k.confrelid and a.attnum = u.number
            order by u.place
        )
    from pg_constraint as k
    join pg_class as c on c.oid = k.conrelid
    join pg_namespace as n on n.oid = c.relnamespace
    left join pg_class as r on r.oid = k.confrelid
    left join pg_namespace as rn on rn.oid = r.relnamespace
    where n.nspname = any(%s) and k.contype in ('p', 'f')
    order by n.nspname, c.relname, k.conname
"""
# views of other publishers: those that depend on our tables, by a rule that is not the table's own
_VIEWS = """
    select distinct vn.nspname::text || '.' || v.relname::text, n.nspname::text, c.relname::text
    from pg_depend as d
    join pg_rewrite as w on w.oid = d.objid
    join pg_class as v on v.oid = w.ev_class
    join pg_namespace as vn on vn.oid = v.relnamespace
    join pg_class as c on c.oid = d.refobjid
    join pg_namespace as n on n.oid = c.relnamespace
    where d.classid = 'pg_rewrite'::regclass and d.refclassid = 'pg_class'::regclass
        and n.nspname = any(%s) and c.relkind in ('r', 'p', 'f') and v.oid <> c.oid
    order by 1
"""


@dataclass(frozen=True)
class Constraint:
    """A foreign key of the server, with its name there."""

    schema: str
    table: str
    name: str
    reference: Reference


@dataclass(frozen=True)
class Target:
    """What the two schemas of a server hold.

    present: the ones of them that exist; views: names of third-party ones, by the table that they
    read; release_id: the release that is there; own: tables that a release brought.
    """

    present: frozenset[str]
    tables: dict[tuple[str, str], Table]
    constraints: tuple[Constraint, ...]
    views: dict[tuple[str, str], tuple[str, ...]]
    release_id: str | None
    own: frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Difference:
    """A change that is not built in place; table: schema and name of where it is."""

    table: tuple[str, str]
    text: str


@dataclass(frozen=True)
class Plan:
    """What the release changes on the server in addition to the rows.

    refused: what only `--recreate` does; foreign: tables that no release brought.
    """

    created: tuple[Table, ...]
    added: tuple[tuple[Table, Column], ...]
    references: tuple[tuple[Table, Reference], ...]
    refused: tuple[Difference, ...]
    foreign: tuple[tuple[str, str], ...]

    @property
    def is_empty(self) -> bool:
        """Whether the tables are there as the release has them."""
        return not any((self.created, self.added, self.references, self.refused, self.foreign))


def read_target(connection: Connection[Any], schemas: Schemas) -> Target:
    """Read what the server holds."""
    names = [schemas.marts, schemas.audit]
    present = connection.execute(
        "select nspname::text from pg_namespace where nspname = any(%s)", [names]
    )
    columns: dict[tuple[str, str], list[Column]] = {}
    comments: dict[tuple[str, str], str] = {}
    for schema, name, comment, *column in connection.execute(_COLUMNS, [names]):
        comments[schema, name] = comment
        found = columns.setdefault((schema, name), [])
        if column[0] is not None:
            found.append(Column(*column))
    primary: dict[tuple[str, str], tuple[str, ...]] = {}
    constraints = []
    for schema, name, kind, constraint, of, to_schema, to, to_columns in connection.execute(
        _KEYS, [names]
    ):
        if kind == "p":
            primary[schema, name] = tuple(of)
        else:
            reference = Reference(tuple(of), to_schema, to, tuple(to_columns))
            constraints.append(Constraint(schema, name, constraint, reference))
    tables = {
        place: Table(
            *place,
            columns=tuple(found),
            key=primary.get(place, ()),
            references=tuple(c.reference for c in constraints if (c.schema, c.table) == place),
            comment=comments[place],
        )
        for place, found in columns.items()
    }
    views: dict[tuple[str, str], tuple[str, ...]] = {}
    for view, schema, name in connection.execute(_VIEWS, [names]):
        views[schema, name] = (*views.get((schema, name), ()), view)
    return Target(
        present=frozenset(row[0] for row in present),
        tables=tables,
        constraints=tuple(constraints),
        views=views,
        release_id=_release_id(connection, schemas, tables),
        own=_own(connection, schemas, tables),
    )


def _release_id(
    connection: Connection[Any], schemas: Schemas, tables: dict[tuple[str, str], Table]
) -> str | None:
    from psycopg import sql  # noqa: PLC0415  the command line must start fast

    if (schemas.marts, RELEASE_TABLE) not in tables:
        return None
    query = sql.SQL("select release_id from {}").format(
        sql.Identifier(schemas.marts, RELEASE_TABLE)
    )
    row = connection.execute(query).fetchone()
    return str(row[0]) if row else None


def _own(
    connection: Connection[Any], schemas: Schemas, tables: dict[tuple[str, str], Table]
) -> frozenset[tuple[str, str]]:
    from psycopg import sql  # noqa: PLC0415  the command line must start fast

    if (schemas.marts, COLUMNS_TABLE) not in tables:
        return frozenset()
    query = sql.SQL("select distinct table_schema, table_name from {}").format(
        sql.Identifier(schemas.marts, COLUMNS_TABLE)
    )
    return frozenset((schemas.of(schema), name) for schema, name in connection.execute(query))


def make_plan(tables: Sequence[Table], target: Target) -> Plan:
    """Describe what has to change on the server for the tables of a release."""
    there = target.tables
    known = [table for table in tables if table.place in there]
    gone = there.keys() - tables_by_name(tables).keys()
    refused = [Difference(place, "is not in the release") for place in sorted(gone & target.own)]
    for table in known:
        found = _differences(table, there[table.place])
        refused += [Difference(table.place, text) for text in found]
    return Plan(
        created=tuple(table for table in tables if table.place not in there),
        added=tuple(
            (table, column)
            for table in known
            for column in table.columns
            if column.name not in {c.name for c in there[table.place].columns}
        ),
        references=tuple(
            (table, reference)
            for table in tables
            for reference in table.references
            if reference not in _references(there.get(table.place))
        ),
        refused=tuple(refused),
        foreign=tuple(sorted(gone - target.own)),
    )


def _references(table: Table | None) -> tuple[Reference, ...]:
    return table.references if table else ()


def _differences(table: Table, there: Table) -> Iterator[str]:
    columns = {column.name: column for column in table.columns}
    for column in there.columns:
        new = columns.get(column.name)
        if new is None:
            yield f"column {column.name} is not in the release"
        elif new.kind != column.kind:
            yield f"column {column.name} is {column.kind}, in the release {new.kind}"
        elif new.is_required != column.is_required:
            has = {True: "must have a value", False: "may be empty"}
            yield (
                f"column {column.name} {has[column.is_required]}, in the release it "
                + (has[new.is_required])
            )
    if table.key != there.key:
        yield f"its key is {_listed(there.key)}, in the release {_listed(table.key)}"
    for reference in there.references:
        if reference not in table.references:
            yield f"the foreign key {reference} is not in the release"


def _listed(columns: Sequence[str]) -> str:
    return ", ".join(columns) or "none"
