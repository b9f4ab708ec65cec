"""The moments of a ledger by a compiled loop, for files that no dbt project has read.

The macro `merchant_moments` takes the sums of equation 2.1 in SQL, which any engine can run. This
gives the same whole numbers several times faster (docs/performance.md): the columns come from
DuckDB as they are stored, and a loop compiled by numba does the arithmetic. numba comes with
`make setup-dev` only; without it the import of this module fails.

    with duckdb.connect() as connection:
        rows = merchant_moments(connection, "'ledger.parquet'")
    fit_from_moments(moments_from_rows(rows)).results("HC1").conf_int()
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numba
import numpy as np

from platform_employment.fit.moments import MAX_POWER, UnusableSampleError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

TURNOVER_TYPE = "DECIMAL(18,2)"
INTEGER_TYPES = ["TINYINT", "SMALLINT", "INTEGER", "BIGINT"]
# Headcounts number the rows of the tables of sums.
LARGEST_HEADCOUNT = 10**6
# Hundredths of a 万元 that a double holds without rounding.
WIDEST_RANGE = 2**53
SIZE_CLASSES = 3
_ROWS_AT_A_TIME = 2**20
# What DuckDB may read ahead while the loop runs.
_BUFFER = "16MiB"
# Of a block of rows the positions are computed together, which the processor does several at a
# time; a block fits into its first cache.
_BLOCK = 1024
# A power is split into a multiple of 2^-31 and the rest in units of 2^-62. Adding 1.5 * 2^52 of a
# unit to a double rounds it to that unit (halves to even, as a cast does) and leaves the whole
# number in the lowest bits, which add up as integers: the sums of neither part overflow below 2^31
# rows.
_UPPER_SHIFT = 1.5 * 2.0 ** (52 - 31)
_LOWER_SHIFT = 1.5 * 2.0 ** (52 - 62)
_UPPER_BITS, _LOWER_BITS = np.array([_UPPER_SHIFT, _LOWER_SHIFT]).view(np.int64).tolist()


def merchant_moments(connection: DuckDBPyConnection, relation: str) -> list[dict[str, Any]]:
    """The rows of the macro `merchant_moments` of one unweighted sample.

    Args:
        connection: to read through.
        relation: table, view or quoted file with `turnover_wan_yuan` (decimal(18, 2), 万元 a year)
            and `headcount` (a whole number from 1 to 1,000,000); not a temporary table.

    Raises:
        UnusableSampleError: there are no rows, a column has another type, or a turnover or
            headcount is missing or out of range.
    """
    with connection.cursor() as cursor:
        # decimals come as they are stored, in 64 bits
        cursor.execute("set session arrow_output_version = '1.5'")
        cursor.execute(f"set session streaming_buffer_size = '{_BUFFER}'")
        return _read(cursor, relation)


def _read(cursor: DuckDBPyConnection, relation: str) -> list[dict[str, Any]]:
    types = cursor.sql(f"select turnover_wan_yuan, headcount from {relation}").types
    if types[0] != TURNOVER_TYPE or types[1] not in INTEGER_TYPES:
        raise UnusableSampleError(
            f"turnover_wan_yuan is {types[0]} and headcount {types[1]}: cast them to"
            f" {TURNOVER_TYPE} and INTEGER"
        )
    # of a file or a table DuckDB knows these without a scan
    lowest, highest, fewest, most = cursor.execute(
        f"""
        select min(turnover_wan_yuan), max(turnover_wan_yuan), min(headcount), max(headcount)
        from {relation}
        """
    ).fetchall()[0]
    if lowest is None or fewest is None or lowest <= 0 or fewest < 1 or most > LARGEST_HEADCOUNT:
        raise _unusable(cursor, relation)
    first, last = int(lowest * 100), int(highest * 100)
    if last - first > WIDEST_RANGE:
        raise UnusableSampleError(f"turnovers from {lowest} to {highest} are too wide a range")
    span = max(last - first, 1) / 100

    merchants = np.zeros(((most + 1) * SIZE_CLASSES), dtype=np.int64)
    sums = np.zeros((len(merchants), 2 * MAX_POWER), dtype=np.int64)
    batches = cursor.sql(
        f"select turnover_wan_yuan, cast(headcount as integer) from {relation}"
    ).to_arrow_reader(_ROWS_AT_A_TIME)
    for batch in batches:
        turnover, headcount = (
            np.frombuffer(column.buffers()[1], dtype=kind)[column.offset :][: len(column)]
            for column, kind in zip(batch.columns, (np.int64, np.int32), strict=True)
        )
        if any(column.null_count for column in batch.columns) or not _add_powers(
            turnover, headcount, first, span, most, merchants, sums
        ):
            raise _unusable(cursor, relation)
    cells = np.flatnonzero(merchants)
    return [
        {
            "headcount": cell // SIZE_CLASSES,
            "size_class": cell % SIZE_CLASSES,
            "lowest_wan_yuan": lowest,
            "range_wan_yuan": span,
            "merchants": count,
        }
        | {
            f"power_{k + 1}": (_whole(totals[k], count, _UPPER_BITS) << 31)
            + _whole(totals[MAX_POWER + k], count, _LOWER_BITS)
            for k in range(MAX_POWER)
        }
        for cell, count, totals in zip(
            cells.tolist(), merchants[cells].tolist(), sums[cells].tolist(), strict=True
        )
    ]


def _unusable(cursor: DuckDBPyConnection, relation: str) -> UnusableSampleError:
    """What is wrong with the rows, by counting them."""
    counts = f"""
        select
            count(*),
            count(case when turnover_wan_yuan > 0
                and headcount between 1 and {LARGEST_HEADCOUNT} then 1 end)
        from {relation}
    """
    # a cursor of its own: the scan may still be open
    rows, usable = cursor.cursor().execute(counts).fetchall()[0]
    if not rows:
        return UnusableSampleError("merchant sample has no rows")
    if usable == rows:
        return UnusableSampleError(
            "turnovers or headcounts lie outside what the file says of them: write it anew"
        )
    return UnusableSampleError(
        f"{rows - usable} of {rows} merchants have a turnover that is not positive or a"
        f" headcount that is not from 1 to {LARGEST_HEADCOUNT}"
    )


def _whole(total: int, merchants: int, bits: int) -> int:
    """The sum of the whole numbers in the lowest bits of shifted doubles."""
    return (total - merchants * bits + 2**63) % 2**64 - 2**63


@numba.njit(nogil=True)
def _add_powers(
    turnover: Any, headcount: Any, first: int, span: float, most: int, merchants: Any, sums: Any
) -> bool:
    """Add the powers of each position to the cell of its headcount and size class.

    Args:
        turnover: hundredths of a 万元.
        headcount: from 1 to `most`.
        first: the lowest turnover, in the same unit.
        span: the range of turnovers, 万元.
        merchants: changed, merchants of each cell.
        sums: changed, by cell: eight sums of upper parts, eight of lower ones.

    Returns:
        False if a turnover or headcount is out of range; the sums are then incomplete.
    """
    position, cell = np.empty(_BLOCK), np.empty(_BLOCK, np.int64)
    for start in range(0, len(turnover), _BLOCK):
        x, y = turnover[start : start + _BLOCK], headcount[start : start + _BLOCK]
        outside = False
        for i in range(len(x)):
            position[i] = np.float64(x[i] - first) / 100.0 / span
            outside |= (position[i] < 0.0) | (position[i] > 1.0) | (y[i] < 1) | (y[i] > most)
        if outside:
            return False
        for i in range(len(x)):
            small, tiny = position[i] < 2.0**-8, position[i] < 2.0**-16
            cell[i] = SIZE_CLASSES * y[i] + small + tiny
            position[i] *= 65536.0 if tiny else 256.0 if small else 1.0
        for i in range(len(x)):
            row, u = sums[cell[i]], position[i]
            merchants[cell[i]] += 1
            u2 = u * u
            u3, u4 = u2 * u, u2 * u2
            for k, power in enumerate((u, u2, u3, u4, u4 * u, u4 * u2, u4 * u3, u4 * u4)):
                upper = power + _UPPER_SHIFT
                lower = (power - (upper - _UPPER_SHIFT)) + _LOWER_SHIFT
                row[k] += np.float64(upper).view(np.int64)
                row[MAX_POWER + k] += np.float64(lower).view(np.int64)
    return True
