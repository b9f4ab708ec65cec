"""One Excel workbook of the published marts: a contents sheet and a sheet for each mart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from platform_employment.dbt.artifacts import Node
from platform_employment.release.labels import label, read_labels
from platform_employment.release.summaries import connect, quoted_table

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

# limits of Excel
_MAX_SHEET_NAME = 31
_MAX_ROWS = 1_048_576
_MAX_TEXT = 32_767

# in_memory: parts of the workbook go to no folder for temporary files
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
_HEADER_ROWS = 5
_WIDTH = 22
_CUT = " … (cut off here, whole in the Parquet file)"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def write_workbook(database: Path, marts: Iterable[Node], committed: int, path: Path) -> None:
    """Write the workbook.

    marts: those to write, in this order; committed: seconds since 1970, the creation time in
    the file, so that the same data gives the same bytes. Above each column stand its Chinese
    and English label, unit, description and name. Text that a spreadsheet could take for a
    formula is marked as text, its characters stay as they are. Numbers have the 15 digits
    that Excel holds; Parquet has them all.
    """
    import xlsxwriter  # noqa: PLC0415  the command line must start fast
    from xlsxwriter.exceptions import FileCreateError  # noqa: PLC0415

    try:
        with xlsxwriter.Workbook(path, _OPTIONS) as book, connect(database) as connection:
            _fill(book, connection, marts, committed)
    except FileCreateError as error:
        # it hides the OSError, by which a full disk is known
        raise error.args[0] from None


def _fill(
    book: Workbook, connection: DuckDBPyConnection, marts: Iterable[Node], committed: int
) -> None:
    book.set_properties(
        {
            "title": "Platform employment estimates",
            "created": datetime.fromtimestamp(committed, UTC).replace(tzinfo=None),
        }
    )
    writer = _Writer(book)
    contents = book.add_worksheet("Contents 目录")
    lines = [
        (mart, *writer.add_mart(connection, mart, number))
        for number, mart in enumerate(marts, start=1)
    ]
    writer.fill_contents(contents, lines)


class _Writer:
    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._labels = read_labels()
        self._bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self._small = book.add_format({"text_wrap": True, "valign": "top", "font_color": "#595959"})
        self._date = book.add_format({"num_format": "yyyy-mm-dd"})
        self._literal = book.add_format({"quote_prefix": True})

    def add_mart(
        self, connection: DuckDBPyConnection, mart: Node, number: int
    ) -> tuple[str, int, int]:
        """Write one mart; give the name of its sheet, its rows, and how many are not there."""
        name = _sheet_name(mart.alias, number)
        sheet = self._book.add_worksheet(name)
        result = connection.execute(f"select * from {quoted_table(mart.table)} order by all")
        names = [column[0] for column in result.description or ()]
        self._write_header(sheet, mart, names)
        most = _MAX_ROWS - _HEADER_ROWS
        rows = result.fetchmany(most)
        for row, record in enumerate(rows, start=_HEADER_ROWS):
            for column, value in enumerate(record):
                self._write(sheet, row, column, value)
        sheet.freeze_panes(_HEADER_ROWS, 0)
        if rows:
            last = _HEADER_ROWS + len(rows) - 1
            sheet.autofilter(_HEADER_ROWS - 1, 0, last, len(names) - 1)
        left = 0
        while chunk := result.fetchmany(most):
            left += len(chunk)
        return name, len(rows), left

    def fill_contents(self, sheet: Worksheet, lines: Sequence[tuple[Node, str, int, int]]) -> None:
        """List the sheets, with links to them."""
        sheet.set_column(0, 1, 36)
        sheet.set_column(2, 2, 10)
        sheet.set_column(3, 3, 100)
        for column, text in enumerate(("Sheet 工作表", "Table 表", "Rows 行数", "Note 说明")):
            sheet.write_string(0, column, text, self._bold)
        for row, (mart, name, rows, left) in enumerate(lines, start=1):
            sheet.write_url(row, 0, f"internal:'{name}'!A1", string=name)
            sheet.write_string(row, 1, mart.table)
            sheet.write_number(row, 2, rows)
            missing = f"{left} more rows are in the Parquet file. " if left else ""
            self._write(sheet, row, 3, f"{missing}{mart.description}")

    def _write_header(self, sheet: Worksheet, mart: Node, names: Sequence[str]) -> None:
        described = {column.name: column for column in mart.columns}
        sheet.set_column(0, len(names) - 1, _WIDTH)
        for column, name in enumerate(names):
            described_column = described.get(name)
            above = label(name, described_column, self._labels)
            text = described_column.description if described_column else ""
            lines = (above.zh, above.en, above.unit, text, name)
            for row, line in enumerate(lines):
                style = self._small if row in {2, 3} else self._bold
                sheet.write_string(row, column, line, style)

    def _write(self, sheet: Worksheet, row: int, column: int, value: Any) -> None:
        """Write one cell by the type of its value, never by what a text looks like."""
        match value:
            case None:
                return
            case bool():
                sheet.write_boolean(row, column, value)
            case int() | float() | Decimal():
                sheet.write_number(row, column, value)
            case date():
                moment = value.replace(tzinfo=None) if isinstance(value, datetime) else value
                sheet.write_datetime(row, column, moment, self._date)
            case _:
                text = str(value)
                if len(text) > _MAX_TEXT:
                    text = text[: _MAX_TEXT - len(_CUT)] + _CUT
                sheet.write_string(row, column, text, self._style(text))

    def _style(self, text: str) -> Format | None:
        return self._literal if text.startswith(_FORMULA_STARTS) else None


def _sheet_name(table: str, number: int) -> str:
    """Give a name that Excel takes; a long one is cut and told apart by the sheet's number."""
    if len(table) <= _MAX_SHEET_NAME:
        return table
    ending = f"~{number}"
    return table[: _MAX_SHEET_NAME - len(ending)] + ending
