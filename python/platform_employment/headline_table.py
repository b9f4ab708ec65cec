"""The headline figures of a report beside those of a build, as a table for a terminal."""

from __future__ import annotations

import argparse
import os
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from platform_employment import verification
from platform_employment.errors import UserError
from platform_employment.project import DATABASE_VARIABLE, DEFAULT_DATABASE, find_project
from platform_employment.release.store import DATABASE_FILE, Store

REPORTS = """
    select report_id, title_zh, title_en from marts.dim_reports
    order by is_default desc, sort_order, report_id
"""
QUERY = """
    select
        subject_zh, subject_en, unit, published_value, warehouse_value,
        difference, tolerance, not has_other_value,
        coalesce(strength, ''), weakest_provenance
    from audit.aud_figure_reconciliation
    where report_id = ? and headline_order is not null
    order by headline_order
"""


@dataclass(frozen=True)
class Headline:
    """One figure: published and rebuilt value in `unit`, and what the rebuilt one rests on.

    The rebuilt value, what it differs by and what it rests on are None where the build has none.
    """

    subject_zh: str
    subject_en: str
    unit: str
    published_value: Decimal
    warehouse_value: Decimal | None
    difference: Decimal | None
    tolerance: Decimal
    agrees: bool
    strength: str
    weakest_provenance: str | None


@dataclass(frozen=True)
class Report:
    """A report with its headline figures, in the order of its links."""

    report_id: str
    title_zh: str
    title_en: str
    headlines: tuple[Headline, ...]
    strengths: tuple[dict[str, Any], ...]


def read_report(database: Path, report_id: str | None = None) -> Report | None:
    """Read a report from a built warehouse, the default one where none is named.

    None for a build without any report. Raises UserError when there is no such warehouse or
    report, when the warehouse cannot be opened, or when its build did not get to the figures.
    """
    import duckdb  # noqa: PLC0415  the command line must start fast

    if not database.is_file():
        raise UserError(f"{database}: no such warehouse: run `dbt build` first")
    try:
        with duckdb.connect(str(database), read_only=True) as connection:
            reports = connection.execute(REPORTS).fetchall()
            names = [name for name, *_ in reports]
            if report_id is not None and report_id not in names:
                known = ", ".join(names) or "none"
                raise UserError(f"{database}: no report {report_id!r}; it has: {known}")
            if not reports:
                return None
            name, zh, en = reports[names.index(report_id) if report_id is not None else 0]
            rows = connection.execute(QUERY, [name]).fetchall()
            counts = connection.execute(verification.QUERY, [name])
            columns = [column[0] for column in counts.description or ()]
            found = tuple(dict(zip(columns, row, strict=True)) for row in counts.fetchall())
    except duckdb.CatalogException:
        raise UserError(
            f"{database}: no figures of reports: its build stopped before; see `dbt build`"
        ) from None
    except duckdb.Error as error:
        reason = str(error).partition("\n")[0]
        raise UserError(f"{database}: cannot be read: {reason}") from None
    return Report(name, zh, en, tuple(Headline(*row) for row in rows), found)


def render(headlines: Sequence[Headline]) -> str:
    """Lay the figures out in columns, with Chinese characters counted two cells wide."""
    header = (
        "figure",
        "unit",
        "this build",
        "the report",
        "difference",
        "weakest input",
        "strength",
    )
    body = [
        (
            f"{line.subject_zh} {line.subject_en}",
            line.unit,
            _plain(line.warehouse_value),
            _plain(line.published_value),
            _plain(line.difference),
            line.weakest_provenance or "",
            line.strength + ("" if line.agrees else ": DIFFERS"),
        )
        for line in headlines
    ]
    widths = [max(cells_of(row[i]) for row in (header, *body)) for i in range(len(header))]
    lines = [
        "  ".join(
            padded(text, width, right=2 <= i <= 4)  # noqa: PLR2004  the three number columns
            for i, (text, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in (header, *body)
    ]
    return "\n".join(lines)


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `headlines`."""
    parser = subparsers.add_parser(
        "headlines", help="print the headline figures of a report beside those of a build"
    )
    parser.add_argument(
        "report", nargs="?", help="id of a report in dim_reports (default: the default one)"
    )
    add_place(parser)
    parser.set_defaults(run=_run)


def add_place(parser: argparse.ArgumentParser) -> None:
    """Add where to read."""
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--release", metavar="DIR", type=Path, help="folder of a release (default: the current)"
    )
    where.add_argument("--database", metavar="FILE", type=Path, help="a built warehouse")


def find_warehouse(database: Path | None, release: Path | None) -> Path:
    """Give the warehouse to read. Raises UserError where none is named and none is here."""
    if database is not None:
        return database
    if release is not None:
        return release / DATABASE_FILE
    # one may stand in a release, or beside the releases, without the project
    for folder in (Path(), Path("releases/current")):
        if DATABASE_VARIABLE not in os.environ and (folder / DATABASE_FILE).is_file():
            return folder / DATABASE_FILE
    try:
        return default_warehouse()
    except UserError:
        raise UserError("no release here: give --release DIR or --database FILE") from None


def default_warehouse() -> Path:
    """Give the warehouse to read where none is named: that of the variable, else the release."""
    project = find_project(None)
    release = Store(project).current / DATABASE_FILE
    if DATABASE_VARIABLE not in os.environ and release.is_file():
        return release
    return project / os.environ.get(DATABASE_VARIABLE, DEFAULT_DATABASE)


def newer_build(read: Path) -> Path | None:
    """Give the build of the project, if it was made after the warehouse that is read."""
    try:
        build = find_project(None) / DEFAULT_DATABASE
    except UserError:
        return None
    if build.is_file() and build.stat().st_mtime > read.stat().st_mtime:
        return Path(os.path.relpath(build))
    return None


def _run(arguments: argparse.Namespace) -> int:
    database = find_warehouse(arguments.database, arguments.release)
    report = read_report(database, arguments.report)
    if report is None:
        print("no report is about a platform of this build, so there is nothing to set beside")
        return 0
    print(f"{report.title_zh} {report.title_en} [{report.report_id}]; read from {database}")
    if not report.headlines:
        print("no figure of it is linked to the build, so there is nothing to set beside")
        return 0
    print(render(report.headlines))
    print(verification.sentence_zh(report.strengths))
    print(verification.sentence_en(report.strengths))
    return 0 if all(line.agrees for line in report.headlines) else 1


def _plain(number: Decimal | None) -> str:
    return "" if number is None else f"{number.normalize():,f}"


def cells_of(text: str) -> int:
    """The width of a text in a terminal."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def padded(text: str, width: int, *, right: bool) -> str:
    """The text with spaces up to a width."""
    space = " " * (width - cells_of(text))
    return space + text if right else text + space
