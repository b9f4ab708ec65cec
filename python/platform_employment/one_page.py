"""One side of A4 on a report: its claim, four stages, benchmarks, what may be said and what not.

Numbers, sentences and answers belong to the marts. Ranges are drawn from end to end without a
mark in the middle; the net range is a scenario and stands with the names of its options.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from platform_employment.assessment import ANSWER_WORDS, ANSWERS, Reader, Row
from platform_employment.formatting import DIGITS, significant, significant_digits
from platform_employment.names import chinese_name
from platform_employment.quantities import amount_of
from platform_employment.words import COMPARATORS, COUNTED_NOUNS, STAGES, BilingualText, sentence

REPORT = """
    select
        reports.*, totals.unit_counted, platforms.name_zh as platform_zh,
        platforms.name_en as platform_en, sources.author
    from marts.dim_reports as reports
    inner join marts.report_totals as totals using (report_id)
    inner join marts.dim_platforms as platforms on reports.platform_id = platforms.platform_id
    left join marts.dim_sources as sources on reports.source_id = sources.source_id
    where reports.report_id = ?
"""
STAGE_ROWS = """
    select stages.*, units.scale, units.dimension
    from marts.fct_stages as stages
    left join marts.dim_units as units using (unit)
    where report_id = ? and option_set = 'default' and part = '-'
    order by stage_order
"""
STATEMENTS = """
    select * from marts.fct_stage_statements where report_id = ? order by sort_order
"""
BENCHMARKS = """
    select benchmarks.*, units.scale, units.dimension
    from marts.fct_benchmarks as benchmarks
    inner join marts.dim_units as units using (unit)
    where report_id = ? and owner_kind is not null and units.dimension in ('persons', 'jobs')
    order by sort_order
"""
# the upper end of one job for each person is the number of persons as printed
PERSONS = """
    select stages.high, units.scale
    from marts.fct_stages as stages
    inner join marts.dim_units as units using (unit)
    where report_id = ? and stage = 'once' and option_set = 'default' and part = 'persons'
"""
_ASKED = ("unit", "parts_once", "counterfactual", "displacement", "funder")
_REQUESTS = (
    BilingualText(
        "有收入者按天数与收入分组的人数",
        "the number of earners by days and by pay, in bands",
    ),
    BilingualText(
        "一项调查：此前的工作、在其他平台的收入，附样本与回收率",
        "a survey on the job before and on other platforms, with sample and response rate",
    ),
    BilingualText("一年内付给有收入者的总额", "what was paid to earners in a year"),
)
_BENCHMARKS, _WIDTH = 3, 40
# of a total: it is calculated again from parts, so it has more than were printed
_PRINTED_DIGITS = 4
_MARKS = {"as_printed": "□", "conditional_bounds": "▒", "scenario": "╱"}


class Bar(NamedTuple):
    """A stage: its name, its ends as text, where it starts and ends, and what kind it is."""

    name: BilingualText
    text: BilingualText
    start: float
    end: float
    kind: str

    @property
    def label(self) -> BilingualText:
        """Name and ends in one text."""
        return BilingualText(f"{self.name.zh}：{self.text.zh}", f"{self.name.en}: {self.text.en}")


class Block(NamedTuple):
    """One part of the page: a heading, bars and lines."""

    title: BilingualText
    bars: tuple[Bar, ...]
    lines: tuple[BilingualText, ...]


def blocks(read: Reader, report_id: str) -> tuple[BilingualText, tuple[Block, ...]]:
    """Return the title of the page and its parts, from the top to the bottom."""
    (report,) = read(REPORT, report_id)
    stages = read(STAGE_ROWS, report_id)
    statements = [
        BilingualText(row["text_zh"], row["text_en"]) for row in read(STATEMENTS, report_id)
    ]
    answers = {row["question_id"]: row for row in read(ANSWERS, report_id)}
    gross = stages[0]
    amount = _range(gross)
    author = report["author"] or report["publisher"]
    paid = answers["funder"]
    claim = (
        BilingualText(
            f"{amount.zh}；截至{report['window_end']}的十二个月；作者：{chinese_name(author)}",
            f"{amount.en}; twelve months to {report['window_end']}; author: {author}",
        ),
        BilingualText(f"由谁出资：{paid['text_zh']}", f"Who paid: {paid['text_en']}"),
    )
    all_blocks = (
        Block(BilingualText("报告的说法", "The claim"), (), claim),
        Block(BilingualText("四个阶段，同一把尺", "Four stages on one scale"), _bars(stages), ()),
        Block(BilingualText("由此可以说", "What follows"), (), tuple(statements)),
        Block(BilingualText("参照数", "Benchmarks"), (), tuple(_benchmarks(read, report_id))),
        Block(BilingualText("五个回答", "Five answers"), (), tuple(_answers(answers))),
        Block(BilingualText("什么数据会改变它", "What would change this"), (), _REQUESTS),
        Block(
            BilingualText("怎么说", "What to say"),
            (),
            _sayings(report, amount, read(PERSONS, report_id)),
        ),
    )
    shown = tuple(block for block in all_blocks if block.bars or block.lines)
    return BilingualText(report["title_zh"], report["title_en"]), shown


def render(title: BilingualText, found: Sequence[Block], language: str) -> str:
    """Return the page as text for a terminal."""
    lines = [title.of(language)]
    for block in found:
        lines += ["", block.title.of(language)]
        for bar in block.bars:
            start, end = round(bar.start * _WIDTH), max(round(bar.end * _WIDTH), 1)
            drawn = " " * min(start, end - 1) + _MARKS.get(bar.kind, "") * max(end - start, 1)
            lines.append(f"  {drawn:<{_WIDTH}}  {bar.label.of(language)}")
        lines += [f"  - {line.of(language)}" for line in block.lines]
    return "\n".join(lines)


def render_html(
    title: BilingualText, found: Sequence[Block], language: str, home: tuple[str, str] | None = None
) -> str:
    """Return the page as one file of HTML that prints on one side of A4 and loads nothing.

    Parameters
    ----------
    home
        Address and text of a link to the page of the report, which is not printed.
    """
    parts = []
    for block in found:
        parts.append(f"<h2>{html.escape(block.title.of(language))}</h2>")
        for bar in block.bars:
            left, width = 100 * bar.start, max(100 * (bar.end - bar.start), 0.4)
            drawn = (
                f'<rect class="{bar.kind}" x="{left:.2f}%" width="{width:.2f}%" height="12"/>'
                if bar.kind in _MARKS
                else ""
            )
            parts.append(
                f'<div class="bar"><span>{html.escape(bar.label.of(language))}</span>'
                f'<svg width="100%" height="12" aria-hidden="true">{drawn}</svg></div>'
            )
        if block.lines:
            items = "".join(f"<li>{html.escape(line.of(language))}</li>" for line in block.lines)
            parts.append(f"<ul>{items}</ul>")
    name = html.escape(title.of(language))
    link = (
        f'<p class="home"><a href="{html.escape(home[0])}">{html.escape(home[1])}</a></p>'
        if home
        else ""
    )
    code = {"zh": "zh-CN"}.get(language, language)
    return (
        f'<!doctype html>\n<html lang="{code}"><head><meta charset="utf-8">{_POLICY}'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="icon" href="data:,"><title>{name}</title><style>{_STYLE}</style></head>'
        f"<body><main>{link}{_HATCH}<h1>{name}</h1>{''.join(parts)}</main></body></html>\n"
    )


_POLICY = (
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\';'
    " style-src 'unsafe-inline'; img-src data:\">"
)
_HATCH = (
    '<svg width="0" height="0" aria-hidden="true"><defs><pattern id="hatch" width="6" height="6"'
    ' patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="2" height="6"'
    ' fill="#132f57"/></pattern></defs></svg>'
)
_STYLE = (
    "@page{size:A4;margin:10mm 12mm}body{font:9pt/1.3 sans-serif;max-width:186mm;margin:auto}"
    "h1{font-size:14pt;margin:0}h2{font-size:10.5pt;margin:7pt 0 2pt}ul{margin:0;padding-left:14pt}"
    # fill means checked, here as on every page: outline as printed, hatched from assumptions
    ".bar{margin:2pt 0}.bar svg{display:block;overflow:visible}a{color:inherit}"
    ".as_printed{fill:#fff;stroke:#132f57;stroke-width:1.5}"
    ".conditional_bounds{fill:url(#hatch);stroke:#132f57}"
    ".scenario{fill:url(#hatch);stroke:#132f57;stroke-dasharray:4 3}"
    ".home{margin:0 0 6pt}@media print{.home{display:none}}"
    "@media screen{body{padding:16px 18px 40px;font-size:15px;line-height:1.5}"
    "h1{font-size:24px;line-height:1.3}h2{font-size:17px;margin:18px 0 4px}.bar{margin:6px 0}}"
)


def _bars(stages: Sequence[Row]) -> tuple[Bar, ...]:
    top = max((row["high"] for row in stages if row["high"] is not None), default=Decimal(1))
    bars = []
    for row in stages:
        if row["low"] is None:
            # the reason is among the statements
            text = BilingualText("无法得出", "not available")
            bars.append(Bar(STAGES[row["stage"]], text, 0.0, 0.0, row["range_kind"]))
            continue
        start = 0.0 if row["stage"] == "gross" else float(row["low"] / top)
        bars.append(
            Bar(
                STAGES[row["stage"]],
                _range(row),
                start,
                float(row["high"] / top),
                row["range_kind"],
            )
        )
    return tuple(bars)


def _range(row: Row) -> BilingualText:
    """Return the ends of a stage with their noun, or the printed number with its word of bound."""
    if row["low"] == row["high"]:
        # the sum of a part that is `over` is `at_least`
        comparator = "over" if row["comparator"] == "at_least" else row["comparator"]
        digits = _PRINTED_DIGITS if row["stage"] == "gross" else DIGITS
        return _count(significant(row["high"], digits), row, comparator)
    # its upper end follows from a printed number that is itself a bound
    is_open = row["comparator"] in ("over", "at_least")
    note = ("（其上端依所载的下限）", ", from a printed lower bound") if is_open else ("", "")
    low, high = (amount_of(row[end] * row["scale"]) for end in ("low", "high"))
    noun = COUNTED_NOUNS[row["dimension"]]
    return BilingualText(
        f"{low.zh}至{high.zh}{noun.zh}{note[0]}", f"{low.en} to {high.en} {noun.en}{note[1]}"
    )


def _count(value: Decimal, row: Row, comparator: str, digits: int | None = None) -> BilingualText:
    """Return a number in the unit of a row with its noun and the word of its bound."""
    amount, noun = amount_of(value * row["scale"], digits), COUNTED_NOUNS[row["dimension"]]
    bound = COMPARATORS.get(comparator, BilingualText("", ""))
    return BilingualText(
        f"{bound.zh}{amount.zh}{noun.zh}", f"{bound.en} {amount.en} {noun.en}".lstrip()
    )


def _benchmarks(read: Reader, report_id: str) -> list[BilingualText]:
    lines = []
    for row in read(BENCHMARKS, report_id)[:_BENCHMARKS]:
        # never more digits than the source prints
        digits = min(DIGITS, significant_digits(row["value"]))
        count = _count(row["value"], row, row["comparator"], digits)
        lines.append(
            BilingualText(
                f"{row['name_zh']}：{count.zh}（{row['definition_zh']}）",
                f"{row['name_en']}: {count.en} ({row['definition_en']})",
            )
        )
    return lines


def _answers(answers: dict[str, Row]) -> list[BilingualText]:
    lines = []
    for question in _ASKED:
        row = answers[question]
        if row["answer"] in ("not_found", "unanswered"):
            lines.append(
                BilingualText(
                    f"{row['question_zh']}{row['text_zh']}",
                    f"{row['question_en']} {sentence(row['text_en'])}.",
                )
            )
            continue
        zh, en = ANSWER_WORDS[row["answer"]]
        lines.append(
            BilingualText(
                f"{row['question_zh']}{zh}。{row['text_zh']}",
                f"{row['question_en']} {en.capitalize()}: {row['text_en']}.",
            )
        )
    return lines


def _sayings(
    report: Row, amount: BilingualText, persons: Sequence[Row]
) -> tuple[BilingualText, ...]:
    """Return what not to say of a total, and what its parts allow."""
    not_to_say = BilingualText(
        f"不要说：{report['platform_zh']}创造了{amount.zh}。",
        f"Do not say: {report['platform_en']} created {amount.en}.",
    )
    if not persons:
        return not_to_say, BilingualText(
            f"可以说：该报告把{amount.zh}与{report['platform_zh']}联系在一起。",
            f"May be said: the report connects {amount.en} with {report['platform_en']}.",
        )
    number = amount_of(persons[0]["high"] * persons[0]["scale"], None)
    return not_to_say, BilingualText(
        f"可以说：一年中有{number.zh}人在{report['platform_zh']}有过收入。",
        f"May be said: {number.en} people had some income on {report['platform_en']} in a year.",
    )
