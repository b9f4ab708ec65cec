"""The marts for spreadsheets: csv with a Frictionless datapackage.json, and one Excel workbook.

The csv files begin with a byte order mark, without which Excel garbles Chinese. A text that a
spreadsheet would take for a formula has an apostrophe before it. Specification:
https://datapackage.org. The workbook has the number, and the tables that people read in a
spreadsheet: the names of columns are in the first row of each sheet, their labels and units in the
sheet `meta_columns`. All other tables are in `csv/`.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from platform_employment.database import quoted_table
from platform_employment.reading import sha256_of
from platform_employment.release.dictionary import Described, Entry
from platform_employment.release.formats.marts_file import HEADLINE, ReleaseRow
from platform_employment.release.integrity import json_bytes

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

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

# limits of Excel
_MAX_ROWS = 1_048_576
_MAX_TEXT = 32_767

# in_memory: parts of the workbook go to no folder for temporary files
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
START = "开始 Start"
PIVOT = "jobs_zh"
# the tables that have a sheet, in this order
SHEETS = (
    PIVOT, "meta_columns", "report_totals", "fct_estimates", "dim_estimates", "fct_jobs",
    "fct_uncertainty", "fct_stages", "fct_report_shares", "fct_report_answers", "fct_comparisons",
    "aud_figure_reconciliation", "fct_gmv", "dim_sources",
)  # fmt: skip
# of a longer table only the beginning is printed
_PRINTED_ROWS = 80
_MEASURED_ROWS = 200
_WIDEST, _NARROWEST = 48, 9
_A4 = 9
_CUT = " … (cut off here, whole in the Parquet file)"
# the two ends next to the number: two facts, each of its layer
_ENDS = (
    "各层最低（万） Lowest of all layers (10 thousand)",
    "各层最高（万） Highest of all layers (10 thousand)",
)
_FORMATS = {
    "counted": "#,##0.0000",
    "count": "#,##0",
    "ordinal": "0",
    "ratio": "0.000000",
    "share": "0.000000",
    "wan_yuan": "#,##0.00",
    "wan_yuan_per_job": "#,##0.0000",
    "yi_yuan": "#,##0.00",
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


def write_workbook(
    connection: DuckDBPyConnection,
    tables: Sequence[Described],
    release: ReleaseRow,
    committed: int,
    path: Path,
) -> None:
    """Write the workbook from the small database of a release.

    tables: those to write, in this order; committed: seconds since 1970, the creation time in
    the file. Text that a spreadsheet could take for a formula is marked as text, its characters
    stay as they are. Numbers have the 15 digits that Excel holds; Parquet has them all.
    """
    import xlsxwriter  # noqa: PLC0415  the command line must start fast
    from xlsxwriter.exceptions import FileCreateError  # noqa: PLC0415

    try:
        with xlsxwriter.Workbook(path, _OPTIONS) as book:
            book.set_properties(
                {
                    "title": "平台带动就业估算 Platform employment estimates",
                    "subject": f"Release {release.release_id}",
                    "created": datetime.fromtimestamp(committed, UTC).replace(tzinfo=None),
                }
            )
            _fill(_Writer(book, release), connection, tables)
    except FileCreateError as error:
        # it hides the OSError, by which a full disk is known
        raise error.args[0] from None


def _fill(writer: _Writer, connection: DuckDBPyConnection, tables: Sequence[Described]) -> None:
    named = {table.name: table for table in tables}
    start = writer.add_sheet(START)
    lines = [
        (named[name], *writer.add_table(connection, named[name]))
        for name in SHEETS
        if name in named
    ]
    shown = list(_headline(connection)) if {HEADLINE, "report_totals"} <= set(named) else []
    writer.fill_start(start, shown, lines, len(tables) - len(lines))


def _headline(connection: DuckDBPyConnection) -> Iterator[tuple[str, Any]]:
    """Return what the number is, in both languages; nothing where there is no default report."""
    rows = connection.execute("""
        select
            r.title_zh || ' · ' || r.title_en, s.name_zh || ' · ' || s.name_en, r.window_end,
            r.low_wan, r.low_layer, r.high_wan, r.high_layer, p.name_zh || ' · ' || p.name_en,
            p.definition_zh || ' · ' || p.definition_en, sum(h.jobs_wan)
        from marts.report_totals as r
        join marts.headline as h using (report_id)
        join marts.dim_scenarios as s
            on s.platform_id = r.platform_id and s.scenario_id = r.scenario_id
        join marts.dim_provenance_kinds as p on p.provenance = r.weakest_provenance
        group by all
    """).fetchall()
    for title, scenario, window, *ends, kind, definition, jobs in rows:
        yield "就业机会（万） Jobs (10 thousand)", jobs
        yield "报告 Report", title
        yield "情景 Scenario", scenario
        yield "窗口截至 Twelve months to", window
        for label, value, layer in zip(_ENDS, ends[::2], ends[1::2], strict=True):
            if layer:
                open_end = "无界 no limit"
                yield label, f"{open_end if value is None else f'{value:,.1f}'} [{layer}]"
        yield "最弱的依据 Rests at worst on", kind
        yield "", definition
        yield (
            "怎样读 How to read it",
            (
                "这是按报告方法从公开数字重算的结果，不是统计调查；只在本报告、情景、窗口内相加。"
                " The method of the report calculated again from published numbers, no survey;"
                " add up only within this report, scenario and window."
            ),
        )


class _Writer:
    def __init__(self, book: Workbook, release: ReleaseRow) -> None:
        self._book = book
        self.stamp = f"{release.release_id} · {release.built_at} · {release.git_commit[:12]}"
        self._bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self._wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self._big = book.add_format(
            {"bold": True, "font_size": 28, "num_format": "#,##0.0000", "align": "left"}
        )
        self._link = book.add_format({"font_color": "blue", "underline": 1, "valign": "top"})
        self._count = book.add_format({"num_format": "#,##0", "valign": "top"})
        self._date = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
        self._literal = book.add_format({"quote_prefix": True})
        self._formats = {
            # a number does not touch the text of the next column
            unit: book.add_format({"num_format": text, "align": "right", "indent": 1})
            for unit, text in _FORMATS.items()
        }

    def add_sheet(self, name: str) -> Worksheet:
        """Add a sheet that prints on pages of its width, each with the release."""
        sheet = self._book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
        sheet.set_header("&L&A&R平台带动就业估算 Platform employment estimates")
        sheet.set_footer(f"&L{self.stamp}&R&P / &N")
        return sheet

    def add_table(self, connection: DuckDBPyConnection, table: Described) -> tuple[int, int]:
        """Write a sheet with the names of the columns first; return its rows, and those missing."""
        sheet = self.add_sheet(table.name)
        return self._write_rows(sheet, connection, table)

    def fill_start(
        self,
        sheet: Worksheet,
        shown: Sequence[tuple[str, Any]],
        lines: Sequence[tuple[Described, int, int]],
        others: int,
    ) -> None:
        """Show the number with what it is, the release, and the sheets with links to them."""
        sheet.set_column(0, 0, 58)
        sheet.set_column(1, 1, 44)
        sheet.set_column(2, 2, 10)
        sheet.set_column(3, 3, 64)
        row = 0
        for label, value in shown:
            sheet.write_string(row, 0, label, self._bold)
            if isinstance(value, Decimal):
                sheet.set_row(row, 40)
                sheet.write_number(row, 1, value, self._big)
            else:
                self._write(sheet, row, 1, value, self._wrapped)
                further = max(_cells(label) // 54, _cells(str(value)) // 42)
                if further:
                    sheet.set_row(row, 15 * (1 + further))
            row += 1
        sheet.write_string(row, 0, "发布 Release", self._bold)
        sheet.write_string(row, 1, self.stamp, self._wrapped)
        row += 2
        heads = ("工作表 Sheet", "标题 Title", "行数 Rows", "说明 Note")
        for column, text in enumerate(heads):
            sheet.write_string(row, column, text, self._bold)
        for line, (table, rows, left) in enumerate(lines, start=row + 1):
            sheet.write_url(line, 0, f"internal:'{table.name}'!A1", self._link, string=table.name)
            sheet.write_string(line, 1, f"{table.zh} · {table.en}", self._wrapped)
            sheet.write_number(line, 2, rows, self._count)
            missing = f"其余{left}行在Parquet中 {left} more rows are in Parquet. " if left else ""
            note = f"{missing}{table.text}"
            self._write(sheet, line, 3, note, self._wrapped)
            sheet.set_row(line, 15 * (1 + _cells(note) // 62))
        more = f"其余{others}个表在 csv/ 中 {others} further tables are in csv/"
        sheet.write_string(row + len(lines) + 2, 0, more, self._wrapped)

    def _write_rows(
        self, sheet: Worksheet, connection: DuckDBPyConnection, table: Described
    ) -> tuple[int, int]:
        """Write the names of columns and the rows below; name them as a table of Excel."""
        result = connection.execute(f"select * from {quoted_table(table.table)}")
        most = _MAX_ROWS - 1
        rows = result.fetchmany(most)
        for row, record in enumerate(rows, start=1):
            for column, (value, entry) in enumerate(zip(record, table.columns, strict=True)):
                self._write(sheet, row, column, value, self._formats.get(entry.unit))
        last = len(table.columns) - 1
        if rows:
            headers = [{"header": entry.name} for entry in table.columns]
            options = {"name": table.name, "columns": headers, "style": "Table Style Light 1"}
            sheet.add_table(0, 0, len(rows), last, options)
        else:
            for column, entry in enumerate(table.columns):
                sheet.write_string(0, column, entry.name, self._bold)
        for column, entry in enumerate(table.columns):
            sheet.set_column(column, column, _width(entry, [record[column] for record in rows]))
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        sheet.print_area(0, 0, min(len(rows), _PRINTED_ROWS), last)
        left = 0
        while chunk := result.fetchmany(most):
            left += len(chunk)
        return len(rows), left

    def _write(
        self, sheet: Worksheet, row: int, column: int, value: Any, style: Format | None = None
    ) -> None:
        """Write one cell by the type of its value, never by what a text looks like."""
        match value:
            case None:
                return
            case bool():
                sheet.write_boolean(row, column, value)
            case int() | float() | Decimal():
                sheet.write_number(row, column, value, style)
            case date():
                moment = value.replace(tzinfo=None) if isinstance(value, datetime) else value
                sheet.write_datetime(row, column, moment, self._date)
            case _:
                text = str(value)
                if len(text) > _MAX_TEXT:
                    text = text[: _MAX_TEXT - len(_CUT)] + _CUT
                formula = text.startswith(FORMULA_STARTS)
                sheet.write_string(row, column, text, self._literal if formula else style)


def _width(entry: Entry, values: Sequence[Any]) -> float:
    """Return the width that shows a column: of its name and most of its values."""
    sizes = sorted(_cells(str(value)) for value in values[:_MEASURED_ROWS] if value is not None)
    common = sizes[len(sizes) * 9 // 10] if sizes else 0
    return min(max(len(entry.name) + 3, common + 2, _NARROWEST), _WIDEST)


def _cells(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
