"""How strong the checks of a report's numbers are, in a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

QUERY = """
    select * from audit.aud_strength_counts where report_id = ? order by strength_rank
"""


def sentence_en(counts: Sequence[Mapping[str, Any]]) -> str:
    """Say in English how strong the checks of the numbers of one report are.

    counts: its rows of `aud_strength_counts`, strongest first. Numbers that the calculation takes
    or gives are named, of the others there is a count.
    """
    calculated = [row for row in counts if row["calculated_numbers"]]
    total = sum(row["calculated_numbers"] for row in calculated)
    parts = [
        f"{row['calculated_numbers']} {_be(row['calculated_numbers'])} {row['phrase_en']}"
        f" ({row['printed_numbers_en']})"
        for row in calculated
    ]
    rest = sum(row["numbers"] - row["calculated_numbers"] for row in counts)
    more = [f"{rest} further {_numbers(rest)} {_be(rest)} unchecked"] if rest else []
    if not calculated:
        return f"No number of it is calculated; {more[0]}." if more else "It has no numbers."
    said = "; ".join([", ".join(parts), *more])
    return f"Of {total} {_numbers(total)} of the calculation {said}."


def sentence_zh(counts: Sequence[Mapping[str, Any]]) -> str:
    """The same in Chinese."""
    calculated = [row for row in counts if row["calculated_numbers"]]
    total = sum(row["calculated_numbers"] for row in calculated)
    parts = [
        f"{row['phrase_zh']}{row['calculated_numbers']}个（{row['printed_numbers_zh']}）"
        for row in calculated
    ]
    rest = sum(row["numbers"] - row["calculated_numbers"] for row in counts)
    more = [f"另有{rest}个数字未核对"] if rest else []
    if not calculated:
        return f"没有进入计算的数字；{more[0]}。" if more else "没有数字。"
    return f"计算中的{total}个数字：{'；'.join(['，'.join(parts), *more])}。"


def _be(count: int) -> str:
    return "is" if count == 1 else "are"


def _numbers(count: int) -> str:
    return "number" if count == 1 else "numbers"
