"""From one table to its multipliers, through all checks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from platform_employment.multipliers.checks import (
    BALANCE,
    check_coefficients,
    check_households,
    check_inverse,
    check_ratio,
    check_table,
    check_totals,
)
from platform_employment.multipliers.multipliers import (
    CONVENTIONS,
    Multiplier,
    System,
    closed,
    households,
    leontief,
    multipliers,
    spectral_radius,
    system,
)
from platform_employment.multipliers.outcomes import Outcome, is_failed, warned
from platform_employment.multipliers.tables import Table


@dataclass(frozen=True)
class Totals:
    """Published sums of the flows of an origin, to compare with."""

    origin: str
    intermediate: float
    final: float


def estimate(
    table: Table, tolerance: float = BALANCE, totals: Sequence[Totals] = ()
) -> tuple[list[Multiplier], list[Outcome]]:
    """Multipliers under each convention that the table allows, and what each check found.

    Nothing is computed of a table that fails a check.
    """
    outcomes = check_table(table, tolerance)
    for published in totals:
        outcomes += check_totals(table, published.origin, published.intermediate, published.final)
    if is_failed(outcomes):
        return [], outcomes
    systems = [found for name in CONVENTIONS if (found := system(table, name)) is not None]
    for of in systems:
        outcomes += check_coefficients(table, of)
    if is_failed(outcomes):
        return [], outcomes
    outcomes += check_ratio(table)
    results: list[Multiplier] = []
    for of in systems:
        solved, checked = _solve(table, of, tolerance)
        results += solved
        outcomes += checked
    if systems and households(table, systems[0]) is None:
        text = "no column of consumption by households alone, or no compensation: no type II"
        outcomes.append(warned("type_2", text))
    return ([] if is_failed(outcomes) else results), outcomes


def _solve(table: Table, of: System, tolerance: float) -> tuple[list[Multiplier], list[Outcome]]:
    inverse = leontief(of.coefficients)
    outcomes = check_inverse(table, of, inverse, tolerance)
    found = multipliers(table, of, inverse)
    if (homes := households(table, of)) is not None:
        bordered = closed(of.coefficients, homes)
        radius = spectral_radius(bordered)
        with_homes = leontief(bordered) if radius < 1 else None
        outcomes += check_households(of, homes, inverse, with_homes, radius)
        if with_homes is not None:
            found += multipliers(table, of, with_homes, homes)
    return found, outcomes
