"""The command `import-io-table`: read a published table into rows of an inputs folder."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from platform_employment.command_help import add_command

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]


def add_parser(subparsers: Subparsers) -> None:
    """Add the command `import-io-table`."""
    parser = add_command(
        subparsers,
        "import-io-table",
        "read an input-output table as statistical offices publish it",
        "Reads a table (xlsx or csv: sectors in rows and columns, final use on the right, value"
        " added below), prints how each row and column was interpreted, runs the checks, and"
        " writes the cells into an inputs folder. If a check fails, nothing is written and the"
        " exit code is 1.",
        ["import-io-table table_2020.csv --year 2020 --unit wan_yuan"],
    )
    parser.add_argument("file", metavar="FILE", type=Path, help="the .xlsx or .csv file")
    parser.add_argument(
        "--to", metavar="DIR", type=Path, help="inputs folder; without it nothing is written"
    )
    parser.add_argument("--table-id", metavar="ID", help="key of the table (default: FILE's name)")
    parser.add_argument("--year", type=int, required=True, help="year that the table describes")
    parser.add_argument("--sheet", metavar="NAME", help="sheet of a workbook")
    parser.add_argument(
        "--unit", help="unit of the amounts, such as wan_yuan, if the sheet does not state it"
    )
    parser.add_argument(
        "--as",
        dest="said",
        metavar="NAME=ROLE",
        action="append",
        default=[],
        help="role of a row or column, such as 'FU103=government_consumption' or 'EMP=skip'",
    )
    parser.add_argument(
        "--tolerance",
        type=float,
        help="maximum relative difference of two totals of a sector (default: 0.0000001)",
    )
    parser.add_argument(
        "--source-id",
        metavar="ID",
        help="source of the table in reference/sources; with --to",
    )
    parser.set_defaults(run=_read_io)


def _read_io(arguments: argparse.Namespace) -> int:
    # imported here: no other command needs arrays
    from platform_employment.multipliers.read_io import read_io  # noqa: PLC0415

    return read_io(arguments)
