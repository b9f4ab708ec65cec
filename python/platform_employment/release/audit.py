"""What must hold before a build may become a release."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from platform_employment.database import connect, quoted_table
from platform_employment.dbt.artifacts import (
    AUDIT_SCHEMA,
    EXPECTATIONS_TABLE,
    MARTS_SCHEMA,
    MICRODATA_TABLE,
    REJECTS_TABLE,
    Artifacts,
)
from platform_employment.dbt.run import failed_test_messages
from platform_employment.release.build import BuildContext, Built, InputFile
from platform_employment.release.store import ReleaseError, first_line
from platform_employment.release.table_hashes import TableSummary, read_in_fresh_process

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_SUCCESS = {"success", "pass", "warn", "no-op"}
# without a row of it there is nothing to release, whatever own data leave out
ESTIMATES = "fct_all_jobs"


@dataclass(frozen=True)
class Audited:
    """A build that passed.

    tables: all tables and views by name; expectations: the rows of their results; rejects:
    number of refused input rows by reason; inputs: all files that it read, of microdata with
    what became of their lines; warnings: what dbt only warned of, as for a source that is overdue.
    """

    tables: Mapping[str, TableSummary]
    expectations: Sequence[Mapping[str, Any]]
    rejects: Mapping[str, int]
    inputs: Sequence[InputFile]
    warnings: Sequence[str]


def audit(context: BuildContext, built: Built) -> Audited:
    """Audit a build.

    Raises ReleaseError with the first finding and how many more there are; all are printed.
    """
    database = context.run.database
    _check_whole(database)
    tables = {table.name: table for table in read_in_fresh_process(database)}
    with connect(database) as connection:
        expectations = _rows(connection, EXPECTATIONS_TABLE, tables)
        microdata = _rows(connection, MICRODATA_TABLE, tables)
        rejects = _rejects(connection, tables)
    findings = [
        *_node_findings(built.artifacts),
        *_table_findings(
            built.artifacts, tables, is_whole=not any(file.left_out for file in built.inputs)
        ),
        *_input_findings(built.inputs, tables),
        *_expectation_findings(expectations, tables),
    ]
    if findings:
        for finding in findings:
            print(f"audit: {finding}", flush=True)
        more = f" (and {len(findings) - 1} more, listed above)" if len(findings) > 1 else ""
        raise ReleaseError(
            f"the audit failed: {findings[0]}{more}; nothing was published: correct it and release "
            "again"
        )
    inputs = with_microdata(built.inputs, microdata, context.read.microdata_files)
    paths = [file.path for file in inputs if file.path]
    _check_unchanged([*(path for path, _ in context.code.values()), *paths], context.since)
    return Audited(
        tables=tables,
        expectations=expectations,
        rejects=rejects,
        inputs=inputs,
        warnings=_warnings(built.artifacts, context.run.log),
    )


def _warnings(artifacts: Artifacts, log: Path | None) -> list[str]:
    """Return a line for each row that a test warned of, or for each such test."""
    told = failed_test_messages(log) if log else []
    return [line for line in told if line.startswith("WARN ")] or [
        f"dbt: {result.unique_id}: {first_line(result.message)}"
        for result in artifacts.results.values()
        if result.status == "warn"
    ]


def with_microdata(
    files: Iterable[InputFile],
    microdata: Iterable[Mapping[str, Any]],
    read: Sequence[tuple[str, Path | None]],
) -> list[InputFile]:
    """Add the files of microdata, with the lines that the build accepted and rejected in them.

    microdata: rows of aud_merchant_files; read: name and path of each in the same request, empty
    where the microdata is a seed, which is one of the files already.
    """
    rows = sorted(microdata, key=lambda row: int(row["file_number"]))
    if not read:
        counted = {row["file_sha256"]: row for row in rows}
        return [_counted(file, counted.get(file.sha256)) for file in files]
    return [
        *files,
        *(
            _counted(
                InputFile(name, path, row["file_sha256"], row["file_bytes"], row["lines"]),
                row,
            )
            for (name, path), row in zip(read, rows, strict=True)
        ),
    ]


def _counted(file: InputFile, row: Mapping[str, Any] | None) -> InputFile:
    if row is None:
        return file
    return replace(file, accepted=row["accepted_lines"], rejected=row["rejected_lines"])


def _check_unchanged(paths: Iterable[Path], since: int) -> None:
    """Stop if a file changed during the build, which may have read either state of it."""
    for path in paths:
        if path.stat().st_ctime_ns > since:
            raise ReleaseError(
                f"{path} changed while the release was built; nothing was published: release again"
            )


def _rows(
    connection: DuckDBPyConnection, table: str, tables: Mapping[str, TableSummary]
) -> list[dict[str, Any]]:
    """Read a table of the audit, in the order of its columns; nothing where it cannot be read."""
    name = f"{AUDIT_SCHEMA}.{table}"
    if name not in tables or tables[name].fault:
        return []
    result = connection.execute(f"select * from {quoted_table(name)} order by all")
    names = [column[0] for column in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _check_whole(database: Path) -> None:
    """End at a database that dbt did not finish writing, even if dbt says that it did."""
    if not database.is_file():
        raise ReleaseError(
            f"the audit failed: dbt wrote no {database.name}; nothing was published: let "
            "`path` in profiles.yml be env_var('PLATFORM_EMPLOYMENT_DATABASE', ...)"
        )
    for suffix in (".wal", ".tmp"):
        rest = database.with_name(database.name + suffix)
        if rest.exists():
            free = shutil.disk_usage(database.parent).free // 1024**2
            raise ReleaseError(
                f"the audit failed: dbt left {rest.name}, so part of the data is not in the "
                f"database; nothing was published: make sure that the disk, with {free} MiB "
                "free now, has space and release again"
            )


def _node_findings(artifacts: Artifacts) -> Iterator[str]:
    for unique_id, result in sorted(artifacts.results.items()):
        if result.status not in _SUCCESS:
            yield f"{unique_id}: {result.status}"
    if not artifacts.expected:
        yield "the project has no nodes"
    for unique_id in artifacts.expected:
        if unique_id not in artifacts.results:
            yield f"{unique_id}: did not run"


def _table_findings(
    artifacts: Artifacts, tables: Mapping[str, TableSummary], *, is_whole: bool
) -> Iterator[str]:
    """Judge the tables; is_whole: no shipped row is left out, with which marts may have none."""
    for node in artifacts.relations():
        if node.table not in tables:
            yield f"{node.table}: not in the warehouse"
        elif tables[node.table].fault:
            continue  # reported below
        elif (
            node.schema == MARTS_SCHEMA
            and tables[node.table].rows == 0
            and (is_whole or node.name == ESTIMATES)
        ):
            yield f"{node.table}: no rows"
    if not artifacts.marts():
        yield f"the project has no marts in schema {MARTS_SCHEMA}"
    for table in tables.values():
        if table.fault:
            yield f"{table.name}: {table.fault}"
        for column in table.not_finite:
            yield f"{table.name}, column {column} that are not finite"


def _input_findings(
    inputs: Sequence[InputFile], tables: Mapping[str, TableSummary]
) -> Iterator[str]:
    files: dict[str, list[InputFile]] = {}
    for file in inputs:
        files.setdefault(file.table or "", []).append(file)
    for name, parts in files.items():
        table = tables.get(name)
        rows = sum((part.rows or 0) - part.left_out for part in parts)
        if table and table.rows != rows:
            names = " and ".join(part.name for part in parts)
            yield f"{names} has {rows} rows, its table {name} {table.rows}"


def _expectation_findings(
    expectations: Sequence[Mapping[str, Any]], tables: Mapping[str, TableSummary]
) -> Iterator[str]:
    table = tables.get(f"{AUDIT_SCHEMA}.{EXPECTATIONS_TABLE}")
    if table is None or table.fault:
        yield f"{AUDIT_SCHEMA}.{EXPECTATIONS_TABLE}: no expectation results"
        return
    if table.rows == 0:
        yield f"{table.name}: no expectation was evaluated"
    for row in expectations:
        if row["is_success"] is not True:
            subject = row.get("message") or row.get("subject_en") or row.get("expectation_type")
            yield f"an expectation on {row.get('table_name')} failed: {subject}"


def _rejects(connection: DuckDBPyConnection, tables: Mapping[str, TableSummary]) -> dict[str, int]:
    """Count the refused rows by reason; empty when the project keeps no record of them."""
    table = tables.get(f"{AUDIT_SCHEMA}.{REJECTS_TABLE}")
    if table is None or table.fault:
        return {}
    reason = next((name for name, _ in table.columns if name == "reason_code"), "'all'")
    return dict(
        connection.execute(
            f"select {reason}, count(*) from {quoted_table(table.name)} group by 1 order by 1"
        ).fetchall()
    )
