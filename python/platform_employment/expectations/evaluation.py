"""Turn a suite and a frame into checks: what to ask of the frame, in order.

The checks that hold for every table come first: it has rows; and in each row the key is unique,
values are present and numbers are finite. The second one and each pin look at a column that is
added to the frame: what is wrong with the row, or the pinned value in its row alone.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from platform_employment.expectations.figures import (
    Bounds,
    Figure,
    FigureError,
    FigureKey,
    published_bounds,
)
from platform_employment.expectations.suite import Expectation, Suite

MAX_FAILING_KEYS = 20

# The spaces keep the added columns apart from a table's own.
_DEFECTS_COLUMN = "defects of the row"
_PINNED_COLUMN = "value of pin"
_PIN_TYPE = "expect_column_values_to_be_between"


@dataclass(frozen=True)
class Outcome:
    """What came of a check."""

    observed: str
    is_success: bool = False
    evaluated_rows: int = 0
    unexpected_count: int = 0
    failing_keys: Sequence[Mapping[Any, Any]] = ()
    exception: str | None = None


@dataclass(frozen=True)
class Check:
    """A question to Great Expectations (`type`, `kwargs`), or a failure that is already certain.

    `place` says where to look, `column` is the table's own column. A pin also has its figure, what
    the report publishes and, if there is a number, what this build gives.
    """

    type: str
    kwargs: Mapping[str, Any]
    place: str
    subject_zh: str
    subject_en: str
    expected: str
    column: str | None = None
    report_id: str | None = None
    figure_id: str | None = None
    published: str | None = None
    pinned_value: str | None = None
    failure: Outcome | None = None

    def message(self, observed: str) -> str:
        """Say in one line what was expected and what was observed."""
        if self.published is not None:
            return f"{self.place}: report publishes {self.published}, this build gives {observed}"
        return f"{self.place}: {self.subject_en}: expected {self.expected}, observed {observed}"


def plan_checks(
    suite: Suite, frame: pd.DataFrame, figures: Mapping[FigureKey, Figure]
) -> tuple[pd.DataFrame, list[Check]]:
    """Give the frame, rows in the order of their keys and columns added, and the checks on it."""
    frame = _prepare(frame, suite.unique_key)
    checks = _common_checks(suite, frame)
    checks += [_expectation_check(entry, suite) for entry in suite.expectations]
    added = {_DEFECTS_COLUMN: _defects(frame, suite)}
    for number, row in enumerate(_pinned_rows(suite, frame), start=1):
        name = f"{_PINNED_COLUMN} {number}"
        added[name], check = _pin_check(row, name, suite, frame, figures)
        checks.append(check)
    return frame.assign(**added), checks


def key_columns(frame: pd.DataFrame, unique_key: Sequence[str]) -> list[str]:
    """Give the columns of the key that the frame has."""
    return [name for name in unique_key if name in frame.columns]


def plain(value: Any) -> Any:
    """Give a value, or a collection of values, as JSON knows it.

    A date becomes its ISO text, a missing value None, an infinite one its text.
    """
    if isinstance(value, Mapping):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple | set):
        return [plain(item) for item in value]
    if isinstance(value, np.generic):
        value = value.item()
    if value is pd.NA or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, datetime):
        return value.isoformat().removesuffix("T00:00:00")
    if value is None or isinstance(value, str | int | float):
        return str(value) if value in (math.inf, -math.inf) else value
    return str(value)


def _prepare(frame: pd.DataFrame, unique_key: Sequence[str]) -> pd.DataFrame:
    """Bring numbers that may be missing to float64 and rows into the order of their keys."""
    numbers = {
        str(name): column.map(float, na_action="ignore").astype("float64")
        for name, column in frame.items()
        if _is_nullable_integer(column) or _holds_decimals(column)
    }
    frame = frame.assign(**numbers)
    if keys := key_columns(frame, unique_key):
        frame = frame.sort_values(keys, key=lambda column: column.astype(str), kind="stable")
    return frame.reset_index(drop=True)


def _is_nullable_integer(column: pd.Series[Any]) -> bool:
    # Great Expectations fails on pandas' own missing value, pd.NA.
    return isinstance(column.dtype, pd.api.extensions.ExtensionDtype) and (
        pd.api.types.is_integer_dtype(column)
    )


def _holds_decimals(column: pd.Series[Any]) -> bool:
    if column.dtype != object:
        return False
    kinds = {type(value) for value in column.dropna()}
    return Decimal in kinds and kinds <= {Decimal, int, float}


def _defects(frame: pd.DataFrame, suite: Suite) -> pd.Series[Any]:
    """Say what is wrong with each row by itself; None where nothing is."""
    texts: list[list[str]] = [[] for _ in range(len(frame))]
    if keys := key_columns(frame, suite.unique_key):
        for row in np.flatnonzero(frame.duplicated(keys, keep=False)):
            texts[row].append("key is repeated")
    for name, column in frame.items():
        if name not in suite.nullable:
            for row in np.flatnonzero(column.isna()):
                texts[row].append(f"{name} is missing")
        if pd.api.types.is_float_dtype(column):
            for row in np.flatnonzero(np.isinf(column.to_numpy(dtype=float, na_value=math.nan))):
                texts[row].append(f"{name} is not finite")
    return pd.Series([", ".join(text) or None for text in texts], frame.index, dtype=object)


def _common_checks(suite: Suite, frame: pd.DataFrame) -> list[Check]:
    """Ask what every table must pass; one question for all defects, because each costs time."""
    unknown = [name for name in suite.unique_key + suite.nullable if name not in frame.columns]
    exempt = f" except in {', '.join(suite.nullable)}" if suite.nullable else ""
    return [
        Check(
            type="expect_table_row_count_to_be_between",
            kwargs={"min_value": 1},
            place=suite.table_name,
            subject_zh="表不为空",
            subject_en="the table has rows",
            expected="at least 1 row",
        ),
        Check(
            type="expect_column_values_to_be_null",
            kwargs={"column": _DEFECTS_COLUMN},
            place=suite.table_name,
            subject_zh="每行有唯一的键，取值齐全，数字有限",
            subject_en="rows have a key of their own, values and finite numbers",
            expected=f"unique {', '.join(suite.unique_key)}, no value missing{exempt}, "
            "no infinite number",
            failure=Outcome(observed=f"no column {', '.join(unknown)}") if unknown else None,
        ),
    ]


def _expectation_check(expectation: Expectation, suite: Suite) -> Check:
    column = expectation.kwargs.get("column")
    arguments = ", ".join(
        f"{name}={plain(value)}" for name, value in expectation.kwargs.items() if name != "column"
    )
    words = expectation.type.removeprefix("expect_").replace("_", " ")
    return Check(
        type=expectation.type,
        kwargs=expectation.kwargs,
        place=f"{suite.table_name}.{column}" if column else suite.table_name,
        subject_zh=expectation.subject_zh,
        subject_en=expectation.subject_en,
        expected=f"{words} ({arguments})" if arguments else words,
        column=column,
    )


def _pinned_rows(suite: Suite, frame: pd.DataFrame) -> list[int]:
    """Find the rows that are pinned."""
    if suite.pins is None:
        return []
    return [int(row) for row in np.flatnonzero(frame[suite.pins.rows].fillna(False).astype(bool))]


def _pin_check(
    row: int,
    name: str,
    suite: Suite,
    frame: pd.DataFrame,
    figures: Mapping[FigureKey, Figure],
) -> tuple[pd.Series[Any], Check]:
    """Give the column to add under `name` and the check on it."""
    assert suite.pins is not None
    column = suite.pins.column
    values = pd.Series(math.nan, index=frame.index, dtype="float64")
    report_id, figure_id = (str(frame[part][row]) for part in ("report_id", "figure_id"))
    check = Check(
        type=_PIN_TYPE,
        kwargs={},
        place=f"{report_id} {figure_id}: {suite.table_name}.{column}",
        subject_zh="与报告一致",
        subject_en="agrees with the report",
        expected="the published value",
        column=column,
        report_id=report_id,
        figure_id=figure_id,
    )
    try:
        if (report_id, figure_id) not in figures:
            raise FigureError("no such figure in the ledger")
        figure = figures[report_id, figure_id]
        bounds = published_bounds(figure)
    except FigureError as error:
        return values, replace(check, failure=Outcome(observed=str(error)))
    check = replace(
        check,
        kwargs={"column": name, **_between(bounds)},
        place=f"{report_id} {figure_id} {figure.subject_zh}",
        subject_zh=figure.subject_zh,
        subject_en=figure.subject_en,
        expected=f"{figure}: {bounds}",
        published=str(figure),
    )
    value = float(frame[column][row])
    if not math.isfinite(value):
        keys = frame.loc[[row], key_columns(frame, suite.unique_key)].to_dict("records")
        observed = "no value" if math.isnan(value) else str(value)
        outcome = Outcome(observed, evaluated_rows=1, unexpected_count=1, failing_keys=keys)
        return values, replace(check, failure=outcome)
    values[row] = value
    return values, replace(check, pinned_value=_number_text(value))


def _between(bounds: Bounds) -> dict[str, float | bool]:
    kwargs: dict[str, float | bool] = {}
    if bounds.min_value is not None:
        kwargs |= {"min_value": float(bounds.min_value), "strict_min": bounds.is_strict_min}
    if bounds.max_value is not None:
        kwargs |= {"max_value": float(bounds.max_value), "strict_max": bounds.is_strict_max}
    return kwargs


def _number_text(value: float) -> str:
    """Write a double in plain decimal notation with the fewest digits that identify it."""
    return format(Decimal(repr(value)), "f").removesuffix(".0")
