"""Open a build or a release and read its rows by name, without a project."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from platform_employment.database import connect
from platform_employment.errors import UnknownNameError, UserError, did_you_mean, unknown
from platform_employment.formatting import computed, plain, safe_text
from platform_employment.project import DATABASE_VARIABLE, DEFAULT_DATABASE, find_project
from platform_employment.release.store import DATABASE_FILE, MARTS_FILE, Store
from platform_employment.words import BilingualText, in_languages

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Row = dict[str, Any]
LANGUAGES = ("zh", "en")
BUNDLED = Path(__file__).with_name("bundled") / MARTS_FILE


class _FoundRow(Row):
    """A row of a query; a column that it lacks is one of another version of the project."""

    def __missing__(self, column: str) -> Any:
        raise UserError(f"the build lacks {column} and is of another version: run dbt build again")


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
    """The tables of one database, open for reading."""

    connection: DuckDBPyConnection

    def table(self, query: str, *values: object) -> tuple[list[str], list[tuple[Any, ...]]]:
        """Return the columns and the rows of a query."""
        result = self.connection.execute(query, values)
        return [column[0] for column in result.description], result.fetchall()

    def rows(self, query: str, *values: object) -> list[Row]:
        """Return the rows of a query by column name."""
        columns, rows = self.table(query, *values)
        return [_FoundRow(zip(columns, row, strict=True)) for row in rows]

    def has(self, schema: str, table: str) -> bool:
        """Return whether the database has a table or view."""
        query = "from information_schema.tables where table_schema = ? and table_name = ? limit 1"
        return bool(self.rows(query, schema, table))

    def report(self, report_id: str | None) -> Row | None:
        """Return the named report, or the default one; None for a build without any.

        The key of an estimate names its report. Raises UnknownNameError for an unknown name.
        """
        reports = self.rows(
            "select * from marts.dim_reports order by is_default desc, sort_order, report_id"
        )
        if report_id is None:
            return reports[0] if reports else None
        by_key = {report["estimate_key"]: report for report in reversed(reports)}
        if "/" in report_id:
            if report_id not in by_key:
                raise UnknownNameError(
                    f"no report has the estimate {did_you_mean(report_id, by_key)};"
                    f" run `explain {safe_text(report_id)}` for its calculation"
                )
            return by_key[report_id]
        by_id = {report["report_id"]: report for report in reports}
        if report_id not in by_id:
            raise unknown("report", report_id, by_id, limit=None)
        return by_id[report_id]

    def chain(self, report: Row | None, scenario_id: str | None, window: str | None) -> Chain:
        """Return the estimate of a report, or of another scenario or window of its platform.

        Raises UserError unless there is exactly one.
        """
        estimates = self.rows(
            "select * from audit.aud_estimate_coverage"
            " order by platform_id, window_end, scenario_id"
        )
        if report is not None:
            scenario_id = scenario_id or report["scenario_id"]
            window = window or str(report["window_end"])
        window = window and last_day(window)
        for column, what, wanted in (
            ("platform_id", "platform", report and report["platform_id"]),
            ("scenario_id", "scenario", scenario_id),
            ("window_end", "window", window),
        ):
            known = list(dict.fromkeys(str(estimate[column]) for estimate in estimates))
            if wanted is not None and wanted not in known:
                raise unknown(what, str(wanted), known)
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
        """Return what identifies an estimate, whether it is extrapolated, and its backtest."""
        (row,) = self.rows(
            "select keys.estimate_key, keys.platform_id, keys.window_end, keys.scenario_id,"
            " keys.is_extrapolated, backtest_report_id, backtest_error_share"
            " from marts.dim_estimates as keys"
            " left join marts.fct_estimates using (estimate_key) where estimate_key = ?",
            chain.key,
        )
        return row


def last_day(window: str) -> str:
    """Return the last day of a quarter such as `2021q3`; another text is returned unchanged."""
    found = re.fullmatch(r"(\d{4})[- ]?[qQ]([1-4])", window.strip())
    if found is None:
        return window
    year, quarter = int(found[1]), int(found[2])
    return str(date(year, 3 * quarter, 30 if quarter in (2, 3) else 31))


@contextmanager
def open_warehouse(path: Path) -> Iterator[Warehouse]:
    """Open a database read-only; queries reach no other file.

    Raises UserError, one line, if it does not exist or cannot be read, and for a query of a
    table or column that it does not have.
    """
    import duckdb  # noqa: PLC0415  the command line must start fast

    if not path.is_file():
        raise UserError(f'No database at {path}. Run "dbt build", or pass --database FILE.')
    try:
        with connect(path) as connection:
            connection.execute("set enable_external_access = false")
            yield Warehouse(connection)
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        reason = str(error).partition("\n")[0]
        raise UserError(
            f"{path}: its build stopped before, or is of another version: {reason};"
            " run dbt build again"
        ) from None
    except duckdb.Error as error:
        reason = str(error).partition("\n")[0]
        raise UserError(f"{path}: cannot be read: {reason}") from None


@contextmanager
def asked_warehouse(arguments: argparse.Namespace) -> Iterator[Warehouse]:
    """Open the database that `--database` or `--release` names, or the one that is here."""
    path = find_warehouse(arguments.database, arguments.release)
    try:
        with open_warehouse(path) as warehouse:
            yield warehouse
    except UnknownNameError as error:
        # a build after the release may have what is asked for
        is_named = arguments.database or arguments.release
        build = None if is_named else newer_build(path)
        if build is None:
            raise
        raise UserError(
            f"{error}; this is read from the release: --database {build} asks the later build"
        ) from None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what every question may say: where to read, of which estimate, in which form."""
    parser.add_argument("--report", metavar="ID", help="report (default: the default report)")
    parser.add_argument("--scenario", metavar="ID", help="another scenario of the platform")
    parser.add_argument(
        "--window",
        metavar="DATE",
        help="another period, by its last day or as 2021q3",
    )
    parser.add_argument("--lang", choices=LANGUAGES, help="language (default: names in both)")
    parser.add_argument("--json", action="store_true", help="print JSON, numbers as text")
    add_place(parser)


def add_place(parser: argparse.ArgumentParser) -> None:
    """Add where to read."""
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--release", metavar="DIR", type=Path, help="folder of a release (default: the current)"
    )
    where.add_argument("--database", metavar="FILE", type=Path, help="database of a build")


def find_warehouse(database: Path | None, release: Path | None) -> Path:
    """Return the database to read. Raises UserError if none is named or found."""
    if database is not None:
        return database
    if release is not None:
        return release / DATABASE_FILE
    # one may be in a release, or next to the releases, without the project
    for folder in (Path(), Path("releases/current")):
        if DATABASE_VARIABLE not in os.environ and (folder / DATABASE_FILE).is_file():
            return folder / DATABASE_FILE
    try:
        return default_warehouse()
    except UserError:
        # the wheel for readers has a copy of a release
        if BUNDLED.is_file():
            return BUNDLED
        raise UserError("no release here: pass --release DIR or --database FILE") from None


def default_warehouse() -> Path:
    """Return the database of the variable, else of the current release, else of the build."""
    project = find_project(None)
    release = Store(project).current / DATABASE_FILE
    if DATABASE_VARIABLE not in os.environ and release.is_file():
        return release
    return project / os.environ.get(DATABASE_VARIABLE, DEFAULT_DATABASE)


def newer_build(read: Path) -> Path | None:
    """Return the build of the project, if it was built after the database that is read."""
    try:
        build = find_project(None) / DEFAULT_DATABASE
    except UserError:
        return None
    if build.is_file() and build.stat().st_mtime > read.stat().st_mtime:
        return Path(os.path.relpath(build))
    return None


def as_json(value: object) -> object:
    """Return as text what JSON has no word for: numbers keep all their digits."""
    return plain(value) if isinstance(value, Decimal) else str(value)


def label(row: Row, column: str, language: str | None) -> str:
    """Return a text in the language, in both without one."""
    texts = [row.get(f"{column}_{code}") or "" for code in LANGUAGES if language in (None, code)]
    return " ".join(dict.fromkeys(text for text in texts if text))


def unit_of(row: Row, language: str | None) -> str:
    """Return the unit behind a number; one that begins with digits is marked: 5 × 100 万."""
    unit = label(row, "unit", language)
    return f"× {unit}" if unit.partition(" ")[0].isdigit() else unit


def backtest_text(estimate: Row) -> str:
    """Return how far the method was from a later report, such as `+15.3% (REPORT_ID)`."""
    error = estimate["backtest_error_share"] * 100
    sign = "+" if error > 0 else ""
    return f"{sign}{computed(error)}% ({estimate['backtest_report_id']})"


def estimate_line(estimate: Row, language: str | None) -> str:
    """Return the key of an estimate; where it is extrapolated, that and the backtest error."""
    words = {
        "zh": "外推：采用了其他核算期的数据",
        "en": "extrapolated: uses data of another reference period",
    }
    parts = [estimate["estimate_key"]]
    if estimate["is_extrapolated"]:
        parts += [words[code] for code in LANGUAGES if language in (None, code)]
        if estimate["backtest_report_id"]:
            name = in_languages(BilingualText("回测", "backtest"), language)
            parts.append(f"{name} {backtest_text(estimate)}")
    return "; ".join(parts)
