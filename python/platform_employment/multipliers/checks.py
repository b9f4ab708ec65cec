"""Checks of a table before anything is computed from it, and of what was solved.

Each names the sector and the amount. `failed` stops the table; an oddity that published tables
have (inventories that fall, subsidies above taxes) is `noted`; what cannot be checked or is not
computed is `warned`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, SupportsIndex

import numpy as np

from platform_employment.multipliers.multipliers import (
    Households,
    System,
    import_shares,
    output_ratio,
    per_output,
    spectral_radius,
)
from platform_employment.multipliers.outcomes import Outcome, failed, noted, passed, warned
from platform_employment.multipliers.tables import Matrix, Table, Vector

# balances of rows and columns, relative to output; a table may state a wider limit
BALANCE = 1e-7
# what a solver may leave, of numbers near one
RESIDUAL = 1e-12
# L f and output: rounding of the sums, relative
REPRODUCED = 1e-9
# sum of jobs and stated total, 万
JOBS_TOTAL = 1.0
# published totals of uses have two decimals, 亿元
TOTALS = 0.011
_MAX_NAMED = 5


def check_table(table: Table, tolerance: float = BALANCE) -> list[Outcome]:
    """All checks before anything is computed; tolerance: of balances, relative to output."""
    return [
        *_check_flows(table),
        *_check_output(table),
        *_check_rows(table, tolerance),
        *_check_columns(table, tolerance),
        *_check_imports(table),
        *_check_jobs(table),
    ]


def check_listed(sectors: list[str], with_jobs: list[str], years: list[int]) -> list[Outcome]:
    """Jobs are of sectors of the table and of one year."""
    outcomes = [
        failed("jobs_of_sectors", f"the table has no sector {code} that has jobs", None, None, code)
        for code in with_jobs
        if code not in set(sectors)
    ]
    if len(years) > 1:
        outcomes.append(failed("jobs_year", f"jobs are of several years: {years}"))
    return outcomes


def check_totals(table: Table, origin: str, intermediate: float, final: float) -> list[Outcome]:
    """Compare sums of the flows of an origin, 亿元, with totals published for the year."""
    flows = {"domestic": table.domestic, "imported": table.imported, "total": table.all_flows}
    if (block := flows[origin]) is None:
        return []
    return [
        _within(
            f"{origin}_{use}_use",
            f"{origin} {use} use is {cells.sum():.4f}, {total:.4f} is published: it differs",
            abs(float(cells.sum()) - total),
            TOTALS,
        )
        for use, total, cells in (
            ("intermediate", intermediate, block.intermediate),
            ("final", final, block.final),
        )
    ]


def check_ratio(table: Table) -> list[Outcome]:
    """The output ratio as a mean multiplier: an identity, for any table holds."""
    if (both := output_ratio(table)) is None:
        return []
    text = (
        f"i'Lf / i'f - 1 = {both[0]:.9f}: intermediate over final use = {both[1]:.9f}, it differs"
    )
    return [_within("output_ratio", text, abs(both[0] - both[1]) / (1 + both[1]), REPRODUCED)]


def check_coefficients(table: Table, of: System) -> list[Outcome]:
    """Return whether the rounds of suppliers come to an end."""
    radius = spectral_radius(of.coefficients)
    sums = of.coefficients.sum(axis=0)
    largest = int(sums.argmax())
    text = f"spectral radius {radius:.6f}; largest column of A: {_name(table, largest)}"
    return _under([_below_one("spectral_radius", f"{text}, {sums[largest]:.6f}", radius)], of)


def check_inverse(
    table: Table, of: System, inverse: Matrix, tolerance: float = BALANCE
) -> list[Outcome]:
    """What must hold of L: residual, signs, output again, value added and imports as one."""
    unit = np.eye(len(of.output))
    residual = np.abs((unit - of.coefficients) @ inverse - unit).max()
    signs = max(0.0, -inverse.min(), (1 - np.diag(inverse)).max())
    solved = inverse @ (of.final.sum(axis=1) + of.remainder)
    off = np.abs(per_output(solved - of.output, of.output))
    condition = float(np.linalg.norm(unit - of.coefficients, 1) * np.linalg.norm(inverse, 1))
    outcomes = [
        _within("residual", "(I - A) L differs from I", residual, RESIDUAL),
        _within("signs", "L is below zero or its diagonal below one", signs, RESIDUAL),
        _within("solved_output", "L f differs from output", off, REPRODUCED, table.sectors),
        passed("condition_number", f"condition of I - A in the 1-norm: {condition:.4f}", condition),
    ]
    if table.value_added_codes:
        shares = per_output(table.value_added.sum(axis=0), of.output) + of.imports
        # a product without home output is imported as a whole
        gap = np.abs(np.where(of.output > 0, shares, 1) @ inverse - 1)
        text = "value added and imports of a unit of final use differ from one"
        outcomes.append(_within("value_added_and_imports", text, gap, tolerance, table.sectors))
    return _under(outcomes, of)


def check_households(
    of: System, homes: Households, inverse: Matrix, with_homes: Matrix | None, radius: float
) -> list[Outcome]:
    """What must hold with households inside.

    with_homes: Lbar, none where the radius of A with households is not below one.
    """
    text = f"spectral radius with households {radius:.6f}"
    if with_homes is None:
        return _under([warned("type_2", f"{text}: type II is not computed", radius)], of)
    first, second = homes.income @ inverse, np.append(homes.income, homes.own) @ with_homes
    earns = first > 0
    ratio = second[:-1][earns] / first[earns]
    spread = np.abs(ratio / with_homes[-1, -1] - 1).max(initial=0)
    lower = (inverse - with_homes[:-1, :-1]).max(initial=0)
    same = f"type II over type I of income differs from {with_homes[-1, -1]:.6f} in a sector"
    return _under(
        [
            passed("type_2", text, radius, 1),
            _within("type_2_above_type_1", "Lbar is below L", lower, RESIDUAL),
            _within("income_type_2_over_type_1", same, spread, REPRODUCED),
        ],
        of,
    )


def _check_flows(table: Table) -> list[Outcome]:
    outcomes = []
    for origin, flows in (
        ("domestic", table.domestic),
        ("imported", table.imported),
        ("total", table.total),
    ):
        if flows is None:
            continue
        outcomes += _cells(
            table,
            "intermediate_flows",
            flows.intermediate,
            table.sectors,
            table.sectors,
            origin,
            failed,
        )
        outcomes += _cells(
            table, "final_use", flows.final, table.sectors, table.final_codes, origin, noted
        )
    kinds, sectors = table.value_added_codes, table.sectors
    outcomes += _cells(
        table, "value_added", table.value_added, kinds, sectors, "value_added", noted
    )
    if not outcomes:
        outcomes = [passed("signs_of_flows", "no amount is below zero", 0.0)]
    for code, weights in (table.baskets or {}).items():
        if weights.min() < 0 or not weights.sum() > 0:
            lowest = table.sectors[int(weights.argmin())]
            message = f"basket {code}: weights must be zero or more, {lowest} has {weights.min():g}"
            outcomes.append(failed("basket", message, float(weights.min()), 0, lowest))
    return outcomes


def _cells(
    table: Table,
    check_id: str,
    block: Matrix,
    rows: tuple[str, ...],
    columns: tuple[str, ...],
    origin: str,
    outcome: Callable[..., Outcome],
) -> list[Outcome]:
    """One outcome for each cell below zero."""
    found = []
    for row, column in np.argwhere(block < 0):
        value = float(block[row, column])
        sector = rows[row] if rows == table.sectors else columns[column]
        cell = (origin, rows[row], columns[column])
        text = f"{origin} {rows[row]} to {columns[column]} is {value:.4f}"
        found.append(outcome(check_id, text, value=value, sector_code=sector, cell=cell))
    return found


def _check_output(table: Table) -> list[Outcome]:
    """Output above zero, or nothing at all in the sector."""
    output, flows = table.output, table.own
    inputs = flows.intermediate.sum(axis=0) + table.inputs_from_abroad
    inputs = inputs + np.abs(table.value_added).sum(axis=0)
    outcomes = []
    for number in np.flatnonzero(output <= 0):
        code, value = table.sectors[number], float(output[number])
        if value < 0 or inputs[number] > 0 or np.abs(flows.intermediate[number]).sum() > 0:
            text = f"{_name(table, number)} has output {value:.4f} and inputs {inputs[number]:.4f}"
            outcomes.append(failed("zero_output", text, value, 0, code))
        else:
            outcomes.append(noted("zero_output", f"{code} has neither output nor inputs", 0, code))
    return outcomes or [
        passed("zero_output", "output is above zero in all sectors", float(output.min()))
    ]


def _check_rows(table: Table, tolerance: float) -> list[Outcome]:
    if table.published_output is None:
        return [warned("row_balance", "no published output: rows are not checked")]
    return _balance(table, "row_balance", table.output, table.published_output, tolerance)


def _check_columns(table: Table, tolerance: float) -> list[Outcome]:
    if not table.value_added_codes:
        return [warned("column_balance", "no value added: columns are not checked")]
    column = table.own.intermediate.sum(axis=0) + table.inputs_from_abroad
    column = column + table.value_added.sum(axis=0)
    return _balance(table, "column_balance", column, table.output, tolerance)


def _balance(
    table: Table, check_id: str, left: Vector, right: Vector, tolerance: float
) -> list[Outcome]:
    """Compare two outputs of each sector; the sectors that are furthest off come first."""
    names = {
        "row_balance": ("sum of the row", "published output"),
        "column_balance": ("sum of the column", "sum of the row"),
    }[check_id]
    off = left - right
    relative = per_output(np.abs(off), np.abs(right))
    relative[(right == 0) & (off != 0)] = np.inf
    bad = [n for n in np.argsort(-relative, kind="stable") if relative[n] > tolerance]
    outcomes = [
        failed(
            check_id,
            f"{table.sectors[n]}: {names[0]} {left[n]:.4f}, {names[1]} {right[n]:.4f}, "
            f"{off[n]:+.4f} apart",
            float(relative[n]),
            tolerance,
            table.sectors[n],
        )
        for n in bad[:_MAX_NAMED]
    ]
    if len(bad) > _MAX_NAMED:
        text = f"{len(bad) - _MAX_NAMED} more sectors are off"
        outcomes.append(failed(check_id, text, float(relative[bad[_MAX_NAMED]]), tolerance))
    return outcomes or [
        _within(check_id, f"{names[0]} differs from {names[1]}", relative, tolerance)
    ]


def _check_imports(table: Table) -> list[Outcome]:
    shares = import_shares(table)
    if shares is None:
        text = "imports are not known by supplier: import_shares and all_flows are not computed"
        return [warned("imports", text)]
    outcomes = [
        replace(
            warned(
                "import_share",
                f"{table.sectors[n]}: imports are {shares[n]:.4f} of domestic use, not between 0 "
                "and 1: import_shares are not computed",
                float(shares[n]),
            ),
            sector_code=table.sectors[n],
        )
        for n in np.flatnonzero(~((shares >= 0) & (shares <= 1)))
    ]
    largest = int(shares.argmax())
    text = f"largest share of imports: {_name(table, largest)}, {shares[largest]:.4f}"
    return outcomes or [passed("import_share", text, float(shares.max()), 1)]


def _check_jobs(table: Table) -> list[Outcome]:
    jobs = table.jobs
    if jobs is None:
        return [warned("jobs", "no jobs by sector: multipliers of jobs are not computed")]
    outcomes = []
    if jobs.year != table.year:
        text = f"jobs are of {jobs.year}, the table is of {table.year}"
        outcomes.append(failed("jobs_year", text, jobs.year, table.year))
    else:
        outcomes.append(passed("jobs_year", f"jobs and table are of {jobs.year}", jobs.year))
    missing = [table.sectors[n] for n in np.flatnonzero(np.isnan(jobs.by_sector))]
    outcomes += [failed("jobs_of_all", f"{code} has no jobs", None, None, code) for code in missing]
    for n in np.flatnonzero(jobs.by_sector < 0):
        text = f"{table.sectors[n]} has {jobs.by_sector[n]:g} jobs"
        outcomes.append(failed("jobs_of_all", text, float(jobs.by_sector[n]), 0, table.sectors[n]))
    for n in np.flatnonzero((jobs.by_sector > 0) & (table.output <= 0)):
        text = f"{table.sectors[n]} has {jobs.by_sector[n]:g} jobs and no output"
        outcomes.append(
            failed("jobs_without_output", text, float(jobs.by_sector[n]), 0, table.sectors[n])
        )
    total = float(np.nansum(jobs.by_sector))
    if jobs.stated is None:
        outcomes.append(warned("jobs_total", f"{total:g} 万 jobs: no total is stated for the year"))
    else:
        text = f"jobs add up to {total:g} 万: {jobs.stated:g} 万 is stated, it differs"
        outcomes.append(_within("jobs_total", text, abs(total - jobs.stated), JOBS_TOTAL))
    return outcomes


def _within(
    check_id: str,
    text: str,
    value: float | np.floating[Any] | Vector,
    limit: float,
    sectors: Sequence[str] = (),
) -> Outcome:
    """Compare an amount, or the largest one of the sectors, with a limit.

    What passes is not printed: it is rounding that differs from machine to machine.
    """
    code = sectors[int(np.argmax(value))] if sectors else None
    largest = float(np.max(value))
    if largest <= limit:
        return passed(check_id, f"{text} by at most {limit:g}", largest, limit)
    where = f" in sector {code}" if code else ""
    return failed(
        check_id, f"{text} by {largest:.4g}{where}, more than {limit:g}", largest, limit, code
    )


def _below_one(check_id: str, text: str, value: float) -> Outcome:
    return (passed if value < 1 else failed)(check_id, text, value, 1)


def _under(outcomes: list[Outcome], of: System) -> list[Outcome]:
    return [replace(outcome, import_convention=of.convention) for outcome in outcomes]


def _name(table: Table, number: SupportsIndex) -> str:
    return f"sector {table.sectors[number]}"
