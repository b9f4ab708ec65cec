"""What questions read: the schemas `marts` and `audit` of a build or of a release, no project."""

from __future__ import annotations

import argparse
import difflib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from platform_employment.errors import UserError
from platform_employment.formatting import plain, quoted, shown
from platform_employment.headline_table import add_place, find_warehouse, newer_build

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Row = dict[str, Any]
LANGUAGES = ("zh", "en")
# the element of a value without a set; that of method/formula, which takes numpy to load
ALONE = "-"
_MOST_LISTED = 12


class Chain(NamedTuple):
    """An estimate: of one platform, window and scenario."""

    platform_id: str
    window_end: date
    scenario_id: str

    @property
    def key(self) -> str:
        """Return the key of dim_estimates."""
        return f"{self.platform_id}/{self.window_end}/{self.scenario_id}"


IS_CHAIN = "platform_id = ? and window_end = ? and scenario_id = ?"


@dataclass(frozen=True)
class Warehouse:
    """The tables of one database."""

    connection: DuckDBPyConnection

    def rows(self, query: str, *values: object) -> list[Row]:
        """Rows by column name."""
        result = self.connection.execute(query, values)
        names = [column[0] for column in result.description]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def report(self, report_id: str | None) -> Row | None:
        """Return the named report, or the default one; None for a build without any.

        The key of an estimate names its report. Raises UserError when there is no such report.
        """
        reports = self.rows(
            "select * from marts.dim_reports order by is_default desc, sort_order, report_id"
        )
        if report_id is None:
            return reports[0] if reports else None
        by_key = {report["estimate_key"]: report for report in reversed(reports)}
        if "/" in report_id:
            if report_id not in by_key:
                raise UserError(
                    f"no report has the estimate {guess(report_id, by_key)};"
                    f" run `explain {shown(report_id)}` for its calculation"
                )
            return by_key[report_id]
        by_id = {report["report_id"]: report for report in reports}
        if report_id not in by_id:
            raise UserError(f"no report {guess(report_id, by_id)}{_listed(list(by_id))}")
        return by_id[report_id]

    def chain(self, report: Row | None, scenario_id: str | None, window: str | None) -> Chain:
        """The estimate of a report, or that of another scenario or window of its platform.

        Raises UserError where there is none, or more than one.
        """
        estimates = self.rows(
            "select * from audit.aud_estimate_coverage"
            " order by platform_id, window_end, scenario_id"
        )
        if report is not None:
            scenario_id = scenario_id or report["scenario_id"]
            window = window or str(report["window_end"])
        for column, what, wanted in (
            ("platform_id", "estimate of platform", report and report["platform_id"]),
            ("scenario_id", "scenario", scenario_id),
            ("window_end", "window", window),
        ):
            known = list(dict.fromkeys(str(estimate[column]) for estimate in estimates))
            if wanted is not None and wanted not in known:
                raise UserError(f"no {what} {guess(str(wanted), known)}{_listed(known)}")
            estimates = [e for e in estimates if wanted in (None, str(e[column]))]
        if len(estimates) != 1:
            what = "no estimate" if not estimates else f"{len(estimates)} estimates"
            raise UserError(f"{what} without a report: give --scenario and --window")
        (found,) = estimates
        if not found["is_estimated"]:
            place = f"{found['platform_id']} {found['window_end']} {found['scenario_id']}"
            lacks = found["missing_inputs"] or "an input of this window"
            raise UserError(f"{place} has no estimate: it lacks {lacks}")
        return Chain(found["platform_id"], found["window_end"], found["scenario_id"])

    def estimate(self, chain: Chain) -> Row:
        """Return what identifies an estimate, and whether it is extrapolated."""
        (row,) = self.rows(
            "select estimate_key, platform_id, window_end, scenario_id, is_extrapolated"
            " from marts.dim_estimates where estimate_key = ?",
            chain.key,
        )
        return row


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what every question may say: where to read, of which estimate, in which form."""
    parser.add_argument("--report", metavar="ID", help="report (default: the default one)")
    parser.add_argument("--scenario", metavar="ID", help="another scenario than the report's")
    parser.add_argument("--window", metavar="DATE", help="another window, by its last day")
    parser.add_argument("--lang", choices=LANGUAGES, help="one language (default: names in both)")
    parser.add_argument("--json", action="store_true", help="print JSON, numbers as text")
    add_place(parser)


@contextmanager
def opened(arguments: argparse.Namespace) -> Iterator[Warehouse]:
    """Open the database that the arguments name, read-only.

    Raises UserError where there is none, or where it has not the tables.
    """
    path = find_warehouse(arguments.database, arguments.release)
    try:
        with _connected(path) as warehouse:
            yield warehouse
    except UserError as error:
        # a build after the release may have what is asked for
        is_named = arguments.database or arguments.release
        build = None if is_named else newer_build(path)
        if build is None or not str(error).startswith("no "):
            raise
        raise UserError(
            f"{error}; this is read from the release: --database {build} asks the later build"
        ) from None


@contextmanager
def _connected(path: Path) -> Iterator[Warehouse]:
    import duckdb  # noqa: PLC0415  the command line must start fast

    if not path.is_file():
        raise UserError(f"{path}: no such warehouse")
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            yield Warehouse(connection)
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        reason = str(error).partition("\n")[0]
        raise UserError(
            f"{path}: its build stopped before, or is of another version: {reason}"
        ) from None
    except duckdb.Error as error:
        reason = str(error).partition("\n")[0]
        raise UserError(f"{path}: cannot be read: {reason}") from None


def guess(name: str, known: Iterable[str]) -> str:
    """The name in quotes, and the one that may have been meant."""
    close = difflib.get_close_matches(name, list(known), n=1)
    return f"{quoted(name)}; did you mean {close[0]!r}?" if close else quoted(name)


def _listed(known: list[str]) -> str:
    """All names where they are few."""
    return f"; there are: {', '.join(known)}" if 0 < len(known) <= _MOST_LISTED else ""


def as_json(value: object) -> object:
    """What JSON has no word for: numbers keep all their digits as text."""
    return plain(value) if isinstance(value, Decimal) else str(value)


def named(row: Row, column: str, language: str | None) -> str:
    """A text in the language, in both where none is asked."""
    texts = [row.get(f"{column}_{code}") or "" for code in LANGUAGES if language in (None, code)]
    return " ".join(dict.fromkeys(text for text in texts if text))


def unit_of(row: Row, language: str | None) -> str:
    """The unit behind a number; one that begins with digits is told apart: 5 × 100 million yuan."""
    unit = named(row, "unit", language)
    return f"× {unit}" if unit.partition(" ")[0].isdigit() else unit


def estimate_line(estimate: Row, language: str | None) -> str:
    """Return the key of an estimate, and that it is extrapolated where it is."""
    words = {
        "zh": "外推：采用了其他核算期的数据",
        "en": "extrapolated: uses data of another reference period",
    }
    parts = [estimate["estimate_key"]]
    if estimate["is_extrapolated"]:
        parts += [words[code] for code in LANGUAGES if language in (None, code)]
    return "; ".join(parts)
