"""The command `add-quarter`: one quarter of GMV, from its printed form to the numbers that move.

It writes a row of gmv_disclosures.csv and a row of sources.csv, into an inputs folder or into the
shipped seeds. It compares the quarter with earlier ones before it writes, builds the warehouse and
prints what moved and why.
"""

from __future__ import annotations

import argparse
import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from platform_employment.command_help import add_command
from platform_employment.dbt.build_inputs import own_folder
from platform_employment.dbt.run import DbtRun
from platform_employment.errors import UserError, unknown
from platform_employment.formatting import computed, plain
from platform_employment.project import DEFAULT_DATABASE, add_project_dir, find_project
from platform_employment.warehouse import Row, backtest_text, open_warehouse

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

DISCLOSURES = "platform/gmv_disclosures.csv"
SOURCES = "reference/sources.csv"
MAX_PRINTED = 18  # characters of a number phrase; more would be a sentence
# a quarter that is outside this multiple of the year before is more likely a slip of units
PLAUSIBLE_GROWTH = (Decimal("0.5"), Decimal(2))
# 亿元 (100 million yuan) in one unit of the printed form
YI_YUAN_PER = {
    "万亿元": Decimal(10000),
    "万亿": Decimal(10000),
    "亿元": Decimal(1),
    "亿": Decimal(1),
    "trillion": Decimal(10000),
    "billion": Decimal(10),
    "million": Decimal("0.01"),
}
_PERIOD = re.compile(r"(?P<year>20[0-9]{2})-?[qQ](?P<quarter>[1-4])")
_AMOUNT = re.compile(
    r"(?P<number>[0-9][0-9,]*(?:\.[0-9]+)?)\s*(?P<unit>万亿元|万亿|亿元|亿|trillion|billion|million)"
)
_ABOUT = re.compile(r"约|左右|about|approximately|around|some", re.IGNORECASE)
_BOUND = re.compile(
    r"超|逾|近|不足|以上|至少|over|more than|above|exceed|nearly|almost|at least|up to",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Quarter:
    """A quarter of a platform, with the value that its printed form states, 亿元."""

    platform_id: str
    label: str
    start: date
    end: date
    value: Decimal
    half_width: Decimal

    @property
    def disclosure_id(self) -> str:
        """The key of its row, such as platform_2025q4."""
        return f"{self.platform_id}_{self.label}"


def period_of(text: str) -> tuple[str, date, date]:
    """Return the label, first and last day of a quarter such as 2025q4.

    Raises UserError for anything else.
    """
    if not (found := _PERIOD.fullmatch(text)):
        raise UserError(f"{text!r} is not a quarter: write it as 2025q4")
    year, quarter = int(found["year"]), int(found["quarter"])
    start = date(year, 3 * quarter - 2, 1)
    following = date(year + quarter // 4, 3 * quarter % 12 + 1, 1)
    return f"{year}q{quarter}", start, following - timedelta(days=1)


def amount_of(printed: str) -> tuple[Decimal, Decimal]:
    """Return the amount of a printed form and its half width, 亿元.

    The half width is half of the last printed digit; after a word such as "about", half of the last
    digit other than 0. Raises UserError for a bound, which cannot be part of a sum of quarters.
    """
    if len(printed) > MAX_PRINTED:
        raise UserError(f"--printed: {len(printed)} characters, at most {MAX_PRINTED}: no sentence")
    if not (found := _AMOUNT.search(printed)):
        units = ", ".join(YI_YUAN_PER)
        raise UserError(f"--printed {printed!r}: write a number with its unit ({units})")
    if _BOUND.search(printed):
        raise UserError(f"--printed {printed!r} is a bound: a sum of quarters needs the amount")
    digits = found["number"].replace(",", "")
    number, scale = Decimal(digits), YI_YUAN_PER[found["unit"]]
    exponent = -len(digits.partition(".")[2])
    if _ABOUT.search(printed) and not exponent:
        exponent = len(digits) - len(digits.rstrip("0"))
    return number * scale, Decimal(5) * Decimal(10) ** (exponent - 1) * scale


def compare(quarter: Quarter, earlier: Iterable[Row]) -> list[str]:
    """Return what the earlier disclosures say of a quarter, a line each.

    Raises UserError when the period is there already or the growth looks like a slip of units.
    """
    lines = []
    for row in earlier:
        start, end = row["period_start"], row["period_end"]
        value = Decimal(row["gmv_yi_yuan"])
        if row["disclosure_id"] == quarter.disclosure_id or (
            (start, end) == (quarter.start, quarter.end)
        ):
            difference = abs(value - quarter.value)
            is_same = difference <= row["half_width_yi_yuan"] + quarter.half_width
            state = "agrees" if is_same else f"differs by {plain(difference)} 亿元"
            raise UserError(
                f"{quarter.label} is there already: {row['disclosure_id']} has {plain(value)} 亿元"
                f" and {state}; to replace it, write a row with supersedes in {DISCLOSURES}"
            )
        if (start, end) == (_year_before(quarter.start), _year_before(quarter.end)):
            growth = quarter.value / value
            low, high = PLAUSIBLE_GROWTH
            if not low <= growth <= high:
                raise UserError(
                    f"{plain(quarter.value)} 亿元 is {growth:.2f} times the year before"
                    f" ({row['disclosure_id']}, {plain(value)} 亿元): check the unit of --printed"
                )
            lines.append(
                f"year before: {plain(value)} 亿元 ({row['disclosure_id']}), {growth - 1:+.1%}"
            )
    return lines or ["no disclosure of the same quarter a year before"]


def _year_before(day: date) -> date:
    # the last days of quarters are never 29 February
    return day.replace(year=day.year - 1)


def append_row(table: Path, header: Iterable[str], row: Mapping[str, str]) -> None:
    """Append a row to a table, which is written with its header where it does not exist.

    Raises UserError when the table has other columns.
    """
    columns = list(header)
    if table.is_file():
        with table.open(encoding="utf-8-sig", newline="") as file:
            found = next(csv.reader(file), [])
        if found != columns:
            raise UserError(f"{table}: its header is {','.join(found)}, not {','.join(columns)}")
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    if not table.is_file():
        writer.writeheader()
    writer.writerow({column: row.get(column, "") for column in columns})
    table.parent.mkdir(parents=True, exist_ok=True)
    before = table.read_bytes() if table.is_file() else b""
    separator = b"" if not before or before.endswith(b"\n") else b"\n"
    table.write_bytes(before + separator + text.getvalue().encode())


def source_row(quarter: Quarter, asked: argparse.Namespace) -> dict[str, str]:
    """Return the row of sources.csv for the page that prints a quarter."""
    title = f"GMV of {quarter.label.upper()}"
    return {
        "source_id": f"{quarter.disclosure_id}_gmv",
        "title_zh": asked.title_zh or f"{quarter.label.upper()} 电商交易总额",
        "title_en": asked.title_en or title,
        "author": asked.author or asked.publisher,
        "publisher": asked.publisher,
        "kind": asked.kind,
        "owner_kind": "platform",
        "address": asked.address,
        "published_on": asked.published_on.isoformat(),
        "read_on": (asked.read_on or datetime.now(tz=UTC).date()).isoformat(),
        "what_was_read": "part",
        "note": f"printed {asked.printed}; {asked.place}",
    }


def disclosure_row(quarter: Quarter, asked: argparse.Namespace) -> dict[str, str]:
    """Return the row of gmv_disclosures.csv for a quarter."""
    return {
        "platform_id": quarter.platform_id,
        "disclosure_id": quarter.disclosure_id,
        "period_start": quarter.start.isoformat(),
        "period_end": quarter.end.isoformat(),
        "gmv_yi_yuan": plain(quarter.value),
        "half_width_yi_yuan": plain(quarter.half_width),
        "printed": asked.printed,
        "comparator": "about" if _ABOUT.search(asked.printed) else "equal",
        "place": asked.place,
        "confidence": "high" if asked.kind in {"publisher", "publisher_mirror"} else "medium",
        "provenance": "published",
        "source_id": f"{quarter.disclosure_id}_gmv",
        "published_on": asked.published_on.isoformat(),
    }


def add_parser(subparsers: Subparsers) -> None:
    """Add the command to the command line."""
    parser = add_command(
        subparsers,
        "add-quarter",
        "add a quarter of GMV, build, and print what moved and why",
        (__doc__ or "").replace("\n", " "),
        [
            "add-quarter kuaishou 2025q4 --printed 5218亿元 --address"
            " https://ir.example.com/2025q4 --publisher 'Example Company'"
            " --published-on 2026-03-25 --place 'first table' --dry-run"
        ],
    )
    parser.add_argument("platform", metavar="PLATFORM", help="platform of dim_platforms")
    parser.add_argument("period", metavar="QUARTER", help="such as 2025q4")
    parser.add_argument(
        "--printed", metavar="TEXT", required=True, help="number and unit as printed: 3850.44亿元"
    )
    parser.add_argument("--address", metavar="URL", required=True, help="page that was read")
    parser.add_argument("--publisher", required=True, help="who put out that page")
    parser.add_argument("--author", help="who made the number (default: the publisher)")
    parser.add_argument(
        "--published-on", metavar="DATE", type=_day, required=True, help="date of the page"
    )
    parser.add_argument("--read-on", metavar="DATE", type=_day, help="default: today")
    parser.add_argument(
        "--place", required=True, metavar="TEXT", help="where on the page, such as 'first table'"
    )
    parser.add_argument(
        "--kind",
        default="publisher",
        choices=("publisher", "publisher_mirror", "newspaper", "trade_press", "repost"),
        help="kind of page (default: publisher, the company's page)",
    )
    parser.add_argument("--title-zh", metavar="TEXT", help="title of the page, Chinese")
    parser.add_argument("--title-en", metavar="TEXT", help="title of the page, English")
    parser.add_argument(
        "--inputs", metavar="DIR", type=Path, help="inputs folder (default: the shipped seeds)"
    )
    parser.add_argument("--dry-run", action="store_true", help="compare, write and build nothing")
    add_project_dir(parser)
    parser.set_defaults(run=run)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date like 2026-03-25") from None


def run(arguments: argparse.Namespace) -> int:
    """Add the quarter; return the exit code of the build."""
    project = find_project(arguments.project_dir)
    label, start, end = period_of(arguments.period)
    value, half_width = amount_of(arguments.printed)
    quarter = Quarter(arguments.platform, label, start, end, value, half_width)
    if end >= arguments.published_on:
        raise UserError(f"--published-on {arguments.published_on}: {label} ends on {end}")
    folder = arguments.inputs or own_folder(project) or project / "seeds"
    database = project / DEFAULT_DATABASE
    if not database.is_file():
        print("no build to compare with: building the present state first", flush=True)
        if code := _build(project, arguments.inputs, database):
            return code
    with open_warehouse(database) as warehouse:
        platforms = [row["platform_id"] for row in warehouse.rows("from marts.dim_platforms")]
        if quarter.platform_id not in platforms:
            raise unknown("platform", quarter.platform_id, platforms)
        earlier = warehouse.rows(
            "from staging.stg_platform__gmv_disclosures"
            " where platform_id = ? and superseded_by is null",
            quarter.platform_id,
        )
        before = _totals(warehouse.rows(_TOTALS, quarter.platform_id))
    print(f"{quarter.disclosure_id}: {plain(value)} 亿元 ± {plain(half_width)}, {start} to {end}")
    for line in compare(quarter, earlier):
        print(f"  {line}")
    if arguments.dry_run:
        print("dry run: nothing written")
        return 0
    for table, row in (
        (SOURCES, source_row(quarter, arguments)),
        (DISCLOSURES, disclosure_row(quarter, arguments)),
    ):
        with (project / "seeds" / table).open(encoding="utf-8", newline="") as file:
            header = next(csv.reader(file))
        append_row(folder / table, header, row)
        print(f"  one row added to {folder / table}")
    if code := _build(project, arguments.inputs, database):
        print("the build failed: correct the rows above, or remove them, and run dbt build")
        return code
    with open_warehouse(database) as warehouse:
        after = _totals(warehouse.rows(_TOTALS, quarter.platform_id))
        growth = warehouse.rows(_GROWTH, quarter.platform_id, quarter.end)
    for line in moved(before, after, growth):
        print(line)
    return 0


# the scenario of the default report, or of the first one on the platform
_SCENARIO = """
    select scenario_id from marts.dim_reports where platform_id = $1
    order by is_default desc, sort_order limit 1
"""
_TOTALS = f"""
    select
        window_end, jobs_wan_of_scenario as jobs, is_extrapolated, backtest_report_id,
        backtest_error_share
    from marts.fct_estimates
    where platform_id = $1 and scenario_id = ({_SCENARIO})
    order by window_end
"""
_GROWTH = f"""
    select *
    from marts.fct_growth
    where platform_id = $1 and window_end = $2 and scenario_id = ({_SCENARIO})
        and from_scenario_id = scenario_id
    order by from_window_end desc
    limit 1
"""


def _build(project: Path, inputs: Path | None, database: Path) -> int:
    print("dbt build", flush=True)
    run = DbtRun(
        project,
        database,
        project / "target",
        project / "logs",
        inputs,
        log=project / "logs" / "add_quarter.log",
    )
    return run.run("--no-version-check", "build")


def _totals(rows: Iterable[Row]) -> dict[date, Row]:
    return {row["window_end"]: row for row in rows}


def moved(before: Mapping[date, Row], after: Mapping[date, Row], growth: list[Row]) -> list[str]:
    """Return a line for each total that is new or differs, and the parts of the newest change."""
    lines = []
    for day, row in after.items():
        kind = "extrapolated" if row["is_extrapolated"] else "from inputs of its own period"
        if row["backtest_report_id"]:
            kind += f"; backtest {backtest_text(row)}"
        if day not in before:
            lines.append(f"new: twelve months to {day}: {computed(row['jobs'])} 万 ({kind})")
        elif change := row["jobs"] - before[day]["jobs"]:
            sign = "+" if change > 0 else ""
            lines.append(
                f"moved: twelve months to {day}:"
                f" {computed(row['jobs'])} 万, {sign}{computed(change)}"
            )
    lines += [f"removed: twelve months to {day}" for day in before if day not in after]
    for row in growth:
        parts = ", ".join(
            f"{name} {row[column]:+,.1f}"
            for name, column in (
                ("GMV", "gmv_effect_wan"),
                ("jobs per GMV", "intensity_effect_wan"),
                ("supply-chain ratio", "ratio_effect_wan"),
                ("content ecosystem", "content_effect_wan"),
                ("direct jobs", "direct_effect_wan"),
            )
            if round(row[column], 1)
        )
        lines.append(
            f"why: {row['change_wan']:+,.1f} 万 since the twelve months to"
            f" {row['from_window_end']}: {parts or 'no input moved'}"
        )
        if row["has_carried_change"]:
            lines.append("not growth alone: an input of an earlier period changed in between")
    return lines or ["no total moved"]
