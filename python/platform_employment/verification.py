"""How the numbers of a report were verified, in a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

QUERY = """
    select * from audit.aud_verification_counts where report_id = ? order by status_rank
"""


def sentence_en(counts: Sequence[Mapping[str, Any]]) -> str:
    """Return in English how the numbers of one report were verified.

    counts: its rows of `aud_verification_counts` in the order of their rank. Numbers that the
    calculation takes or gives are listed, the others are counted. Independent equations are
    counted with the owners of their data.
    """
    calculated = [row for row in counts if row["calculated_numbers"]]
    total = sum(row["calculated_numbers"] for row in calculated)
    parts = [
        f"{row['calculated_numbers']} {_be(row['calculated_numbers'])} {row['phrase_en']}"
        f" ({row['printed_numbers_en']})"
        for row in calculated
    ]
    others = [(row["numbers"] - row["calculated_numbers"], row["phrase_en"]) for row in counts]
    others = [(number, phrase) for number, phrase in others if number]
    rest = sum(number for number, _ in others)
    more = ", ".join(f"{number} {_be(number)} {phrase}" for number, phrase in others)
    if not calculated and not rest:
        return "It has no numbers."
    sentences = [
        f"Of {total} {_numbers(total)} of the calculation {', '.join(parts)}."
        if calculated
        else "No number of it is calculated."
    ]
    if rest:
        sentences.append(f"Of {rest} further {_numbers(rest)} {more}.")
    equations = [row for row in counts if row["independent_equations"]]
    number = sum(row["independent_equations"] for row in equations)
    owners = "; ".join(
        f"{row['independent_equations']} {row['name_en']}, data of {row['equation_owners']}"
        for row in equations
    )
    sentences.append(
        f"Independent equations that test them: {number}{f' ({owners})' if owners else ''}."
    )
    return " ".join(sentences)


def sentence_zh(counts: Sequence[Mapping[str, Any]]) -> str:
    """The same in Chinese."""
    calculated = [row for row in counts if row["calculated_numbers"]]
    total = sum(row["calculated_numbers"] for row in calculated)
    parts = [
        f"{row['phrase_zh']}{row['calculated_numbers']}个（{row['printed_numbers_zh']}）"
        for row in calculated
    ]
    others = [(row["numbers"] - row["calculated_numbers"], row["phrase_zh"]) for row in counts]
    others = [(number, phrase) for number, phrase in others if number]
    rest = sum(number for number, _ in others)
    more = "，".join(f"{phrase}{number}个" for number, phrase in others)
    if not calculated and not rest:
        return "没有数字。"
    sentences = [
        f"计算中的{total}个数字：{'，'.join(parts)}。" if calculated else "没有进入计算的数字。"
    ]
    if rest:
        sentences.append(f"其余{rest}个数字：{more}。")
    equations = [row for row in counts if row["independent_equations"]]
    number = sum(row["independent_equations"] for row in equations)
    owners = "；".join(
        f"{row['name_zh']}{row['independent_equations']}个，数据来自{row['equation_owners']}"
        for row in equations
    )
    sentences.append(f"检验这些数字的独立等式：{number}个{f'（{owners}）' if owners else ''}。")
    return "".join(sentences)


def _be(count: int) -> str:
    return "is" if count == 1 else "are"


def _numbers(count: int) -> str:
    return "number" if count == 1 else "numbers"
