"""The moments of a ledger by a compiled loop, for files that no dbt project has read.

The macro `merchant_moments` takes the sums of equation 2.1 in SQL, which any engine can run. This
is the same scan as a loop over what DuckDB reads, compiled by numba: the same whole numbers in
about half the time (docs/performance.md). numba comes with `make setup-dev` only; without it the
import of this module fails.

    with duckdb.connect() as connection:
        rows = merchant_moments(connection, "'ledger.parquet'")
    fit_from_moments(moments_from_rows(rows)).results("HC1").conf_int()
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numba
import numpy as np

from platform_employment.moments import MAX_POWER, SUM_UNIT, UnusableSampleError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_UNITS = float(1 / SUM_UNIT)
_ROWS_AT_A_TIME = 2**20
# A sum is kept in two integers, of which the lower one takes these bits of each power: neither
# overflows below 2^31 rows.
_LOWER_BITS = 32
# Headcounts number the rows of the tables of sums.
_LARGEST_HEADCOUNT = 10**6


def merchant_moments(connection: DuckDBPyConnection, relation: str) -> list[dict[str, Any]]:
    """The rows of the macro `merchant_moments` of one unweighted sample.

    Args:
        connection: to read through.
        relation: table, view or quoted file with `turnover_wan_yuan` (a decimal with two digits,
            万元 a year) and `headcount` (a whole number from 1 to 1,000,000).

    Raises:
        UnusableSampleError: there are no rows, or a turnover or headcount is missing or out of
            range.
    """
    rows, usable, lowest, span, most = connection.execute(
        f"""
        select
            count(*),
            count(case when turnover_wan_yuan > 0
                and headcount between 1 and {_LARGEST_HEADCOUNT} then 1 end),
            min(turnover_wan_yuan),
            cast(greatest(max(turnover_wan_yuan) - min(turnover_wan_yuan), 0.01) as double),
            max(headcount)
        from {relation}
        """
    ).fetchall()[0]
    if not rows:
        raise UnusableSampleError("merchant sample has no rows")
    if usable < rows:
        raise UnusableSampleError(
            f"{rows - usable} of {rows} merchants have a turnover that is not positive or a"
            f" headcount that is not from 1 to {_LARGEST_HEADCOUNT}"
        )
    merchants = np.zeros((most + 1, 3), dtype=np.int64)
    upper, lower = (np.zeros((most + 1, 3, MAX_POWER), dtype=np.int64) for _ in range(2))
    batches = connection.sql(
        f"""
        select
            cast(turnover_wan_yuan - cast({lowest} as decimal(18, 2)) as double) / {span!r},
            cast(headcount as integer)
        from {relation}
        """
    ).to_arrow_reader(_ROWS_AT_A_TIME)
    for batch in batches:
        position, headcount = (
            np.frombuffer(column.buffers()[1], dtype=kind)[column.offset :][: len(column)]
            for column, kind in zip(batch.columns, (np.float64, np.int32), strict=True)
        )
        _add_powers(position, headcount, merchants, upper, lower)
    return [
        {
            "headcount": int(headcount),
            "size_class": int(size_class),
            "lowest_wan_yuan": lowest,
            "range_wan_yuan": span,
            "merchants": int(merchants[headcount, size_class]),
        }
        | {
            f"power_{k + 1}": (int(upper[headcount, size_class, k]) << _LOWER_BITS)
            + int(lower[headcount, size_class, k])
            for k in range(MAX_POWER)
        }
        for headcount, size_class in zip(*np.nonzero(merchants), strict=True)
    ]


@numba.njit(nogil=True)
def _add_powers(position: Any, headcount: Any, merchants: Any, upper: Any, lower: Any) -> None:
    """Add the powers of each position to the cell of its headcount and size class."""
    mask = (1 << _LOWER_BITS) - 1
    for i in range(len(position)):
        u = position[i]
        size_class = 0
        if position[i] < 2.0**-8:
            size_class, u = 1, position[i] * 256.0
        if position[i] < 2.0**-16:
            size_class, u = 2, position[i] * 65536.0
        u2 = u * u
        u4 = u2 * u2
        merchants[headcount[i], size_class] += 1
        for k, power in enumerate((u, u2, u2 * u, u4, u4 * u, u4 * u2, u4 * (u2 * u), u4 * u4)):
            integer = np.int64(np.rint(power * _UNITS))
            upper[headcount[i], size_class, k] += integer >> _LOWER_BITS
            lower[headcount[i], size_class, k] += integer & mask
