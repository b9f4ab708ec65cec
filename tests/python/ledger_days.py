"""A ledger of merchants in three partitions, with what makes an increment hard."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

import duckdb
from conftest import Project

DAYS = ("day=2026-11-24", "day=2026-11-25", "day=2026-11-26")
OF_A_DAY = 3000
# merchants of a day under the name of another, by number: the second day repeats names of the
# first, the third one of the second, one that is repeated already, one of its own, and one twice
REPEATED = {3001: 5, 3002: 6, 4000: 4001, 6001: 3500, 6002: 5, 6003: 6004, 6005: 3501, 6006: 3501}
OF_A_FILE = 2000
# a cell that no rule accepts, one each day
BAD = (7, 3007, 6007)
# two samples, the second from the second day on; an industry that the third day begins
LEDGER = f"""
select
    'kuaishou' as platform_id,
    case when i >= {OF_A_DAY} and i % 5 = 0 then 'second' else 'synthetic_2021' end as sample_id,
    'M' || coalesce(map {REPEATED!r}[i], i) as merchant_id,
    case
        when i >= {2 * OF_A_DAY} and i % 7 = 0 then 'books'
        else (['apparel', 'food', 'beauty'])[1 + cast(hash(i * 7) % 3 as int)]
    end as industry_code,
    turnover as turnover_wan_yuan,
    case
        when i in {BAD!r} then 0
        else cast(1 + floor(turnover / (20 + cast(hash(i * 17) % 40 as int))) as bigint)
    end as headcount,
    cast([1, 1.5, 2.25][1 + cast(hash(i * 19) % 3 as int)] as decimal(18, 6)) as survey_weight,
    'synthetic' as provenance,
    'synthetic_generator' as source_id,
    cast(i // {OF_A_DAY} as int) as day
from (
    select
        i,
        -- later days sell more, so that each has a range of its own
        cast(
            round(exp(2.5 + i // {OF_A_DAY} + hash(i * 11) % 100003 / 40000.0), 2)
            as decimal(18, 2)
        ) as turnover
    from range({3 * OF_A_DAY}) as numbers (i)
) as drawn
"""


VARIABLES = "{max_rejected_rows: 100, max_compared_merchants: 500}"
BUILD = (
    *("build", "--exclude-resource-type", "unit_test", "--vars", VARIABLES),
    *("--select", "+int_fit__leverage_sums", "+int_fit__compared_merchants"),
    *("+stg_survey__rejected_lines", "+int_survey__samples"),
)


def environment(project: Project, since: str = "", hand_over: str = "hand_over") -> dict[str, str]:
    """What a build on DuckDB is named that counts from a day on."""
    named = {
        "PLATFORM_EMPLOYMENT_MERCHANTS": "ledger/*/*.parquet",
        "PLATFORM_EMPLOYMENT_MERCHANTS_ON": "duckdb",
        "PLATFORM_EMPLOYMENT_HAND_OVER": str(project.folder / hand_over),
    }
    return named | ({"PLATFORM_EMPLOYMENT_SINCE": since} if since else {})


def rejected_lines() -> Counter[tuple[int, str]]:
    """How many lines of each file are rejected, by the number of the file and reason."""
    lines: dict[tuple[bool, int], list[int]] = defaultdict(list)
    found: Counter[tuple[int, str]] = Counter()
    for number in range(3 * OF_A_DAY):
        name = REPEATED.get(number, number)
        file = 1 + 2 * (number // OF_A_DAY) + (name % OF_A_DAY >= OF_A_FILE)
        if number in BAD:
            found[file, "zero"] += 1
            continue
        lines[number >= OF_A_DAY and number % 5 == 0, name].append(file)
    for files in lines.values():
        if len(files) > 1:
            found.update((file, "duplicate_key") for file in files)
    return found


def write_days(folder: Path, *days: str) -> None:
    """Write the files of some of the days below a folder, some in two files."""
    with duckdb.connect() as connection:
        connection.execute(f"create table ledger as {LEDGER}")
        for day in days:
            number = DAYS.index(day)
            (folder / day).mkdir(parents=True)
            of_day = f"select columns(* exclude day) from ledger where day = {number}"
            for name, part in (("a", f"< {OF_A_FILE}"), ("b", f">= {OF_A_FILE}")):
                rows = f"{of_day} and cast(substr(merchant_id, 2) as int) % {OF_A_DAY} {part}"
                connection.execute(f"copy ({rows}) to '{folder / day / name}.parquet'")
