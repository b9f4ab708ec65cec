"""A PostgreSQL table as a CSV file, written in constant memory."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from platform_employment.errors import UserError
from platform_employment.formatting import masked
from platform_employment.validation.errors import Finding
from platform_employment.validation.files import FileCode, column_finding

if TYPE_CHECKING:
    from psycopg import Connection

PREFIXES = ("postgresql://", "postgres://")

_EXAMPLE = "postgresql://user@host/database?table=schema.table"
_ADDRESS = re.compile(r"\w:/")
# seconds to wait for a server, and what the session may wait for where the server sets no limit
_CONNECT_SECONDS = 10
_LIMITS = {"lock_timeout": "30s", "statement_timeout": "1h"}
_NUMERIC = 1700  # its type number, the same in every PostgreSQL


@dataclass(frozen=True)
class PostgresTable:
    """A table or view; address: the libpq address of its database, without a password."""

    address: str
    schema: str
    name: str

    def __str__(self) -> str:
        """Return the name with the schema: the address is no one else's business."""
        return f"{self.schema}.{self.name}"


def is_address(text: str) -> bool:
    """Return whether a text is meant for a database or a server; it may hold a password."""
    return bool(_ADDRESS.search(text)) or masked(text) != text


def read_address(text: str) -> PostgresTable:
    """Read an address like `postgresql://user@host/database?table=schema.table`.

    All but `table` is for libpq. Raises UserError, see `check_address`.
    """
    base, _, query = text.partition("?")
    options = query.split("&") if query else []
    try:
        tables = [unquote(option[6:], errors="strict") for option in options if _is_table(option)]
    except ValueError:
        raise UserError(f"the PostgreSQL address cannot be read; write {_EXAMPLE}") from None
    rest = "&".join(option for option in options if not _is_table(option))
    address = f"{base}?{rest}" if rest else base
    check_address(address, _EXAMPLE)
    schema, point, name = tables[0].partition(".") if len(tables) == 1 else ("", "", "")
    if not (schema and point and name) or "." in name or "\0" in schema + name:
        raise UserError(f"the PostgreSQL address must name one table: write {_EXAMPLE}")
    return PostgresTable(address, schema, name)


def check_address(address: str, example: str) -> None:
    """Stop for an address that libpq cannot read, or that holds a secret.

    libpq takes a password from PGPASSWORD or ~/.pgpass. Raises UserError, which never repeats
    the address: it may hold a password.
    """
    from psycopg import OperationalError, pq  # noqa: PLC0415  the command line must start fast

    try:
        parsed = pq.Conninfo.parse(address.encode())
    except (OperationalError, ValueError):
        raise UserError(f"the PostgreSQL address cannot be read; write {example}") from None
    values = {option.keyword: option.val or b"" for option in parsed}
    if not all(port.isdigit() for port in values[b"port"].split(b",") if port):
        # libpq would repeat what is there, such as a password without a host behind it
        raise UserError(f"the PostgreSQL address has a port that is not a number; write {example}")
    # libpq marks with a star what is not to be shown
    if any(option.val and option.dispchar == b"*" for option in parsed):
        raise UserError(
            "the PostgreSQL address holds a password or secret, which would be kept in logs: "
            "put a password into PGPASSWORD or ~/.pgpass, another secret into a libpq service file"
        )


def _is_table(option: str) -> bool:
    return option.startswith("table=")


def patient(address: str) -> str:
    """Return the address with a limit to the wait for its server, if it has not one."""
    from psycopg.conninfo import conninfo_to_dict, make_conninfo  # noqa: PLC0415

    seconds = conninfo_to_dict(address).get("connect_timeout", _CONNECT_SECONDS)
    return make_conninfo(address, connect_timeout=seconds)


def limit(connection: Connection[Any]) -> None:
    """Do not let any statement wait for ever, where neither the server nor the address has a
    limit."""
    for name, longest in _LIMITS.items():
        (set_to,) = connection.execute(f"show {name}").fetchone() or ("0",)
        if set_to == "0":
            connection.execute(f"set {name} = '{longest}'")


def spool(table: PostgresTable, columns: Sequence[str], file: str, path: Path) -> Finding | None:
    """Copy the columns of a table into a CSV that only the user can read, or say why not.

    file: the name to show. Rows are sorted, so that the same rows give the same bytes.
    Numbers are written without the zeros that their type pads them with.
    """
    import psycopg  # noqa: PLC0415  the command line must start fast
    from psycopg import sql  # noqa: PLC0415

    relation = sql.Identifier(table.schema, table.name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    try:
        with psycopg.connect(patient(table.address), client_encoding="utf8") as connection:
            connection.read_only = True
            limit(connection)
            # for any server is set to: a float as the shortest text that is this float
            connection.execute("set extra_float_digits = 1")
            cursor = connection.execute(sql.SQL("select * from {} limit 0").format(relation))
            types = {column.name: column.type_code for column in cursor.description or ()}
            if finding := column_finding(list(types), columns, file):
                return finding
            texts = [
                sql.SQL("trim_scale({})::text" if types[name] == _NUMERIC else "{}::text").format(
                    sql.Identifier(name)
                )
                for name in columns
            ]
            query = sql.SQL(
                "copy (select {fields} from {relation} order by {keys})"
                " to stdout (format csv, header)"
            ).format(
                fields=sql.SQL(", ").join(
                    sql.SQL("{} as {}").format(text, sql.Identifier(name))
                    for text, name in zip(texts, columns, strict=True)
                ),
                relation=relation,
                keys=sql.SQL(", ").join(sql.SQL('{} collate "C"').format(text) for text in texts),
            )
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with open(descriptor, "wb") as spooled, cursor.copy(query) as copied:  # noqa: PTH123
                for block in copied:
                    spooled.write(block)
    except psycopg.Error as error:
        reason = masked(str(error).partition("\n")[0]) or type(error).__name__
        remedy = "check the address, the table and the rights"
        if isinstance(error, psycopg.errors.QueryCanceled | psycopg.errors.LockNotAvailable):
            remedy = (
                "try again, or allow more by options=-c%20statement_timeout%3D2h in the address"
            )
        path.unlink(missing_ok=True)
        return Finding(file, FileCode.UNREADABLE, f"cannot be read: {reason}", remedy)
    return None
