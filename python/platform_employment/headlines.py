"""The headline figures of a build beside those of the report, as a table for a terminal."""

from __future__ import annotations

import argparse
import os
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from platform_employment.errors import UserError
from platform_employment.project import DATABASE_VARIABLE, DEFAULT_DATABASE

BASIS_LABELS = {
    "given": "given",
    "recomputed": "recomputed",
    "recomputed_with_implied_input": "recomputed with an implied input",
    "calibrated": "assumed so that it comes out",
}

QUERY = """
    select
        subject_zh, subject_en, unit, published_value, warehouse_value,
        difference, rounding_half_width, is_reproduced, basis, weakest_provenance
    from marts.rpt_headline_totals
    order by headline_order
"""


@dataclass(frozen=True)
class Headline:
    """One figure: published and rebuilt value in `unit`, and what the rebuilt one rests on."""

    subject_zh: str
    subject_en: str
    unit: str
    published_value: Decimal
    warehouse_value: Decimal
    difference: Decimal
    rounding_half_width: Decimal
    is_reproduced: bool
    basis: str
    weakest_provenance: str


def read_headlines(database: Path) -> list[Headline]:
    """Read `marts.rpt_headline_totals` of a built warehouse.

    Empty for a build without the platform of the report. Raises UserError when there is no such
    warehouse, when it cannot be opened, or when its build did not get to the table.
    """
    import duckdb  # noqa: PLC0415  the command line must start fast

    if not database.is_file():
        raise UserError(f"{database}: no such warehouse: run `dbt build` first")
    try:
        with duckdb.connect(str(database), read_only=True) as connection:
            rows = connection.execute(QUERY).fetchall()
    except duckdb.CatalogException:
        raise UserError(
            f"{database}: no rpt_headline_totals: its build stopped before; see `dbt build`"
        ) from None
    except duckdb.Error as error:
        reason = str(error).partition("\n")[0]
        raise UserError(f"{database}: cannot be read: {reason}") from None
    return [Headline(*row) for row in rows]


def render(headlines: Sequence[Headline]) -> str:
    """Lay the figures out in columns, with Chinese characters counted two cells wide."""
    header = (
        "figure",
        "unit",
        "this build",
        "the report",
        "difference",
        "weakest input",
        "how",
    )
    body = [
        (
            f"{line.subject_zh} {line.subject_en}",
            line.unit,
            _plain(line.warehouse_value),
            _plain(line.published_value),
            _plain(line.difference),
            line.weakest_provenance,
            BASIS_LABELS[line.basis] + ("" if line.is_reproduced else ": DIFFERS"),
        )
        for line in headlines
    ]
    widths = [max(_cells(row[i]) for row in (header, *body)) for i in range(len(header))]
    lines = [
        "  ".join(
            _pad(text, width, right=2 <= i <= 4)  # noqa: PLR2004  the three number columns
            for i, (text, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in (header, *body)
    ]
    reproduced = sum(line.is_reproduced for line in headlines)
    lines.append(
        f"{reproduced} of {len(headlines)} headline figures agree with the report"
        " within half a unit of the last printed digit"
    )
    return "\n".join(lines)


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `headlines`."""
    parser = subparsers.add_parser(
        "headlines", help="print the headline figures of a build beside those of the report"
    )
    parser.add_argument(
        "--database",
        type=Path,
        default=Path(os.environ.get(DATABASE_VARIABLE, DEFAULT_DATABASE)),
        help="the built warehouse (default: %(default)s)",
    )
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    headlines = read_headlines(arguments.database)
    if not headlines:
        print("the platform of the report is not in this build, so there is nothing to set beside")
        return 0
    print(render(headlines))
    return 0 if all(line.is_reproduced for line in headlines) else 1


def _plain(number: Decimal) -> str:
    return f"{number.normalize():,f}"


def _cells(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _pad(text: str, width: int, *, right: bool) -> str:
    space = " " * (width - _cells(text))
    return space + text if right else text + space
