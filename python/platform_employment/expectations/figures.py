"""Published figures and the values that round to them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

FIGURE_COLUMNS = (
    "report_id",
    "figure_id",
    "subject_zh",
    "subject_en",
    "value",
    "unit",
    "comparator",
)
FigureKey = tuple[str, str]

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")
# Decimals of up to 15 significant digits are doubles of their own, so doubles compare like them.
_EXACT_DIGITS = 15


class FigureError(ValueError):
    """The figure ledger, or one figure in it, cannot be used; the message is one line."""


@dataclass(frozen=True)
class Figure:
    """One published number; `value` is its text as published, because that carries the precision.

    `comparator` is `equal`, `about`, `over`, `at_least` or `up_to`.
    """

    report_id: str
    figure_id: str
    subject_zh: str
    subject_en: str
    value: str
    unit: str
    comparator: str

    def __str__(self) -> str:
        """Write the figure as the report puts it, such as `3463 wan_jobs` or `over 400 firms`."""
        comparator = "" if self.comparator == "equal" else f"{self.comparator} "
        return f"{comparator}{self.value} {self.unit}"


@dataclass(frozen=True)
class Bounds:
    """An interval of x; a strict bound is itself outside, a bound of None is absent."""

    min_value: Decimal | None
    max_value: Decimal | None
    is_strict_min: bool
    is_strict_max: bool

    def __str__(self) -> str:
        """Write the interval as an inequality, such as `372.85 <= x < 372.95`."""
        text = "x"
        if self.min_value is not None:
            text = f"{self.min_value:f} {'<' if self.is_strict_min else '<='} {text}"
        if self.max_value is not None:
            text = f"{text} {'<' if self.is_strict_max else '<='} {self.max_value:f}"
        return text


def read_figures(ledger: pd.DataFrame) -> dict[FigureKey, Figure]:
    """Read the figure ledger by report and figure, columns `FIGURE_COLUMNS` as text.

    A missing text reads as empty; whether a value is usable is asked when it is pinned.

    Raises FigureError if a column is missing, is not text, or a key repeats. Numbers are
    refused because 540 and 540.0, once typed, no longer say how precisely they were published.
    """
    for column in FIGURE_COLUMNS:
        if column not in ledger.columns:
            raise FigureError(f"figure ledger has no column {column!r}")
        if not ledger[column].dropna().map(lambda cell: isinstance(cell, str)).all():
            raise FigureError(f"figure ledger column {column!r} must hold text as published")
    rows = ledger[list(FIGURE_COLUMNS)].fillna("").itertuples(index=False, name=None)
    figures: dict[FigureKey, Figure] = {}
    for row in rows:
        figure = Figure(*row)
        key = figure.report_id, figure.figure_id
        if key in figures:
            raise FigureError(f"figure ledger repeats {' '.join(key)!r}")
        figures[key] = figure
    return figures


def published_bounds(figure: Figure) -> Bounds:
    """Give the values that agree with a figure at the precision it was published.

    For `equal` and `about` these are the values x that round to the published p. Rounding is
    half up, away from zero for negative numbers, as in DuckDB's `round` and in Excel. With h
    half a unit of the last published digit:

        p > 0: p - h <= x < p + h      p < 0: p - h < x <= p + h      p = 0: -h < x < h

    `about` gets no slack beyond that, since the report does not say how much it would mean.
    `over` is x > p, `at_least` is x >= p and `up_to` is x <= p.

    Raises FigureError if the value is not a plain decimal number, has more digits than a double
    tells apart, or the comparator is unknown.
    """
    if not _NUMBER.fullmatch(figure.value):
        raise FigureError(f"published value {figure.value!r} is not a plain decimal number")
    published = Decimal(figure.value)
    half_unit = Decimal(5).scaleb(int(published.as_tuple().exponent) - 1)
    low, high = published - half_unit, published + half_unit
    if max(len(bound.as_tuple().digits) for bound in (low, high)) > _EXACT_DIGITS:
        raise FigureError(f"published value {figure.value!r} has too many digits to compare")
    match figure.comparator:
        case "equal" | "about":
            return Bounds(low, high, is_strict_min=published <= 0, is_strict_max=published >= 0)
        case "over":
            return Bounds(published, None, is_strict_min=True, is_strict_max=False)
        case "at_least":
            return Bounds(published, None, is_strict_min=False, is_strict_max=False)
        case "up_to":
            return Bounds(None, published, is_strict_min=False, is_strict_max=False)
        case _:
            raise FigureError(f"comparator {figure.comparator!r} is unknown")
