"""The command `publish`, which puts a release into PostgreSQL."""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from platform_employment.command_help import add_command
from platform_employment.database import connect
from platform_employment.errors import UserError
from platform_employment.formatting import safe_text
from platform_employment.project import find_project
from platform_employment.publish.loading import check, load, lock
from platform_employment.publish.shapes import Schemas, Table, read_release_id, read_tables
from platform_employment.publish.target import Plan, Target, make_plan, read_target
from platform_employment.reading import sha256_of
from platform_employment.release.manifest import read_statement
from platform_employment.release.store import MARTS_FILE, Store
from platform_employment.validation.postgres import PREFIXES, check_address, limit, patient

if TYPE_CHECKING:
    from psycopg import Connection

SCHEMA = "platform_employment"
_EXAMPLE = "postgres://user@host/database"
# PostgreSQL cuts longer names
_LONGEST_NAME = 63


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    parser = add_command(
        subparsers,
        "publish",
        "load a release into PostgreSQL in one transaction",
        "Loads the marts of a release into PostgreSQL in one transaction. Readers see the previous"
        " release until the new one is complete.",
        ["publish postgres://analyst@db.example/reports --dry-run"],
    )
    parser.add_argument(
        "address", help=f"address of the database, such as {_EXAMPLE}, without a password"
    )
    parser.add_argument(
        "--schema",
        metavar="S",
        default=SCHEMA,
        help=f"schema of the marts; the audit tables go to S_audit (default: {SCHEMA})",
    )
    parser.add_argument(
        "--release", metavar="ID", help="release to publish (default: the current one)"
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="print what would change, and change nothing"
    )
    parser.add_argument(
        "--recreate",
        action="store_true",
        help="create tables of another shape again, unless a view depends on them",
    )
    for option in ("--project-dir", "--root"):
        parser.add_argument(option, metavar="DIR", type=Path, help="as for release")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    if not arguments.address.startswith(PREFIXES):
        raise UserError(f"the address is not one of PostgreSQL; write {_EXAMPLE}")
    check_address(arguments.address, _EXAMPLE)
    schemas = _schemas(arguments.schema)
    root: Path = arguments.root or find_project(arguments.project_dir)
    folder = _find(Store(root.absolute()), arguments.release)
    for line in publish(
        arguments.address,
        folder / MARTS_FILE,
        schemas,
        is_named=arguments.release is not None,
        dry_run=arguments.dry_run,
        recreate=arguments.recreate,
    ):
        print(safe_text(line))
    return 0


def _find(store: Store, release_id: str | None) -> Path:
    """Return the folder of a release whose small database is what the manifest states.

    Raises UserError.
    """
    folder = store.folder(store.find(release_id))
    files = {
        entry["name"]: entry["digest"]["sha256"] for entry in read_statement(folder)["subject"]
    }
    if MARTS_FILE not in files:
        raise UserError(
            f"release {folder.name} has no {MARTS_FILE}: release again, and publish that"
        )
    if not (folder / MARTS_FILE).is_file() or sha256_of(folder / MARTS_FILE) != files[MARTS_FILE]:
        raise UserError(
            f"{folder / MARTS_FILE} is not what was released: platform-employment verify says more"
        )
    return folder


def _schemas(name: str) -> Schemas:
    schemas = Schemas(name, f"{name}_audit")
    if not name or "\0" in name or len(schemas.audit.encode()) > _LONGEST_NAME:
        raise UserError(f"--schema: a name has 1 to {_LONGEST_NAME - len('_audit')} bytes")
    if name.startswith("pg_") or name == "information_schema":
        raise UserError(f"--schema: {name} is PostgreSQL's own; name another")
    return schemas


def publish(
    address: str,
    file: Path,
    schemas: Schemas,
    *,
    is_named: bool = False,
    dry_run: bool = False,
    recreate: bool = False,
) -> list[str]:
    """Publish the small database of a release; say what was, or would be, done.

    is_named: the user chose this release, so that it may replace a newer one. Raises
    UserError, one line, and then the server holds what it held.
    """
    import psycopg  # noqa: PLC0415  the command line must start fast

    started = time.monotonic()
    try:
        with (
            connect(file) as release,
            psycopg.connect(
                patient(address),
                client_encoding="utf8",
                application_name="platform-employment publish",
            ) as connection,
        ):
            connection.read_only = dry_run
            _check_server(connection)
            limit(connection)
            if not dry_run:
                lock(connection, schemas)
            tables = read_tables(release, schemas)
            release_id = read_release_id(release)
            target = read_target(connection, schemas)
            plan = make_plan(tables, target)
            check(plan, target, schemas, recreate=recreate)
            _check_order(target, release_id, schemas, is_named=is_named)
            if target.release_id == release_id and plan.is_empty:
                return [f"{schemas.marts} already holds release {release_id}"]
            if dry_run:
                return [*_changes(plan, tables), "nothing was changed: this was a dry run"]
            rows = load(connection, release, tables, schemas)
            _commit(connection)
    except psycopg.Error as error:
        raise UserError(_reason(error)) from None
    seconds = time.monotonic() - started
    was = f" in the place of {target.release_id}" if target.release_id else ""
    return [
        *_changes(plan, []),
        f"published {release_id} to {schemas.marts} and {schemas.audit}{was}:"
        f" {len(tables)} tables, {rows} rows, {seconds:.1f} s",
    ]


def _commit(connection: Connection[Any]) -> None:
    import psycopg  # noqa: PLC0415  the command line must start fast

    try:
        connection.commit()
    except psycopg.OperationalError:
        raise UserError(
            "the connection broke while the release was committed: publish again, which says"
            " whether it is there"
        ) from None


def _check_server(connection: Connection[Any]) -> None:
    (encoding,) = connection.execute("show server_encoding").fetchone() or ("",)
    if encoding != "UTF8":
        raise UserError(f"the database is encoded in {encoding}; make one in UTF8")


def _check_order(target: Target, release_id: str, schemas: Schemas, *, is_named: bool) -> None:
    """Do not let any release replace a newer one by accident; ids sort by age."""
    if target.release_id and target.release_id > release_id and not is_named:
        raise UserError(
            f"{schemas.marts} holds release {target.release_id}, which is newer than {release_id};"
            f" to go back, write --release {release_id}"
        )


def _changes(plan: Plan, tables: Sequence[Table]) -> list[str]:
    """Describe what changes in addition rows; tables: those whose rows would change."""
    refused = {".".join(found.table) for found in plan.refused}
    lines = [f"table {name} is created again" for name in sorted(refused)]
    lines += [f"table {table} is new" for table in plan.created]
    lines += [f"column {table}.{column.name} is new" for table, column in plan.added]
    if tables:
        lines.append(f"the rows of {len(tables)} tables would be replaced")
    return lines


def _reason(error: Exception) -> str:
    import psycopg  # noqa: PLC0415  the command line must start fast

    reason = str(error).partition("\n")[0] or type(error).__name__
    remedy = "check the address and the rights"
    if isinstance(error, psycopg.errors.LockNotAvailable | psycopg.errors.QueryCanceled):
        remedy = "try again, or allow more by options=-c%20lock_timeout%3D5min in the address"
    return f"PostgreSQL: {reason}; nothing was published: {remedy}"
