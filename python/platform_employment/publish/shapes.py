"""What a release gives a PostgreSQL server: its tables with columns, keys and comments.

All of it is read from the small database file of the release, which holds the schemas `marts`
and `audit`, their comments and primary keys, and lists foreign keys in `marts.meta_keys`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from platform_employment.database import quoted, quoted_table
from platform_employment.errors import UserError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    Columns = dict[tuple[str, str], list["Column"]]
    Keys = dict[tuple[str, str], tuple[str, ...]]
    References = dict[tuple[str, str], list["Reference"]]

RELEASE_TABLE, COLUMNS_TABLE = "meta_release", "meta_columns"
_MARTS, _AUDIT = "marts", "audit"
_ROWS_AT_A_TIME = 10_000
# as PostgreSQL calls them
_TYPES = {
    "BIGINT": "bigint",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "DOUBLE": "double precision",
    "HUGEINT": "numeric(38,0)",
    "INTEGER": "integer",
    "TIMESTAMP": "timestamp without time zone",
    "VARCHAR": "text",
}
_DECIMAL = re.compile(r"DECIMAL\((\d+),\s?(\d+)\)")
_COLUMNS = """
    select schema_name, table_name, column_name, data_type, not is_nullable, coalesce(comment, '')
    from duckdb_columns()
    where database_name = current_database() and schema_name in ('marts', 'audit')
    order by schema_name, table_name, column_index
"""
_PRIMARY_KEYS = """
    select table_schema, table_name, list(column_name order by column_number)
    from marts.meta_columns
    where is_key
    group by table_schema, table_name
"""
_COMMENTS = """
    select schema_name, table_name, coalesce(comment, '')
    from duckdb_tables()
    where database_name = current_database()
"""
_FOREIGN_KEYS = """
    select table_schema, table_name, column_names, referenced_table, referenced_column_names
    from marts.meta_keys
    order by all
"""


@dataclass(frozen=True)
class Column:
    """A column; kind: its type, as PostgreSQL calls it."""

    name: str
    kind: str
    is_required: bool
    comment: str


@dataclass(frozen=True)
class Reference:
    """A foreign key: columns of one table that name a row of another."""

    columns: tuple[str, ...]
    schema: str
    table: str
    to: tuple[str, ...]

    def __str__(self) -> str:
        """Write it as people do."""
        return f"({', '.join(self.columns)}) to {self.table} ({', '.join(self.to)})"


@dataclass(frozen=True)
class Table:
    """A table; schema: the one of the server."""

    schema: str
    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    references: tuple[Reference, ...]
    comment: str

    @property
    def place(self) -> tuple[str, str]:
        """Its schema and name."""
        return self.schema, self.name

    def __str__(self) -> str:
        """Return its name with the schema."""
        return f"{self.schema}.{self.name}"


@dataclass(frozen=True)
class Schemas:
    """The names on the server of the schemas `marts` and `audit`."""

    marts: str
    audit: str

    def of(self, schema: str) -> str:
        """Return the name on the server of a schema of the release."""
        return {_MARTS: self.marts, _AUDIT: self.audit}[schema]

    def inside(self, schema: str) -> str:
        """Return the name in the release of a schema of the server."""
        return {self.marts: _MARTS, self.audit: _AUDIT}[schema]


def read_tables(connection: DuckDBPyConnection, schemas: Schemas) -> list[Table]:
    """Read the tables of a release, the ones of `marts` first."""
    columns: Columns = {}
    for schema, name, *column in connection.execute(_COLUMNS).fetchall():
        kind = _kind(column[1], f"{schema}.{name}.{column[0]}")
        found = Column(column[0], kind, column[2], column[3])
        columns.setdefault((schema, name), []).append(found)
    keys: Keys = {
        (schema, name): tuple(key)
        for schema, name, key in connection.execute(_PRIMARY_KEYS).fetchall()
    }
    comments: dict[tuple[str, str], str] = {
        (schema, name): comment
        for schema, name, comment in connection.execute(_COMMENTS).fetchall()
    }
    references: References = {}
    for schema, name, of, table, to in connection.execute(_FOREIGN_KEYS).fetchall():
        reference = Reference(_names(of), schemas.marts, table, _names(to))
        references.setdefault((schema, name), []).append(reference)
    return [
        Table(
            schema=schemas.of(schema),
            name=name,
            columns=tuple(columns[schema, name]),
            key=keys.get((schema, name), ()),
            references=tuple(references.get((schema, name), ())),
            comment=comments[schema, name],
        )
        for schema, name in sorted(columns, key=lambda table: (table[0] != _MARTS, table))
    ]


def read_rows(
    connection: DuckDBPyConnection, table: Table, schemas: Schemas
) -> Iterator[tuple[Any, ...]]:
    """Return the rows of a table in the order in which the file holds them."""
    names = ", ".join(quoted(column.name) for column in table.columns)
    relation = quoted_table(f"{schemas.inside(table.schema)}.{table.name}")
    result = connection.execute(f"select {names} from {relation}")
    while rows := result.fetchmany(_ROWS_AT_A_TIME):
        yield from rows


def read_release_id(connection: DuckDBPyConnection) -> str:
    """Return the id of the release that a file belongs to."""
    found = connection.execute("select release_id from marts.meta_release").fetchall()
    return str(found[0][0])


def is_number(column: Column) -> bool:
    """Return whether the values of a column can be added up."""
    return column.kind.startswith(("numeric", "double", "bigint", "integer"))


def _kind(duckdb_type: str, column: str) -> str:
    if decimal := _DECIMAL.fullmatch(duckdb_type):
        return f"numeric({decimal[1]},{decimal[2]})"
    if duckdb_type not in _TYPES:
        raise UserError(f"{column}: {duckdb_type} has no place in PostgreSQL: cast it in its model")
    return _TYPES[duckdb_type]


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split(", "))


def tables_by_name(tables: Sequence[Table]) -> dict[tuple[str, str], Table]:
    """Return the tables by schema and name."""
    return {table.place: table for table in tables}
