"""How the numbers of a report were verified, in a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]
# how many numbers or equations a row counts, and the row
Group = list[tuple[int, Row]]

QUERY = """
    select * from audit.aud_verification_counts where report_id = ? order by status_rank
"""


def sentence_en(counts: Sequence[Row]) -> str:
    """Return in English how the numbers of one report were verified.

    Numbers that the calculation takes or gives are listed, the others are counted. Independent
    equations are counted with the owners of their data.

    Parameters
    ----------
    counts
        Rows of `aud_verification_counts` of the report, in the order of their rank.
    """
    calculated, further, equations = _groups(counts)
    if not calculated and not further:
        return "It has no numbers."
    sentences = []
    if calculated:
        parts = ", ".join(
            f"{n} {_be(n)} {row['phrase_en']} ({row['printed_numbers_en']})"
            for n, row in calculated
        )
        total = _total(calculated)
        sentences.append(f"Of {total} {_numbers(total)} of the calculation {parts}.")
    else:
        sentences.append("No number of it is calculated.")
    if further:
        parts = ", ".join(f"{n} {_be(n)} {row['phrase_en']}" for n, row in further)
        rest = _total(further)
        sentences.append(f"Of {rest} further {_numbers(rest)} {parts}.")
    owners = "; ".join(
        f"{n} {row['name_en']}, data of {row['equation_owners']}" for n, row in equations
    )
    sentences.append(
        "Independent equations that test them: "
        f"{_total(equations)}{f' ({owners})' if owners else ''}."
    )
    return " ".join(sentences)


def sentence_zh(counts: Sequence[Row]) -> str:
    """Return the same in Chinese."""
    calculated, further, equations = _groups(counts)
    if not calculated and not further:
        return "没有数字。"
    sentences = []
    if calculated:
        parts = "，".join(
            f"{row['phrase_zh']}{n}个（{row['printed_numbers_zh']}）" for n, row in calculated
        )
        sentences.append(f"计算中的{_total(calculated)}个数字：{parts}。")
    else:
        sentences.append("没有进入计算的数字。")
    if further:
        parts = "，".join(f"{row['phrase_zh']}{n}个" for n, row in further)
        sentences.append(f"其余{_total(further)}个数字：{parts}。")
    owners = "；".join(
        f"{row['name_zh']}{n}个，数据来自{row['equation_owners']}" for n, row in equations
    )
    sentences.append(
        f"检验这些数字的独立等式：{_total(equations)}个{f'（{owners}）' if owners else ''}。"
    )
    return "".join(sentences)


def _groups(counts: Sequence[Row]) -> tuple[Group, Group, Group]:
    """Return numbers of the calculation, further numbers and independent equations by status."""
    calculated = [(row["calculated_numbers"], row) for row in counts]
    further = [(row["numbers"] - row["calculated_numbers"], row) for row in counts]
    equations = [(row["independent_equations"], row) for row in counts]
    return _counted(calculated), _counted(further), _counted(equations)


def _counted(group: Group) -> Group:
    return [(n, row) for n, row in group if n]


def _total(group: Group) -> int:
    return sum(n for n, _ in group)


def _be(count: int) -> str:
    return "is" if count == 1 else "are"


def _numbers(count: int) -> str:
    return "number" if count == 1 else "numbers"
