"""What a check of a table found: one outcome is one row and one line."""

from __future__ import annotations

from dataclasses import dataclass

PASSED, NOTED, WARNED, FAILED = "passed", "noted", "warned", "failed"


@dataclass(frozen=True)
class Outcome:
    """One result of a check.

    outcome: passed; noted (an oddity that is accepted); warned (something is not computed, or
    not checked); failed (nothing of the table is computed). value: what was measured; limit:
    what it may be at most; message: one line that names sector and amount.
    """

    check_id: str
    outcome: str
    message: str
    value: float | None = None
    limit: float | None = None
    sector_code: str | None = None
    import_convention: str | None = None
    # origin, row and column of the cell that it is about
    cell: tuple[str, str, str] | None = None


def passed(check_id: str, message: str, value: float, limit: float | None = None) -> Outcome:
    """Describe what a check measured that found nothing."""
    return Outcome(check_id, PASSED, message, value, limit)


def failed(
    check_id: str,
    message: str,
    value: float | None = None,
    limit: float | None = None,
    sector_code: str | None = None,
    cell: tuple[str, str, str] | None = None,
) -> Outcome:
    """Return the reason why nothing of the table is computed."""
    return Outcome(check_id, FAILED, message, value, limit, sector_code, cell=cell)


def noted(
    check_id: str,
    message: str,
    value: float | None = None,
    sector_code: str | None = None,
    cell: tuple[str, str, str] | None = None,
) -> Outcome:
    """Name an oddity that is accepted."""
    return Outcome(check_id, NOTED, message, value, sector_code=sector_code, cell=cell)


def warned(check_id: str, message: str, value: float | None = None) -> Outcome:
    """Name what is not computed, or could not be checked."""
    return Outcome(check_id, WARNED, message, value)


def is_failed(outcomes: list[Outcome]) -> bool:
    """Return whether one of the checks failed."""
    return any(outcome.outcome == FAILED for outcome in outcomes)
