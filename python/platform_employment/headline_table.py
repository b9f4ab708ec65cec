"""The headline figures of a report next to the ones of a build, as a table for a terminal."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from platform_employment import verification
from platform_employment.command_help import add_command
from platform_employment.formatting import DIGITS, computed, table_lines
from platform_employment.warehouse import add_place, find_warehouse, open_warehouse
from platform_employment.words import bounded

QUERY = """
    select
        subject_zh, subject_en, unit, published_value, warehouse_value,
        difference, tolerance, not differs_from_reference,
        verification_status, weakest_provenance, figures.comparator,
        case
            when limits.is_open then 'at_least'
            when warehouse_value = published_value then figures.comparator
            when totals.is_total then totals.comparator
            else 'equal'
        end
    from audit.aud_figure_reconciliation as figures
    left join (
        select reports.report_id, limits.component_id, bool_or(limits.high_wan is null) as is_open
        from marts.dim_reports as reports
        inner join marts.fct_uncertainty as limits
            on reports.estimate_key = limits.estimate_key and limits.layer = 'undisclosed'
        group by all
    ) as limits
        on figures.report_id = limits.report_id and figures.name = limits.component_id
            and figures.relation = 'steps'
    left join (
        select report_id, component_id, comparator, true as is_total
        from marts.report_totals
        inner join marts.dim_components using (component_key)
    ) as totals
        on figures.report_id = totals.report_id and figures.name = totals.component_id
            and figures.relation = 'steps'
    where figures.report_id = ? and headline_order is not null
    order by headline_order
"""

OVERDUE = """
    select title_zh, title_en, next_period_end, expected_by
    from audit.aud_source_freshness
    where platform_id = ? and stopped_on is null and expected_by < coalesce(as_of, ?)
    order by sort_order
"""


@dataclass(frozen=True)
class Headline:
    """One figure: published and rebuilt value in `unit`, and what the rebuilt one depends on.

    The comparators say which of the two values are bounds or not exact.

    The rebuilt value, what it differs by and what it depends on are not where the build does not
    have one.
    """

    subject_zh: str
    subject_en: str
    unit: str
    published_value: Decimal
    warehouse_value: Decimal | None
    difference: Decimal | None
    tolerance: Decimal
    agrees: bool
    verification_status: str
    weakest_provenance: str | None
    comparator: str
    warehouse_comparator: str | None


@dataclass(frozen=True)
class Report:
    """A report with its headline figures, in the order of its links."""

    report_id: str
    title_zh: str
    title_en: str
    headlines: tuple[Headline, ...]
    counts: tuple[dict[str, Any], ...]
    overdue: tuple[dict[str, Any], ...]


def read_report(database: Path, report_id: str | None = None) -> Report | None:
    """Read a report from a built warehouse, the default one if it is not named.

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


def render(headlines: Sequence[Headline], digits: int | None = DIGITS) -> str:
    """Return the figures as a table; digits: of computed numbers, None for full precision."""
    header = (
        "figure",
        "unit",
        "this build",
        "the report",
        "difference",
        "weakest input",
        "verification status",
    )
    body = [
        (
            f"{line.subject_zh} {line.subject_en}",
            line.unit,
            bounded(
                computed(line.warehouse_value, line.published_value, digits),
                line.warehouse_comparator,
                "en",
            ),
            bounded(computed(line.published_value, digits=None), line.comparator, "en"),
            computed(line.difference, digits=digits),
            line.weakest_provenance or "",
            line.verification_status + ("" if line.agrees else ": DIFFERS"),
        )
        for line in headlines
    ]
    return "\n".join(table_lines([header, *body], right={2, 3, 4}))


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `headlines`."""
    parser = add_command(
        subparsers,
        "headlines",
        "print the headline figures of a report next to the calculated values",
        "Prints the headline figures of a report: the calculated value, the published value, their"
        " difference, the least reliable input and the verification status. Exit code 1 if a"
        " figure differs.",
        ["headlines", "headlines kuaishou_2024 --full"],
    )
    parser.add_argument(
        "report", nargs="?", help="report of dim_reports (default: the default report)"
    )
    parser.add_argument(
        "--full", action="store_true", help="print computed numbers with all their digits"
    )
    add_place(parser)
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    database = find_warehouse(arguments.database, arguments.release)
    report = read_report(database, arguments.report)
    if report is None:
        print("no report is about a platform of this build, so there is nothing to compare")
        return 0
    print(f"{report.title_zh} {report.title_en} [{report.report_id}]; read from {database}")
    if not report.headlines:
        print("no figure of it is linked to the build, so there is nothing to compare")
        return 0
    print(render(report.headlines, None if arguments.full else DIGITS))
    print(verification.sentence_zh(report.counts))
    print(verification.sentence_en(report.counts))
    for source in report.overdue:
        print(
            f"逾期 overdue: {source['title_zh']} {source['title_en']}: the period to"
            f" {source['next_period_end']} was expected by {source['expected_by']}"
        )
    return 0 if all(line.agrees for line in report.headlines) else 1
