"""Write a table in the wide layout as rows of inputs, with a report and all checks."""

from __future__ import annotations

import argparse
import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from platform_employment.errors import UserError
from platform_employment.formatting import plain
from platform_employment.multipliers.checks import BALANCE
from platform_employment.multipliers.estimate import estimate
from platform_employment.multipliers.excel_layout import CODE, WideTable, read_wide
from platform_employment.multipliers.outcomes import PASSED, is_failed
from platform_employment.multipliers.sheets import read_grid
from platform_employment.multipliers.tables import Cells, read_table
from platform_employment.reading import MEBIBYTE, read_text

_FINDINGS = 1
_TOLERANCE_DECIMALS = 12
_WIDEST = 0.01
_YEARS = range(1980, 2101)
_MAX_BYTES = 64 * MEBIBYTE
_HEADERS = {
    "input_output_tables": (
        *("table_id", "table_year", "balance_tolerance", "unit", "name_zh", "name_en"),
        *("provenance", "source_id"),
    ),
    "sectors": ("table_id", "sector_code", "sector_role", "name_zh", "name_en"),
    "input_output_flows": ("table_id", "origin", "row_code", "column_code", "value"),
}


def read_io(arguments: argparse.Namespace) -> int:
    """Run the command; see `commands`."""
    table_id = arguments.table_id or arguments.file.name.split(".")[0]
    tolerance = BALANCE if arguments.tolerance is None else arguments.tolerance
    _check_arguments(table_id, tolerance, arguments)
    grid, how = read_grid(arguments.file, arguments.sheet)
    print(how)
    wide = read_wide(grid, _said(arguments.said), arguments.unit)
    for line in wide.report:
        print(line)
    if _fails(table_id, arguments.year, wide, tolerance):
        print("nothing written")
        return _FINDINGS
    if arguments.to is not None:
        printed = f"{tolerance:.{_TOLERANCE_DECIMALS}f}".rstrip("0")
        source = ("published", arguments.source_id)
        register = (table_id, str(arguments.year), printed, "yi_yuan", table_id, table_id, *source)
        _write(arguments.to / "economy", table_id, register, wide)
    return 0


def _check_arguments(table_id: str, tolerance: float, arguments: argparse.Namespace) -> None:
    """What validation would refuse in the files is refused before they are written."""
    for option, code in (("--table-id", table_id), ("--source-id", arguments.source_id)):
        if code is None and arguments.to is not None:
            raise UserError(f"{option}: name a row of reference/sources, since rows are written")
        if code is not None and not CODE.fullmatch(code):
            raise UserError(f"{option} {code!r}: use letters, digits and . _ : / - only")
    if not 0 < tolerance <= _WIDEST:
        raise UserError(f"--tolerance {tolerance:g}: above 0, at most {_WIDEST:g}")
    if arguments.year not in _YEARS:
        raise UserError(f"--year {arguments.year}: from {_YEARS[0]} to {_YEARS[-1]}")


def _said(pairs: Sequence[str]) -> dict[str, str]:
    said = {}
    for pair in pairs:
        name, sign, role = pair.rpartition("=")
        if not (name and sign and role):
            raise UserError(f"--as {pair!r}: write NAME=ROLE")
        said[name] = role
    return said


def _fails(table_id: str, year: int, wide: WideTable, tolerance: float) -> bool:
    """Run all checks, print what they found, and say whether one failed."""
    cells = Cells.of((*place, float(value)) for place, value in wide.cells)
    roles = {code: role for code, role, *_ in wide.sectors}
    table, outcomes = read_table(table_id, year, roles, cells)
    if table is not None:
        outcomes = estimate(table, tolerance)[1]
    for outcome in outcomes:
        if outcome.outcome != PASSED:
            print(f"{outcome.outcome}: {outcome.check_id}: {outcome.message}")
    print(f"checks passed: {sum(outcome.outcome == PASSED for outcome in outcomes)}")
    return is_failed(outcomes)


def _write(folder: Path, table_id: str, register: Sequence[str], wide: WideTable) -> None:
    """Add the rows of a table to the files of a folder; a table that is there is refused."""
    rows: dict[str, Iterable[Sequence[str]]] = {
        "input_output_tables": [register],
        "sectors": [(table_id, *sector) for sector in wide.sectors],
        "input_output_flows": [(table_id, *place, plain(value)) for place, value in wide.cells],
    }
    before = {name: _before(folder / f"{name}.csv", name, table_id) for name in rows}
    folder.mkdir(parents=True, exist_ok=True)
    for name, lines in rows.items():
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(lines)
        path = folder / f"{name}.csv"
        path.write_text(before[name] + text.getvalue(), encoding="utf-8", newline="")
        print(f"{path}: {text.getvalue().count(chr(10))} rows written")


def _before(path: Path, name: str, table_id: str) -> str:
    """What the file holds, or the header of a new file."""
    header = ",".join(_HEADERS[name]) + "\n"
    if not path.exists():
        return header
    text = read_text(path, _MAX_BYTES)
    if not text.startswith(header):
        raise UserError(f"{path}: line 1 must be: {header.strip()}")
    if any(line.startswith(f"{table_id},") for line in text.splitlines()):
        raise UserError(f"{path}: has rows of {table_id} already; name another --table-id")
    return text
