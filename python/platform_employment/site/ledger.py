"""The ledger: every printed number of every report, with its state and what is next to it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from platform_employment.quantities import in_unit, printed_digits
from platform_employment.site.evidence import Evidence
from platform_employment.site.panels import page_of
from platform_employment.site.report import Amount, Reader, Report
from platform_employment.site.writer import Writer
from platform_employment.warehouse import Row
from platform_employment.words import STATES, WEIGHTS, location_name, place_of

MAX_NUMBERS = 5  # on the page of a report; the ledger has all of them


def ledger(
    w: Writer, reader: Reader, evidence: Evidence, reports: Sequence[Report]
) -> dict[str, Any]:
    """Return what the page of the ledger shows."""
    groups: list[dict[str, Any]] = [
        {
            "id": report.id,
            "name": w.field(report.row, "title"),
            "href": w.href(page_of(report)),
            "rows": [_row(w, reader, evidence, figure) for figure in report.figures],
        }
        for report in reports
        if report.figures
    ]
    rows = [row for group in groups for row in group["rows"]]
    used = [status for status in STATES if any(row["status"] == status for row in rows)]
    count = sum(
        1 for report in reports for figure in report.figures if not figure["restates_figure_id"]
    )
    return {
        "eye": w.t(f"{len(groups)} 份报告", f"{len(groups)} reports"),
        "title": w.t(
            f"报告印出的 {count} 个数，各与什么相对照",
            f"{count} printed numbers, and what each is compared with",
        ),
        "groups": groups,
        "reports": [(group["id"], group["name"]) for group in groups],
        "used": used,
        "places": [
            (name, w.of(location_name(name))) for name in sorted({row["place"] for row in rows})
        ],
    }


def numbers_of(w: Writer, reader: Reader, evidence: Evidence, report: Report) -> list[Row]:
    """Return the numbers that a total is built from, first those with outside facts next to
    them."""
    figures = [
        row
        for row in report.figures
        if row["figure_id"] == row["number_id"] and row["role"] != "evidence"
    ]

    def order(figure: Row) -> tuple[int, int]:
        compared = reader.comparisons.get((report.id, figure["figure_id"]), ())
        weights = [list(WEIGHTS).index(row["weight"]) for row in compared]
        return min(weights, default=len(WEIGHTS)), figure["headline_order"] or MAX_NUMBERS

    shown = sorted(figures, key=order)[:MAX_NUMBERS]
    return [_row(w, reader, evidence, figure) for figure in figures if figure in shown]


def number(w: Writer, reader: Reader, figure: Row, language: str, digits: int | None = None) -> str:
    """Return a printed number in the scale of a language."""
    value, unit = figure["published_value"], reader.units.get(figure["unit"])
    shown = printed_digits(value, digits or figure["digits"])
    return in_unit(value, unit, language, shown).joined(language)


def _row(w: Writer, reader: Reader, evidence: Evidence, figure: Row) -> Row:
    shown = number(w, reader, figure, w.language)
    upper = figure["published_value_upper"]
    if upper is not None:
        unit = reader.units.get(figure["unit"])
        shown += "–" + w.amount(Amount(upper, unit, digits=figure["digits"]), None)
    text = w.bounded(shown, figure["comparator"])
    printed = figure.get("printed") or ""
    # anyone who searches 922.9 or 9.229 finds the same number
    search = " ".join(
        [
            *(number(w, reader, figure, language) for language in ("zh", "en")),
            f"{figure['published_value'].normalize():f}",
            printed,
            w.field(figure, "subject"),
            figure["figure_id"],
        ]
    ).lower()
    return {
        "status": reader.status(figure),
        "place": figure["location"],
        "search": search,
        "number": w.n(text, figure["cell"]),
        "printed": w.quoted(printed) if printed != str(text) else "",
        "subject": w.field(figure, "subject"),
        "where": w.of(place_of(figure)),
        "beside": evidence.beside_in_words(w, figure),
        "value": Decimal(figure["published_value"]),
    }
