"""The marts as csv for spreadsheets, described by a Frictionless datapackage.json.

The files begin with a byte order mark, without which Excel garbles Chinese. A text that a
spreadsheet would take for a formula has an apostrophe before it.
Specification: https://datapackage.org.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from platform_employment.reading import sha256_of
from platform_employment.release.dictionary import Described, Entry
from platform_employment.release.integrity import json_bytes
from platform_employment.release.marts_file import ReleaseRow
from platform_employment.release.table_hashes import quoted_table

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

FILE = "datapackage.json"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_BOM = b"\xef\xbb\xbf"
_TYPES = {
    "BOOLEAN": "boolean",
    "DATE": "date",
    "DOUBLE": "number",
    "FLOAT": "number",
    "TIMESTAMP": "datetime",
    "VARCHAR": "string",
}


def write_datapackage(
    connection: DuckDBPyConnection, tables: Sequence[Described], release: ReleaseRow, folder: Path
) -> None:
    """Write one csv a table of the small database, and the file that describes them."""
    folder.mkdir()
    resources = []
    for table in tables:
        path = folder / f"{table.name}.csv"
        result = connection.execute(f"select * from {quoted_table(table.table)}")
        path.write_bytes(_BOM + _csv(table, result.fetchall()))
        resources.append(_resource(table, path))
    package = {
        "name": "platform_employment",
        "title": "平台带动就业估算 · Platform employment estimates",
        "description": "UTF-8 with a byte order mark. A text that a spreadsheet would take for a"
        " formula has an apostrophe before it. Sum only what its field says may be summed.",
        "version": release.release_id,
        "created": release.built_at,
        "platform_employment_commit": release.git_commit,
        "resources": resources,
    }
    (folder / FILE).write_bytes(json_bytes(package))


def _csv(table: Described, rows: Sequence[tuple[Any, ...]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(column.name for column in table.columns)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue().encode()


def _cell(value: Any) -> Any:
    match value:
        case bool():
            return "true" if value else "false"
        case Decimal():
            return f"{value:f}"
        case float():
            return repr(value)
        case str() if value.startswith(FORMULA_STARTS):
            return f"'{value}"
    return value


def _resource(table: Described, path: Path) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [_field(column) for column in table.columns],
        "missingValues": [""],
    }
    if table.key:
        schema["primaryKey"] = list(table.key)
    if table.references:
        schema["foreignKeys"] = [
            {
                "fields": list(reference.columns),
                "reference": {"resource": reference.table, "fields": list(reference.to)},
            }
            for reference in table.references
        ]
    return {
        "name": table.name,
        "path": path.name,
        "title": f"{table.zh} · {table.en}",
        "description": table.text,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8-sig",
        "bytes": path.stat().st_size,
        "hash": f"sha256:{sha256_of(path)}",
        "schema": schema,
    }


def _field(column: Entry) -> dict[str, Any]:
    kind = _TYPES.get(column.kind, "number" if column.kind.startswith("DECIMAL") else "integer")
    field: dict[str, Any] = {
        "name": column.name,
        "type": kind,
        "title": f"{column.zh} · {column.en}",
        "description": " ".join(filter(None, (column.text, column.rule))),
    }
    if column.unit:
        field["unit"] = column.unit
    if column.is_required:
        field["constraints"] = {"required": True}
    return field
