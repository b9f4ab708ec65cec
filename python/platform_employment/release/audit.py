"""What must hold before a build may become a release."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from platform_employment.dbt.artifacts import (
    AUDIT_SCHEMA,
    EXPECTATIONS_TABLE,
    MARTS_SCHEMA,
    MICRODATA_TABLE,
    REJECTS_TABLE,
    Artifacts,
)
from platform_employment.release.inputs import InputFile
from platform_employment.release.stops import ReleaseError, first_line
from platform_employment.release.summaries import TableSummary, connect, from_json, quoted_table

_SUCCESS = {"success", "pass", "warn", "no-op"}


@dataclass(frozen=True)
class Audit:
    """A build that passed.

    tables: all tables and views by name; expectations: the rows of their results; rejects:
    number of refused input rows by reason; microdata: the files of microdata that the build
    read, as it recorded them; warnings: what dbt only warned of.
    """

    tables: Mapping[str, TableSummary]
    expectations: Sequence[Mapping[str, Any]]
    rejects: Mapping[str, int]
    microdata: Sequence[Mapping[str, Any]]
    warnings: Sequence[str]


def audit(database: Path, artifacts: Artifacts, inputs: Sequence[InputFile]) -> Audit:
    """Audit a build.

    database: the file that dbt made; artifacts: of the same dbt run; inputs: the files that
    were loaded. Raises ReleaseError with the first finding and how many more there are; all
    are printed.
    """
    _check_whole(database)
    tables = {table.name: table for table in read_in_fresh_process(database)}
    findings = [
        *_node_findings(artifacts),
        *_table_findings(artifacts, tables),
        *_input_findings(inputs, tables),
        *_expectation_findings(database, tables),
    ]
    if findings:
        for finding in findings:
            print(f"audit: {finding}", flush=True)
        more = f" (and {len(findings) - 1} more, listed above)" if len(findings) > 1 else ""
        raise ReleaseError(
            f"the audit failed: {findings[0]}{more}; nothing was published: mend it and release "
            "again"
        )
    return Audit(
        tables=tables,
        expectations=read_rows(database, EXPECTATIONS_TABLE),
        rejects=_rejects(database, tables),
        microdata=read_rows(database, MICRODATA_TABLE)
        if f"{AUDIT_SCHEMA}.{MICRODATA_TABLE}" in tables
        else [],
        warnings=[
            f"{result.unique_id}: {first_line(result.message)}"
            for result in artifacts.results.values()
            if result.status == "warn"
        ],
    )


def read_in_fresh_process(database: Path) -> list[TableSummary]:
    """Read all tables in a new process that opens the file read-only, as a reader would."""
    process = subprocess.run(
        [sys.executable, "-m", "platform_employment.release.summaries", str(database)],
        capture_output=True,
        text=True,
        check=False,
    )
    if process.returncode != 0:
        reason = process.stderr.strip().splitlines()[-1:] or ["it ended without a word"]
        raise ReleaseError(
            f"the audit failed: a fresh process cannot read the warehouse: {reason[0]}; "
            "nothing was published: release again"
        )
    return [from_json(entry) for entry in json.loads(process.stdout)]


def read_rows(database: Path, table: str) -> list[dict[str, Any]]:
    """Read a table of the audit as dictionaries, in the order of its columns."""
    with connect(database) as connection:
        result = connection.execute(f'select * from {AUDIT_SCHEMA}."{table}" order by all')
        names = [column[0] for column in result.description or ()]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _check_whole(database: Path) -> None:
    """Stop at a database that dbt did not finish writing, even if dbt says that it did."""
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
                "free now, has room and release again"
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


def _table_findings(artifacts: Artifacts, tables: Mapping[str, TableSummary]) -> Iterator[str]:
    for node in artifacts.relations():
        if node.table not in tables:
            yield f"{node.table}: not in the warehouse"
        elif tables[node.table].fault:
            continue  # reported below
        elif node.schema == MARTS_SCHEMA and tables[node.table].rows == 0:
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


def _expectation_findings(database: Path, tables: Mapping[str, TableSummary]) -> Iterator[str]:
    table = tables.get(f"{AUDIT_SCHEMA}.{EXPECTATIONS_TABLE}")
    if table is None or table.fault:
        yield f"{AUDIT_SCHEMA}.{EXPECTATIONS_TABLE}: no expectation results"
        return
    if table.rows == 0:
        yield f"{table.name}: no expectation was evaluated"
    for row in read_rows(database, EXPECTATIONS_TABLE):
        if row["is_success"] is not True:
            subject = row.get("message") or row.get("subject_en") or row.get("expectation_type")
            yield f"an expectation on {row.get('table_name')} failed: {subject}"


def _rejects(database: Path, tables: Mapping[str, TableSummary]) -> dict[str, int]:
    """Count the refused rows by reason; empty when the project keeps no record of them."""
    table = tables.get(f"{AUDIT_SCHEMA}.{REJECTS_TABLE}")
    if table is None:
        return {}
    reason = next((name for name, _ in table.columns if name == "reason_code"), "'all'")
    with connect(database) as connection:
        return dict(
            connection.execute(
                f"select {reason}, count(*) from {quoted_table(table.name)} group by 1 order by 1"
            ).fetchall()
        )
