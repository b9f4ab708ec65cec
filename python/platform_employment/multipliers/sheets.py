"""A CSV or a sheet of an Excel workbook as a grid of texts."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date
from io import BytesIO
from pathlib import Path

from platform_employment.errors import UserError
from platform_employment.multipliers.excel_layout import Grid, find_square
from platform_employment.reading import MEBIBYTE, read_bytes

# tables of 153 sectors take less than 2 MiB
_MAX_BYTES = 64 * MEBIBYTE
_MAX_UNPACKED_BYTES = 512 * MEBIBYTE
_DELIMITERS = ",;\t"


def read_grid(path: Path, sheet: str | None = None) -> tuple[Grid, str]:
    """Read a file, and say how it was read.

    sheet: of a workbook; the only one with a square of sectors if not given. Raises UserError.
    """
    data = read_bytes(path, _MAX_BYTES)
    if data.startswith(b"PK\x03\x04"):
        return _workbook(path, data, sheet)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise UserError(f"{path}: an old Excel workbook; save it as .xlsx or CSV")
    if sheet is not None:
        raise UserError(f"{path}: a CSV has no sheets; leave --sheet out")
    return _csv(path, data)


def _csv(path: Path, data: bytes) -> tuple[Grid, str]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        # the sign that stands most often on the widest line separates the columns
        widest = max(text.splitlines() or [""], key=lambda line: max(map(line.count, _DELIMITERS)))
        delimiter = max(_DELIMITERS, key=widest.count)
        try:
            rows = list(csv.reader(text.splitlines(), delimiter=delimiter))
        except csv.Error as error:
            raise UserError(f"{path}: not a readable CSV: {error}") from None
        return rows, f"{path.name}: CSV, {encoding}, {len(rows)} lines"
    raise UserError(f"{path}: neither UTF-8 nor GB 18030; save it as 'CSV UTF-8'")


def _workbook(path: Path, data: bytes, sheet: str | None) -> tuple[Grid, str]:
    # imported here: half a second that no CSV needs
    from xml.etree.ElementTree import ParseError  # noqa: PLC0415
    from zipfile import BadZipFile, ZipFile  # noqa: PLC0415
    from zlib import error as ZlibError  # noqa: N812, PLC0415

    from openpyxl import load_workbook  # noqa: PLC0415
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415

    broken = (BadZipFile, InvalidFileException, ParseError, ZlibError)
    try:
        with ZipFile(BytesIO(data)) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
        if unpacked > _MAX_UNPACKED_BYTES:
            raise UserError(
                f"{path}: unpacks to more than {_MAX_UNPACKED_BYTES} bytes; save the sheet as CSV"
            )
        book = load_workbook(BytesIO(data), read_only=True, data_only=True)
        names = book.sheetnames
        wanted = names if sheet is None else [name for name in names if name == sheet]
        grids = {name: _grid(book[name].iter_rows(values_only=True)) for name in wanted}
        book.close()
    except (*broken, EOFError, KeyError, NotImplementedError, OSError, ValueError) as error:
        raise UserError(f"{path}: not a readable workbook: {error}") from None
    if not grids:
        raise UserError(f"{path}: no sheet {sheet!r}; it has {', '.join(names)}")
    found = [name for name, grid in grids.items() if len(grids) == 1 or find_square(grid)]
    if len(found) != 1:
        which = f"{len(found)} sheets have" if found else "no sheet has"
        raise UserError(f"{path}: {which} a square of sectors; name one of {', '.join(grids)}")
    return grids[found[0]], f"{path.name}: sheet {found[0]}, {len(grids[found[0]])} rows"


def _grid(rows: Iterable[Iterable[object]]) -> Grid:
    return [[_text(value) for value in row] for row in rows]


def _text(value: object) -> str:
    """A cell as text: numbers as the shortest decimal that is the same number."""
    if value is None:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return value.isoformat() if isinstance(value, date) else str(value)
