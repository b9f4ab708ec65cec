"""The headline figures of a report beside those of a build, as a table for a terminal."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from platform_employment import verification
from platform_employment.formatting import table_lines
from platform_employment.warehouse import add_place, find_warehouse, open_warehouse

QUERY = """
    select
        subject_zh, subject_en, unit, published_value, warehouse_value,
        difference, tolerance, not has_other_value,
        coalesce(strength, ''), weakest_provenance
    from audit.aud_figure_reconciliation
    where report_id = ? and headline_order is not null
    order by headline_order
"""

OVERDUE = """
    select title_zh, title_en, next_period_end, expected_by
    from audit.aud_source_freshness
    where platform_id = ? and stopped_on is null and expected_by < ?
    order by sort_order
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
    overdue: tuple[dict[str, Any], ...]


def read_report(database: Path, report_id: str | None = None) -> Report | None:
    """Read a report from a built warehouse, the default one where none is named.

    None for a build without any report. Raises UserError, see `open_warehouse`.
    """
    with open_warehouse(database) as warehouse:
        report = warehouse.report(report_id)
        if report is None:
            return None
        name = report["report_id"]
        _, rows = warehouse.table(QUERY, name)
        counts = tuple(warehouse.rows(verification.QUERY, name))
        today = datetime.now(tz=UTC).date()
        overdue = tuple(warehouse.rows(OVERDUE, report["platform_id"], today))
    headlines = tuple(Headline(*row) for row in rows)
    return Report(name, report["title_zh"], report["title_en"], headlines, counts, overdue)


def render(headlines: Sequence[Headline]) -> str:
    """Return the figures as a table."""
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
    return "\n".join(table_lines([header, *body], right={2, 3, 4}))


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
    for source in report.overdue:
        print(
            f"逾期 overdue: {source['title_zh']} {source['title_en']}: the period to"
            f" {source['next_period_end']} was expected by {source['expected_by']}"
        )
    return 0 if all(line.agrees for line in report.headlines) else 1


def _plain(number: Decimal | None) -> str:
    return "" if number is None else f"{number.normalize():,f}"
