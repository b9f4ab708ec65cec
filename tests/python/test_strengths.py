"""How strong the check of each number of the shipped reports is, told by hand.

The sums that the numbers are checked with are done here in exact fractions.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction

import duckdb
import pytest
from conftest import PROJECT_DIR, Project

# by hand, from the text of each report and what is disclosed elsewhere
BY_HAND: Mapping[str, Mapping[str, set[str]]] = {
    "kuaishou_2022": {
        "tested": {"1.475", "4397", "1771"},
        "arithmetic": {"6168", "922.9", "1463", "3463"},
        "circular": {"372.9"},
        "given": {"7.823", "0.059", "-0.0000024", "2000", "540", "400"},
        "assumed": {"4"},
    },
    "kuaishou_2024": {"arithmetic": {"4320"}, "given": {"2300", "573", "1447"}},
    "taobao_2017": {"arithmetic": {"2276", "3681"}, "given": {"1405", "1.62"}},
    "taobao_2018": {"arithmetic": {"2524", "4082"}, "given": {"1558", "1.62"}},
}
HALF = Fraction(1, 2)


def found(database: str) -> dict[str, dict[str, set[str]]]:
    """Numbers of the calculation by report and strength."""
    with duckdb.connect(database, read_only=True) as connection:
        rows = connection.execute(
            "select report_id, strength, published_value from audit.aud_figure_reconciliation"
            " where figure_id = number_id and relation is not null and strength is not null"
        ).fetchall()
    numbers: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for report_id, strength, value in rows:
        numbers[report_id][strength].add(f"{value.normalize():f}")
    return {report_id: dict(strengths) for report_id, strengths in numbers.items()}


def test_strengths_are_those_told_by_hand(built_project: Project) -> None:
    assert found(str(built_project.database)) == BY_HAND


def test_what_is_tested_agrees_with_outside_data() -> None:
    with (PROJECT_DIR / "seeds/platform/gmv_disclosures.csv").open(encoding="utf-8") as file:
        gmv = {row["disclosure_id"]: row for row in csv.DictReader(file)}

    def half_width_and_difference(whole: str, rest: str) -> tuple[Fraction, Fraction]:
        assert "ruc_2022" not in (gmv[whole]["source_id"], gmv[rest]["source_id"])
        value, width = (
            [Fraction(gmv[name][column]) for name in (whole, rest)]
            for column in ("gmv_yi_yuan", "half_width_yi_yuan")
        )
        return sum(width, Fraction()), value[0] - value[1]

    width, nine_months = half_width_and_difference("kuaishou_2021fy", "kuaishou_2021q4")
    assert [width, nine_months] == [1, 4397]
    width, quarter = half_width_and_difference("kuaishou_2020fy", "kuaishou_2020_9m")
    assert [width, quarter] == [Fraction(13, 2), 1772]
    assert abs(quarter - 1771) <= width + HALF


def test_arithmetic_holds_between_printed_numbers() -> None:
    merchants, ratio = Fraction("372.9"), Fraction("1.475")
    assert 1771 + 4397 == 6168
    assert abs(merchants * (1 + ratio) - Fraction("922.9")) <= Fraction("0.05")
    assert 923 + 540 == 1463
    assert 2000 + 1463 == 3463
    assert 2300 + 573 + 1447 == 4320
    for direct, indirect, total in ((1405, 2276, 3681), (1558, 2524, 4082)):
        assert abs(direct * Fraction("1.62") - indirect) <= HALF
        assert direct + indirect == total


@pytest.mark.parametrize("report_id", sorted(BY_HAND))
def test_lengths_of_lists_ranks_and_ordinals_have_no_strength(
    built_project: Project, report_id: str
) -> None:
    with duckdb.connect(str(built_project.database), read_only=True) as connection:
        units = connection.execute(
            "select unit, bool_or(strength is null), bool_or(strength is not null)"
            " from audit.aud_figure_reconciliation where report_id = ? group by unit",
            [report_id],
        ).fetchall()
    apart = {"count", "rank", "ordinal", "degree"}
    for unit, without, having in units:
        assert (without, having) == (unit in apart, unit not in apart), unit
