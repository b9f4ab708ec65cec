"""Write: the warehouse in all its forms, what changed, and the pages."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from platform_employment.database import connect, literal
from platform_employment.dbt.artifacts import MANIFEST, RUN_RESULTS, Artifacts
from platform_employment.dbt.build_inputs import BuildInputs
from platform_employment.errors import UserError
from platform_employment.release.audit import Audited
from platform_employment.release.build import CATALOG, DBT_PAGE, BuildContext, Built
from platform_employment.release.dictionary import (
    Described,
    in_order,
    read_dictionary,
    read_words,
)
from platform_employment.release.diff import Changes, snapshot_of, write_changes
from platform_employment.release.formats.marts_file import (
    ReleaseRow,
    extras,
    order_by,
    write_marts_file,
)
from platform_employment.release.formats.openlineage import write_lineage
from platform_employment.release.formats.spreadsheets import write_datapackage, write_workbook
from platform_employment.release.formats.superset import write_superset
from platform_employment.release.integrity import json_bytes
from platform_employment.release.manifest import Statement, make_statement, tables_sha256, timestamp
from platform_employment.release.measures import check_sums
from platform_employment.release.store import (
    CHANGELOG_FILE,
    CSV_FOLDER,
    DATABASE_FILE,
    DBT_FOLDER,
    DOCS_FOLDER,
    INPUTS_FOLDER,
    LINEAGE_FOLDER,
    MARTS_FILE,
    METRICS_FILE,
    PARQUET_FOLDER,
    SUPERSET_FOLDER,
    VALIDATION_FOLDER,
    WORKBOOK_FILE,
    ReleaseError,
    Store,
)
from platform_employment.release.table_hashes import (
    TableSummary,
    as_analysts_read,
    parquet_relation,
    read_relation,
)
from platform_employment.site.build import build_docs
from platform_employment.site.pages import Release as Stamp

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# what the pages are about
REPORTS_TABLE = "marts.dim_reports"


@dataclass(frozen=True)
class Written:
    """The files of a release in its folder; statement: the manifest except their hashes."""

    release_id: str
    folder: Path
    statement: Statement
    changes: Changes


def write(context: BuildContext, built: Built, audited: Audited, store: Store) -> Written:
    """Write all files of a release but its manifest.

    store: where it will be, which gives it its name. The database is moved, not copied.
    """
    dbt, git = context.run, context.git
    folder = dbt.database.with_name("release")
    tables_hash = tables_sha256(audited.tables)
    row = ReleaseRow(
        release_id=store.new_release_id(context.started, tables_hash),
        built_at=timestamp(context.started),
        git_commit=git.commit if git else "",
        tables_sha256=tables_hash,
    )
    committed = git.committed if git else 0
    _print_step("Parquet files")
    with connect(dbt.database) as warehouse:
        described = read_dictionary(warehouse, built.artifacts)
        made = extras(described, read_words(warehouse), row)
        settings = {"storage_version": _storage_version(warehouse)}
        write_parquet(warehouse, described, audited.tables, folder / PARQUET_FOLDER)
    _print_step("the small database")
    write_marts_file(dbt.database, described, made, folder / MARTS_FILE)
    tables = in_order([*described, *(extra.described for extra in made)])
    with connect(folder / MARTS_FILE) as marts:
        check_sums(marts, tables)
        _print_step("csv files")
        write_datapackage(marts, tables, row, folder / CSV_FOLDER)
        _print_step("the workbook")
        # the time of the commit stands where the one of the build must not
        write_workbook(marts, tables, row, committed, folder / WORKBOOK_FILE)
    _print_step("inputs, validation and lineage")
    copy_inputs(context.read, folder / INPUTS_FOLDER)
    write_superset(tables, row, folder / SUPERSET_FOLDER)
    write_validation(built.artifacts, audited.expectations, folder / VALIDATION_FOLDER)
    write_lineage(
        built.artifacts, audited.tables, audited.expectations, committed, folder / LINEAGE_FOLDER
    )
    _copy(dbt.target, built.pages, dbt.project, folder)
    dbt.database.rename(folder / DATABASE_FILE)
    finished = datetime.now(UTC)
    statement = make_statement(row.release_id, finished, context, built, audited, settings)
    changes = Changes()
    if context.previous:
        _print_step("changes since the release before")
        earlier = store.folder(context.previous.release_id)
        after = snapshot_of(folder / DATABASE_FILE, built.artifacts, statement)
        changes = write_changes(earlier, row.release_id, after, folder)
    _print_step("pages")
    if REPORTS_TABLE in {node.table for node in built.artifacts.marts()}:
        write_pages(built.pages, row, changes.text, folder)
    else:
        print(f"only the page of dbt: there is no table {REPORTS_TABLE}", flush=True)
        (folder / DOCS_FOLDER).mkdir()
        shutil.copyfile(built.pages / DBT_PAGE, folder / DOCS_FOLDER / "index.html")
    return Written(row.release_id, folder, statement, changes)


def _print_step(name: str) -> None:
    print(f"   {name}", flush=True)


def copy_inputs(read: BuildInputs, folder: Path) -> None:
    """Copy the tables that a release is built from: neither microdata nor private sources."""
    for layer, private in read.published_layers():
        if private:
            print(f"{layer.name} stays out: it cites {', '.join(private)}", flush=True)
            continue
        copied = folder / layer.file
        if copied.exists():
            raise ReleaseError(
                f"{layer.name}: a folder of own data may not be named seeds; rename it"
            )
        copied.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(layer.path, copied)
    if read.own and read.settings:
        copied = folder / read.own.resolve().name / read.settings.name
        copied.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(read.settings, copied)


def _storage_version(connection: DuckDBPyConnection) -> str:
    """Return the version of the format of a database file, which is stored in it."""
    row = connection.execute(
        "select tags['storage_version'] from duckdb_databases()"
        " where database_name = current_database()"
    ).fetchone()
    return str(row[0]) if row else "unknown"


def _copy(target: Path, pages: Path, project: Path, folder: Path) -> None:
    (folder / DBT_FOLDER).mkdir()
    for path in (
        *(target / name for name in (MANIFEST, RUN_RESULTS, METRICS_FILE)),
        pages / CATALOG,
    ):
        shutil.copyfile(path, folder / DBT_FOLDER / path.name)
    if (project / CHANGELOG_FILE).is_file():
        shutil.copyfile(project / CHANGELOG_FILE, folder / CHANGELOG_FILE)


def write_pages(pages: Path, row: ReleaseRow, changes: str, folder: Path) -> None:
    """Write pages that open from disk without a network; pages: folder of dbt's own page."""
    stamp = Stamp(
        row.built_at[:10], row.release_id, row.git_commit[:12], row.tables_sha256, changes
    )
    try:
        build_docs(pages, folder / DATABASE_FILE, folder / DOCS_FOLDER, stamp)
    except UserError as error:
        raise ReleaseError(f"{error}; nothing was published") from None


def write_parquet(
    connection: DuckDBPyConnection,
    marts: Sequence[Described],
    tables: Mapping[str, TableSummary],
    folder: Path,
) -> None:
    """Write one Parquet file per mart, rows as people read them, and read each back.

    Decimals are floats and days are timestamps there, as data frames use them; the database keeps
    the decimals. The footer describes the columns. The same rows give the same bytes, so the footer
    names the hash of the table, not the release. Raises ReleaseError where what is read back
    differs.
    """
    folder.mkdir()
    for mart in marts:
        path = folder / f"{mart.name}.parquet"
        as_read = as_analysts_read(connection, mart.table)
        footer = {
            "description": mart.comment,
            "sha256": tables[mart.table].sha256,
            "columns": json.dumps(
                {column.name: column.comment for column in mart.columns}, ensure_ascii=False
            ),
            "labels": json.dumps(
                {
                    column.name: {
                        "zh": column.zh,
                        "en": column.en,
                        "unit_zh": column.unit_zh,
                        "unit_en": column.unit_en,
                    }
                    for column in mart.columns
                },
                ensure_ascii=False,
            ),
        }
        entries = ", ".join(f"{key}: {literal(text)}" for key, text in footer.items())
        connection.execute(
            f"copy ({as_read} {order_by(mart, marts)})"
            f" to {literal(path)}"
            f" (format parquet, compression zstd, kv_metadata {{{entries}}})"
        )
        wanted = read_relation(connection, mart.table, f"({as_read})")
        back = read_relation(connection, mart.table, parquet_relation(path))
        if back.sha256 != wanted.sha256 or back.rows != tables[mart.table].rows:
            reason = back.fault or _changed_types(wanted, back)
            raise ReleaseError(
                f"{mart.table}: Parquet does not hold it exactly: {reason}; nothing was "
                "published: cast the column in the model"
            )


def write_validation(
    artifacts: Artifacts, expectations: Sequence[Mapping[str, Any]], folder: Path
) -> None:
    """Write the results of all expectations and of all dbt tests."""
    folder.mkdir()
    (folder / "expectations.json").write_bytes(json_bytes(expectations))
    tests = [
        {
            "unique_id": result.unique_id,
            "name": artifacts.nodes[result.unique_id].name,
            "description": artifacts.nodes[result.unique_id].description,
            "status": result.status,
            "message": result.message,
        }
        for result in sorted(artifacts.results.values(), key=lambda result: result.unique_id)
        if result.unique_id in artifacts.nodes
        and artifacts.nodes[result.unique_id].resource_type in {"test", "unit_test"}
    ]
    (folder / "tests.json").write_bytes(json_bytes(tests))


def _changed_types(table: TableSummary, back: TableSummary) -> str:
    for (name, kind), (_, kind_back) in zip(table.columns, back.columns, strict=True):
        if kind != kind_back:
            return f"column {name} is {kind} and comes back as {kind_back}"
    return "the values read back differ"
