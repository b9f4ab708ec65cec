"""The command `import-io-table`: a table in the wide layout into rows of one's own data."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]


def add_parser(subparsers: Subparsers) -> None:
    """Add the command to the command line."""
    parser = subparsers.add_parser(
        "import-io-table",
        help="read an input-output table as statistical offices publish it",
        description=(
            "Reads a table in the wide layout (xlsx or csv: sectors in rows and columns, final use "
            "to the right, value added below), says what it took for what, runs the checks, and "
            "writes its cells in long form into a folder of own data. Exit code 1, and nothing "
            "written, when a check fails."
        ),
    )
    parser.add_argument("file", metavar="FILE", type=Path, help="the .xlsx or .csv file")
    parser.add_argument(
        "--to", metavar="DIR", type=Path, help="folder of own data; nothing is written if not given"
    )
    parser.add_argument("--table-id", metavar="ID", help="key of the table (default: FILE's name)")
    parser.add_argument("--year", type=int, required=True, help="year that the table describes")
    parser.add_argument("--sheet", metavar="NAME", help="sheet of a workbook")
    parser.add_argument(
        "--unit", help="of the amounts, such as wan_yuan, where the sheet is silent"
    )
    parser.add_argument(
        "--as",
        dest="said",
        metavar="NAME=ROLE",
        action="append",
        default=[],
        help="what a row or column is, such as 'FU103=government_consumption' or 'EMP=skip'",
    )
    parser.add_argument(
        "--tolerance",
        type=float,
        help="largest difference of two totals of a sector, relative (default: 0.0000001)",
    )
    parser.add_argument(
        "--source-id", metavar="ID", help="where it is from, a row of reference/sources; with --to"
    )
    parser.set_defaults(run=_read_io)


def _read_io(arguments: argparse.Namespace) -> int:
    # imported here: no other command needs arrays
    from platform_employment.multipliers.read_io import read_io  # noqa: PLC0415

    return read_io(arguments)
