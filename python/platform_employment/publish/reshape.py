"""Changes of the tables of a PostgreSQL server: made, altered, commented, never by a cascade."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from platform_employment.publish.shapes import Schemas, Table, tables_by_name
from platform_employment.publish.target import Plan, Target

if TYPE_CHECKING:
    from psycopg import Connection
    from psycopg.sql import Composed

    # a column or schema, a table with its schema, columns in brackets
    Name = str | tuple[str, str] | list[str]
    Grant = tuple[Any, ...]

# rights of other publishers on tables, and on columns of them
_GRANTS = """
    select n.nspname::text, c.relname::text, null, a.privilege_type, a.is_grantable, r.rolname::text
    from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
    cross join aclexplode(c.relacl) as a
    left join pg_roles as r on r.oid = a.grantee
    where n.nspname = any(%(schemas)s) and a.grantee <> c.relowner
    union all
    select n.nspname::text, c.relname::text, t.attname::text, a.privilege_type, a.is_grantable,
        r.rolname::text
    from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
    join pg_attribute as t on t.attrelid = c.oid and not t.attisdropped
    cross join aclexplode(t.attacl) as a
    left join pg_roles as r on r.oid = a.grantee
    where n.nspname = any(%(schemas)s) and a.grantee <> c.relowner
"""


def compose(text: str, *names: Name) -> Composed:
    """Put quoted names into SQL."""
    from psycopg import sql  # noqa: PLC0415  the command line must start fast

    def written(name: Name) -> sql.Composable:
        if isinstance(name, list):
            return sql.SQL("({})").format(sql.SQL(", ").join(map(sql.Identifier, name)))
        return sql.Identifier(*name) if isinstance(name, tuple) else sql.Identifier(name)

    return sql.SQL(text).format(*map(written, names))


def drop_refused(connection: Connection[Any], plan: Plan, target: Target) -> list[Grant]:
    """Drop the tables that have to be built again; give the rights that others have on them.

    A view upon one of them makes it fail.
    """
    dropped = sorted({found.table for found in plan.refused})
    schemas = {"schemas": sorted(target.present)}
    grants = [g for g in connection.execute(_GRANTS, schemas) if (g[0], g[1]) in dropped]
    for key in target.constraints:
        if (key.reference.schema, key.reference.table) in dropped:
            place = (key.schema, key.table)
            connection.execute(compose("alter table {} drop constraint {}", place, key.name))
    for place in dropped:
        connection.execute(compose("drop table {}", place))
    return grants


def grant_again(
    connection: Connection[Any], grants: Iterable[Grant], tables: Sequence[Table]
) -> None:
    """Return others the rights that they had, on the tables and columns that are still there."""
    columns = {
        place: {column.name for column in table.columns}
        for place, table in tables_by_name(tables).items()
    }
    for schema, table, column, privilege, may_grant, role in grants:
        place = (schema, table)
        if place not in columns or (column and column not in columns[place]):
            continue
        # without a role it is everybody's
        text = f"grant {privilege}{' {}' if column else ''} on table {{}} to "
        text += ("{}" if role else "public") + (" with grant option" if may_grant else "")
        names: list[Name] = [place]
        if column:
            names.insert(0, [column])
        connection.execute(compose(text, *names, *([role] if role else [])))


def reshape(connection: Connection[Any], plan: Plan, target: Target, schemas: Schemas) -> None:
    """Make schemas, tables and foreign keys that are not there, and add columns."""
    for schema in (schemas.marts, schemas.audit):
        if schema not in target.present:
            connection.execute(compose("create schema {}", schema))
    for table in plan.created:
        _create(connection, table)
    for table, column in plan.added:
        text = f"alter table {{}} add column {{}} {column.kind}"
        connection.execute(compose(text, table.place, column.name))
    for table, reference in plan.references:
        text = "alter table {} add foreign key {} references {} {} deferrable initially deferred"
        to: Name = (reference.schema, reference.table)
        names = (list(reference.columns), to, list(reference.to))
        connection.execute(compose(text, table.place, *names))


def require_values(connection: Connection[Any], plan: Plan) -> None:
    """Do not let any added column be empty that never is, once the rows are there."""
    for table, column in plan.added:
        if column.is_required:
            text = "alter table {} alter column {} set not null"
            connection.execute(compose(text, table.place, column.name))


def comment(connection: Connection[Any], tables: Sequence[Table], target: Target) -> None:
    """Write the comments that are not there yet."""
    for table in tables:
        there = target.tables[table.place]
        if table.comment != there.comment:
            _comment(connection, "table {}", table.comment, table.place)
        comments = {column.name: column.comment for column in there.columns}
        for column in table.columns:
            if column.comment != comments[column.name]:
                names = (*table.place, column.name)
                _comment(connection, "column {}.{}.{}", column.comment, *names)


def comment_schemas(connection: Connection[Any], schemas: Schemas, text: str) -> None:
    """Describe what a schema holds."""
    for schema in (schemas.marts, schemas.audit):
        _comment(connection, "schema {}", text, schema)


def _comment(connection: Connection[Any], what: str, text: str, *names: Name) -> None:
    from psycopg import sql  # noqa: PLC0415  the command line must start fast

    statement = sql.SQL("{} is {}").format(
        compose(f"comment on {what}", *names), sql.Literal(text or None)
    )
    connection.execute(statement)


def _create(connection: Connection[Any], table: Table) -> None:
    lines, names = [], []
    for column in table.columns:
        lines.append(f"{{}} {column.kind}{' not null' if column.is_required else ''}")
        names.append(column.name)
    keys: list[Name] = []
    if table.key:
        lines.append("primary key {}")
        keys = [list(table.key)]
    text = f"create table {{}} ({', '.join(lines)})"
    connection.execute(compose(text, table.place, *names, *keys))
