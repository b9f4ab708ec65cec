"""How numbers are printed: three digits, half up in decimal, never more than the source prints."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platform_employment.formatting import significant
from platform_employment.quantities import (
    Unit,
    digits_of,
    in_unit,
    interval,
    quantity,
    share,
)
from platform_employment.site.formulas import line
from platform_employment.site.report import Amount

JOBS = Unit("jobs", Decimal(10_000), "万个岗位", "10 thousand jobs")
MONEY = Unit("yuan", Decimal(10**8), "亿元", "100 million yuan")
PER_JOB = Unit("yuan jobs^-1", Decimal(10_000), "万元/人", "10 thousand yuan a job")
RATIO = Unit("1", Decimal(1), "倍", "ratio")


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        ("34629275", "3460 万", "34.6 million"),
        ("51100", "5.11 万", "51.1 thousand"),
        ("64550000", "6460 万", "64.6 million"),  # half up, where a double would give 64.5
        ("64650000", "6470 万", "64.7 million"),  # and where half to even would give 64.6
        ("240000000", "2.40 亿", "240 million"),
        ("999500", "100 万", "1.00 million"),
        ("394", "394", "394"),
    ],
)
def test_counts_have_three_digits(value: str, zh: str, en: str) -> None:
    assert quantity(Decimal(value), "zh").joined("zh") == zh
    assert quantity(Decimal(value), "en").joined("en") == en


def test_no_more_digits_than_the_source_prints() -> None:
    assert quantity(Decimal(6000), "en", digits_of("6.0")).joined("en") == "6.0 thousand"
    assert digits_of("超过2000万人") == 4
    assert digits_of("about 2.7 million") == 2
    assert digits_of("1,234.5") == 5


def test_ends_that_agree_become_a_half_width() -> None:
    assert interval(Decimal(34623038), Decimal(34635513), "en").joined("en") == "± 6.24 thousand"
    assert interval(Decimal(55000), Decimal(16400000), "en").joined("en") == (
        "55.0 thousand–16.4 million"
    )
    assert interval(Decimal(13990227), Decimal(29469513), "zh").joined("zh") == "1400–2950 万"


def test_units_follow_the_language() -> None:
    assert in_unit(Decimal(6168), MONEY, "en", 4).joined("en") == "616.8 bn yuan"
    assert in_unit(Decimal(6168), MONEY, "zh", 4).joined("zh") == "6168 亿元"
    assert in_unit(Decimal("16.54"), PER_JOB, "en", 4).joined("en") == "165,400 yuan a job"
    assert share(Decimal("0.000444"), "en") == "0.0444%"
    rank = Unit("positions", Decimal(1), "位次", "rank")
    assert in_unit(Decimal(2), rank, "zh").joined("zh") == "第 2 位"
    assert in_unit(Decimal(2), rank, "en").joined("en") == "rank 2"


@given(st.decimals(min_value="0.001", max_value="1e12", allow_nan=False, places=4))
def test_rounding_is_within_half_a_digit(value: Decimal) -> None:
    rounded = significant(value)
    assert abs(rounded - value) <= abs(value) * Decimal("0.005")
    assert len(rounded.normalize().as_tuple().digits) <= 3


def test_formula_has_the_digits_that_make_it_true() -> None:
    operands = {
        "gmv": Amount(Decimal(6168), MONEY, digits=4),
        "productivity": Amount(Decimal("16.5406275141"), PER_JOB),
    }
    result = Amount(Decimal("372.9"), JOBS, digits=4)
    # with 165,000 it would give 3.74
    wanted = "616.8 bn yuan ÷ 165,400 yuan a job = 3.73 million"
    assert line("gmv / productivity", operands, result, "en") == wanted


def test_formula_that_no_digits_make_true_is_not_shown() -> None:
    operands = {"a": Amount(Decimal(2), JOBS), "b": Amount(Decimal(3), RATIO)}
    assert line("a * b", operands, Amount(Decimal(7), JOBS), "en") == ""
    assert line("min(a, b)", operands, Amount(Decimal(2), JOBS), "en") == ""
