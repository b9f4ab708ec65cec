"""A CSV or a sheet of an Excel workbook as a grid of texts."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

from platform_employment.errors import UserError
from platform_employment.input_output.wide import Grid, find_square

_DELIMITERS = ",;\t"


def read_grid(path: Path, sheet: str | None = None) -> tuple[Grid, str]:
    """Read a file, and say how it was read.

    sheet: of a workbook; the only one with a square of sectors if not given. Raises UserError.
    """
    if not path.is_file():
        raise UserError(f"{path}: no such file")
    with path.open("rb") as stream:
        start = stream.read(8)
    if start.startswith(b"PK\x03\x04"):
        return _workbook(path, sheet)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise UserError(f"{path}: an old Excel workbook; save it as .xlsx or CSV")
    if sheet is not None:
        raise UserError(f"{path}: a CSV has no sheets; leave --sheet out")
    return _csv(path)


def _csv(path: Path) -> tuple[Grid, str]:
    data = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        # the sign that stands most often on the widest line separates the columns
        widest = max(text.splitlines() or [""], key=lambda line: max(map(line.count, _DELIMITERS)))
        delimiter = max(_DELIMITERS, key=widest.count)
        rows = list(csv.reader(text.splitlines(), delimiter=delimiter))
        return rows, f"{path.name}: CSV, {encoding}, {len(rows)} lines"
    raise UserError(f"{path}: neither UTF-8 nor GB 18030; save it as 'CSV UTF-8'")


def _workbook(path: Path, sheet: str | None) -> tuple[Grid, str]:
    # imported here: half a second that no other command needs
    from zipfile import BadZipFile  # noqa: PLC0415

    from openpyxl import load_workbook  # noqa: PLC0415
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        raise UserError(f"{path}: not a readable workbook: {error}") from None
    try:
        if sheet is not None and sheet not in book.sheetnames:
            raise UserError(f"{path}: no sheet {sheet!r}; it has {', '.join(book.sheetnames)}")
        grids = {
            name: [
                [_text(value) for value in row] for row in book[name].iter_rows(values_only=True)
            ]
            for name in ([sheet] if sheet is not None else book.sheetnames)
        }
    finally:
        book.close()
    found = [name for name, grid in grids.items() if len(grids) == 1 or find_square(grid)]
    if len(found) != 1:
        which = f"{len(found)} sheets have" if found else "no sheet has"
        raise UserError(f"{path}: {which} a square of sectors; name one of {', '.join(grids)}")
    return grids[found[0]], f"{path.name}: sheet {found[0]}, {len(grids[found[0]])} rows"


def _text(value: object) -> str:
    """A cell as text: numbers as the shortest decimal that is the same number."""
    if value is None:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return value.isoformat() if isinstance(value, date) else str(value)
