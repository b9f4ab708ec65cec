"""The command that adds a quarter of GMV."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platform_employment.add_quarter import Quarter, amount_of, append_row, compare, period_of
from platform_employment.errors import UserError


@pytest.mark.parametrize(
    ("printed", "value", "half_width"),
    [
        ("3850.44亿元", "3850.44", "0.005"),
        ("RMB385.0 billion", "3850", "0.5"),
        ("1.18万亿元", "11800", "50"),
        ("约3800亿元", "3800", "50"),
        ("about 400 billion", "4000", "500"),
        ("3,850亿元", "3850", "0.5"),
    ],
)
def test_printed_form_sets_value_and_half_width(printed: str, value: str, half_width: str) -> None:
    assert amount_of(printed) == (Decimal(value), Decimal(half_width))


@pytest.mark.parametrize(
    "printed", ["超过5000亿元", "more than 500 bn", "5000", "five", "a sentence with 500 billion"]
)
def test_bound_unit_and_sentence_are_refused(printed: str) -> None:
    with pytest.raises(UserError, match="--printed"):
        amount_of(printed)


@given(st.integers(2018, 2098), st.integers(1, 4))
def test_quarter_ends_on_last_day_of_its_third_month(year: int, quarter: int) -> None:
    label, start, end = period_of(f"{year}Q{quarter}")
    assert label == f"{year}q{quarter}"
    assert (start.month, end.month, start.day) == (3 * quarter - 2, 3 * quarter, 1)
    assert (end.toordinal() + 1) == period_of(f"{year + quarter // 4}q{quarter % 4 + 1}")[
        1
    ].toordinal()


def earlier(value: str, start: date, end: date) -> dict[str, object]:
    return {
        "disclosure_id": "a_old",
        "period_start": start,
        "period_end": end,
        "gmv_yi_yuan": Decimal(value),
        "half_width_yi_yuan": Decimal("0.5"),
    }


QUARTER = Quarter(
    "a", "2025q4", date(2025, 10, 1), date(2025, 12, 31), Decimal(5218), Decimal("0.5")
)


def test_quarter_is_compared_with_the_year_before() -> None:
    (line,) = compare(QUARTER, [earlier("4621", date(2024, 10, 1), date(2024, 12, 31))])
    assert line == "year before: 4621 亿元 (a_old), +12.9%"


def test_slip_of_units_is_refused() -> None:
    with pytest.raises(UserError, match="check the unit"):
        compare(QUARTER, [earlier("46210", date(2024, 10, 1), date(2024, 12, 31))])


def test_quarter_that_is_there_is_refused() -> None:
    with pytest.raises(UserError, match=r"5218.*agrees|agrees.*supersedes"):
        compare(QUARTER, [earlier("5218", date(2025, 10, 1), date(2025, 12, 31))])


def test_row_is_appended_below_a_last_line_without_end(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("a,b\n1,2", encoding="utf-8")
    append_row(table, ["a", "b"], {"a": "3", "b": "x, y"})
    assert table.read_text(encoding="utf-8") == 'a,b\n1,2\n3,"x, y"\n'
    with pytest.raises(UserError, match="its header"):
        append_row(table, ["a", "c"], {})
