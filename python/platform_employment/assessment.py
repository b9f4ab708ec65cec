"""The assessment of a report: what it claims, what follows, and what a referee would ask.

Lines of text in two languages from the marts of a build. Nothing is judged here: statuses,
findings and answers are read from the tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from platform_employment import verification
from platform_employment.explain.calculations import shortened
from platform_employment.formatting import DIGITS, computed, plain, significant_digits
from platform_employment.words import COMPARATORS, SEVERITIES, BilingualText

Row = Mapping[str, Any]
# a query and its values: the rows by column name
Reader = Callable[..., Sequence[Row]]

REPORTS = """
    select
        reports.*, sources.title_zh as source_zh, sources.title_en as source_en, sources.url,
        sources.reliability, components.unit_counted, platforms.name_zh as platform_zh,
        platforms.name_en as platform_en
    from marts.dim_reports as reports
    inner join marts.dim_scenarios as scenarios using (platform_id, scenario_id)
    inner join marts.dim_platforms as platforms using (platform_id)
    inner join marts.dim_components as components
        on scenarios.method_id = components.method_id
        and components.parent_component_id is null
    left join marts.dim_sources as sources on reports.source_id = sources.source_id
    where reports.report_id = ?
"""
FIGURES = """
    select
        figures.*, units.dimension, units.scale, traces.calculation,
        traces.unit = figures.unit as is_in_its_unit, steps_units.name_zh as calculated_zh,
        steps_units.name_en as calculated_en
    from audit.aud_figure_reconciliation as figures
    inner join marts.dim_units as units using (unit)
    left join (
        select * from audit.aud_traces
        -- what only hands a number on calculates nothing
        where calculation like '% %'
        qualify
            row_number() over (partition by report_id, figure_id order by step_number desc) = 1
    ) as traces
        on figures.report_id = traces.report_id and figures.figure_id = traces.figure_id
    left join marts.dim_units as steps_units on traces.unit = steps_units.unit
    where figures.report_id = ?
    order by
        coalesce(figures.headline_order, 99),
        figures.role != 'result', figures.role = 'evidence',
        figures.chapter, figures.section, figures.figure_id
"""
FINDINGS = """
    select * from audit.aud_method_findings
    where report_id = ? and severity in ('serious', 'moderate')
    order by severity = 'moderate', sort_order
"""
ANSWERS = """
    select * from marts.fct_report_answers
    where report_id = ?
    order by sort_order
"""
_MAX_UNCHECKED, _MAX_FINDINGS = 5, 5
# numbers that something is compared with, or that follow from others
_CHECKED = ("arithmetic", "corroborated", "disputed", "consistent")
# findings on what a report says against itself, or against another one on its platform
_AGAINST = {"claims", "later_report"}
_MILLIONS = {
    "jobs": "million jobs",
    "persons": "million persons",
    "fte": "million full-time equivalents",
}
# how English prints an amount that is printed in 万 or 亿, and of a large one
_SCALED = {
    "10 thousand ": (Decimal(10), "thousand ", "million "),
    "100 million ": (Decimal(100), "million ", "billion "),
}
_LARGE = 1000
_COUNTED = {
    "jobs": ("岗位", "jobs"),
    "persons": ("人", "persons"),
    "fte": ("全时当量", "full-time equivalents"),
}


# parts of the audit, in the order of their questions
PARTS = {
    "count": ("统计口径", "What is counted"),
    "net": ("净还是总", "Net or gross"),
    "multiplier": ("乘数", "Multiplier"),
    "survey": ("调查", "Survey"),
    "open": ("公开", "Openness"),
    "interest": ("利益", "Interests"),
}
ANSWER_WORDS = {
    "yes": ("是", "yes"),
    "partly": ("部分", "partly"),
    "no": ("否", "no"),
    "not_applicable": ("不适用", "not applicable"),
    "not_found": ("未找到", "not found"),
    "unanswered": ("尚未回答", "not answered yet"),
}
READ_WORDS = {
    "full_text": ("全文", "the full text"),
    "abstract": ("摘要", "an abstract"),
    "opening_of_copy": ("报告副本的开头", "the opening of a copy"),
    "opening_of_method": ("方法页的开头", "the opening of a method page"),
    "method_paper": ("方法论文", "a method paper"),
    "publisher_page": ("发布页", "pages of the publisher"),
    "news": ("报道", "news"),
}


class Section(NamedTuple):
    """One part of a sheet: a heading and lines; without lines it says that there is nothing."""

    name: str
    title: BilingualText
    lines: tuple[BilingualText, ...]


class Assessment(NamedTuple):
    """All of a report: its title, who says it and of what, and the sections in their order."""

    report_id: str
    title: BilingualText
    head: tuple[BilingualText, ...]
    sections: tuple[Section, ...]


NOTHING = BilingualText("没有", "nothing")


def sheet(read: Reader, report_id: str, digits: int | None = DIGITS) -> Assessment:
    """Return the assessment of a report; digits: of computed numbers, None for full precision."""
    (report,) = read(REPORTS, report_id)
    figures = read(FIGURES, report_id)
    numbers = [row for row in figures if row["figure_id"] == row["number_id"]]
    findings = read(FINDINGS, report_id)
    answers = read(ANSWERS, report_id)
    counts = read(verification.QUERY, report_id)
    head = (
        BilingualText(
            f"{report['source_zh']}；{report['publisher']}；平台：{report['platform_zh']}；"
            f"截至{report['window_end']}的12个月",
            f"{report['source_en']}; {report['publisher']}; platform: {report['platform_en']};"
            f" twelve months to {report['window_end']}",
        ),
        BilingualText(
            f"来源：{report['url'] or '没有地址'}（{_reliability(report)[0]}）",
            f"Source: {report['url'] or 'no address'} ({_reliability(report)[1]})",
        ),
        BilingualText(verification.sentence_zh(counts), verification.sentence_en(counts)),
    )
    disclosure = [row for row in findings if row["topic"] == "disclosure"]
    against = [row for row in findings if row["topic"] in _AGAINST]
    others = [row for row in findings if row not in disclosure and row not in against]
    sections = (
        Section(
            "claims",
            BilingualText("报告结论", "What it claims"),
            (_counted(report), *_claims(numbers, report)),
        ),
        Section(
            "arithmetic",
            BilingualText(
                "可由其他数字推算或经外部核验", "What follows by arithmetic, or is tested"
            ),
            tuple(
                _follows(row, digits)
                for row in numbers
                if row["verification_status"] in _CHECKED and row["relation"]
            ),
        ),
        Section(
            "circular",
            BilingualText("循环推算或假设", "What is circular or assumed"),
            tuple(
                _follows(row, digits)
                for row in numbers
                if row["verification_status"] in ("circular", "assumed")
            ),
        ),
        Section(
            "unchecked",
            BilingualText("未能核验的数字", "What could not be verified"),
            (*_statements(disclosure), *_given(counts), *_unchecked(numbers)),
        ),
        Section(
            "contradicted",
            BilingualText("相互矛盾", "What contradicts what"),
            (
                *(_contradicted(row, digits) for row in figures if _contradicts(row)),
                *_statements(against),
            ),
        ),
        Section(
            "referee",
            BilingualText("审稿要点", "What a referee would ask"),
            tuple(_statements(others)),
        ),
        Section(
            "answers",
            BilingualText("它怎样计数", "How it counts"),
            tuple(_answers(answers)),
        ),
    )
    return Assessment(
        report_id, BilingualText(report["title_zh"], report["title_en"]), head, sections
    )


def render(found: Assessment, language: str) -> str:
    """The sheet as text for a terminal."""
    lines = [f"{found.title.of(language)} [{found.report_id}]"]
    lines += [f"  {line.of(language)}" for line in found.head]
    for number, section in enumerate(found.sections, 1):
        lines += ["", f"{number}. {section.title.of(language)}"]
        lines += [f"  - {line.of(language)}" for line in section.lines or (NOTHING,)]
    return "\n".join(lines)


def as_rows(found: Assessment) -> Iterator[tuple[object, ...]]:
    """One row per line: report, number and name of the section (0 for the head), title, line."""
    parts = (Section("head", found.title, found.head), *found.sections)
    for number, section in enumerate(parts):
        for line in section.lines or (NOTHING,):
            yield found.report_id, number, section.name, *section.title, *line


ROW_COLUMNS = ["report_id", "section", "name", "title_zh", "title_en", "line_zh", "line_en"]


def _reliability(report: Row) -> tuple[str, str]:
    if report["reliability"] == "primary":
        return "原件或作者自己的材料", "the issuer itself"
    if report["reliability"] == "own":
        return "自有材料", "own material"
    return "转述，非原件", "second-hand, not the report itself"


def _counted(report: Row) -> BilingualText:
    unit = report["unit_counted"]
    zh, en = _COUNTED.get(unit, (unit, unit))
    return BilingualText(
        f"所计为{zh}，{'净额：已扣除被替代者' if report['is_net'] else '总额：未扣除被替代者'}",
        f"It counts {en}, {'net of' if report['is_net'] else 'gross: not net of'} those replaced",
    )


def _claims(numbers: Sequence[Row], report: Row) -> Iterator[BilingualText]:
    """The numbers that a build prints of the report, or the results if none exist."""
    shown = [row for row in numbers if row["headline_order"] is not None]
    for row in shown or [row for row in numbers if row["role"] == "result"]:
        zh, en = _printed(row)
        given = row["verification_status"] == "taken_as_printed"
        yield BilingualText(
            f"{row['subject_zh']}：{zh}{'（直接采用报告数）' if given else ''}",
            f"{row['subject_en']}: {en}{' (taken as printed)' if given else ''}",
        )
    if not numbers:
        yield BilingualText(
            f"{report['report_id']}没有数字", f"{report['report_id']} has no figures"
        )


def _follows(row: Row, digits: int | None) -> BilingualText:
    zh, en = _printed(row)
    made_zh = made_en = ""
    if row["calculation"]:
        shown = significant_digits(row["published_value"])
        text = shortened(row["calculation"], None if digits is None else max(digits, shown))
        made_zh = made_en = f" = {text}"
        if not row["is_in_its_unit"]:
            made_zh += f"（{row['calculated_zh']}）"
            made_en += f" ({row['calculated_en']})"
    outside_zh = outside_en = ""
    if row["outside_value"] is not None:
        outside = (
            f"{computed(row['outside_value'], row['published_value'], digits)}"
            f" ± {plain(row['outside_half_width'])}"
        )
        outside_zh, outside_en = f"；第三方数据为{outside}", f"; third-party data give {outside}"
    word = {
        "disputed": ("与独立来源不符", "disputed by an independent source"),
        "corroborated": ("经独立数据印证", "corroborated by independent data"),
        "consistent": ("与其他公布数字一致", "consistent with other published numbers"),
        "arithmetic": ("由其他所载数字算出", "arithmetic of other printed numbers"),
        "circular": ("循环：恒等成立", "circular: follows from its own definition"),
        "assumed": ("依据本项目的假设", "depends on what this project assumes"),
    }[row["verification_status"]]
    return BilingualText(
        f"{row['subject_zh']}：{zh}{made_zh}；{word[0]}{outside_zh}",
        f"{row['subject_en']}: {en}{made_en}; {word[1]}{outside_en}",
    )


def _given(counts: Sequence[Row]) -> Iterator[BilingualText]:
    """What the calculation takes as printed: no test of it."""
    for row in counts:
        if row["verification_status"] == "taken_as_printed" and row["calculated_numbers"]:
            yield BilingualText(
                f"直接采用报告数、未经检验的数字：{row['printed_numbers_zh']}",
                f"Numbers that are taken as printed, without a test: {row['printed_numbers_en']}",
            )


def _unchecked(numbers: Sequence[Row]) -> Iterator[BilingualText]:
    """Numbers that nothing is set next to: how many, and the first of them."""
    unchecked = [row for row in numbers if row["verification_status"] == "unchecked"]
    for row in unchecked[:_MAX_UNCHECKED]:
        zh, en = _printed(row)
        yield BilingualText(f"{row['subject_zh']}：{zh}", f"{row['subject_en']}: {en}")
    if rest := len(unchecked[_MAX_UNCHECKED:]):
        yield BilingualText(f"另有{rest}个数字", f"{rest} further numbers")


def _contradicts(row: Row) -> bool:
    """Return whether a figure differs from what it is compared with, for whatever reason."""
    return bool(row["verification_status"] == "contradicted" or row["contradicts_reference"])


def _contradicted(row: Row, digits: int | None) -> BilingualText:
    zh, en = _printed(row)
    against = [
        (name_zh, name_en, computed(row[column], row["published_value"], digits))
        for column, name_zh, name_en in (
            ("warehouse_value", "重算为", "calculated again it is"),
            ("outside_value", "第三方数据为", "third-party data give"),
            ("restated_value", "所重复的数字为", "the figure that it repeats is"),
        )
        if row[column] is not None
    ]
    reasons = (row["reason_zh"], row["reason_en"])
    return BilingualText(
        f"{row['subject_zh']}：所印{zh}；"
        + "；".join(f"{name}{value}" for name, _, value in against)
        + (f"。{reasons[0]}" if reasons[0] else ""),
        f"{row['subject_en']}: it prints {en}; "
        + "; ".join(f"{name} {value}" for _, name, value in against)
        + (f". {_sentence(reasons[1])}" if reasons[1] else ""),
    )


def _statements(findings: Sequence[Row]) -> Iterator[BilingualText]:
    """Findings, the gravest first; of many the first."""
    for row in findings[:_MAX_FINDINGS]:
        zh, en = SEVERITIES[row["severity"]]
        yield BilingualText(f"{row['statement_zh']}（{zh}）", f"{row['statement_en']} ({en})")
    if rest := len(findings[_MAX_FINDINGS:]):
        yield BilingualText(f"另有{rest}项发现", f"{rest} further findings")


def _answers(answers: Sequence[Row]) -> Iterator[BilingualText]:
    """Yield how many audit questions have an answer, and the answers by part.

    There is no score: a question without an answer is a statement about the search.
    """
    kinds = [row["answer"] for row in answers]
    missing, open_ = kinds.count("not_found"), kinds.count("unanswered")
    read = dict.fromkeys(
        word for row in answers for word in (row["what_was_read"] or "").split(", ") if word
    )
    words = [READ_WORDS.get(word, (word, word)) for word in read]
    zh = f"问{len(kinds)}项，有答案{len(kinds) - missing - open_}项，未找到{missing}项"
    en = (
        f"{len(kinds)} questions asked, {len(kinds) - missing - open_} answered,"
        f" {missing} not found"
    )
    if open_:
        zh, en = f"{zh}，尚未回答{open_}项", f"{en}, {open_} not answered yet"
    if words:
        zh += f"；读到的是{'、'.join(word for word, _ in words)}"
        en += f"; what was read: {', '.join(word for _, word in words)}"
    yield BilingualText(zh, en)
    for part, (part_zh, part_en) in PARTS.items():
        rows = [row for row in answers if row["part"] == part]
        zh = "，".join(f"{row['name_zh']} {ANSWER_WORDS[row['answer']][0]}" for row in rows)
        en = ", ".join(f"{row['name_en']} {ANSWER_WORDS[row['answer']][1]}" for row in rows)
        yield BilingualText(f"{part_zh}：{zh}", f"{part_en}: {en}")


def render_answers(read: Reader, report_id: str, language: str) -> str:
    """Return every audit question of a report with its answer, place and address as text."""
    lines = [report_id]
    for row in read(ANSWERS, report_id):
        word = ANSWER_WORDS[row["answer"]][language == "en"]
        text = row[f"text_{language}"] if row["answer"] not in ("not_found", "unanswered") else ""
        lines += ["", f"{row['question_id']}: {row[f'question_{language}']}"]
        lines.append(f"  {word}" + (f"{'：' if language == 'zh' else ': '}{text}" if text else ""))
        if row["searched_en"]:
            start = "检索：" if language == "zh" else "searched: "
            lines.append(f"  {start}{row[f'searched_{language}']}")
        lines += [f"  {part}" for part in (row["place"], row["address"]) if part]
    return "\n".join(lines)


def _printed(row: Row) -> tuple[str, str]:
    """A figure as printed, with its unit; in English 万 is in million next to it."""
    bound = COMPARATORS.get(row["comparator"])
    zh, en = (bound.zh, f"{bound.en} ") if bound else ("", "")
    values = [row["published_value"], row["published_value_upper"]]
    text = " – ".join(plain(value) for value in values if value is not None)
    sign = "" if row["unit_zh"] == "%" else " "
    name = row["unit_en"]
    if row["unit"].startswith("wan_") and row["dimension"] in _MILLIONS:
        millions = row["published_value"] * row["scale"] / 1_000_000
        name = f"万, {plain(millions)} {_MILLIONS[row['dimension']]}"
    elif row["unit"] in ("ratio", "factor"):
        name = ""
    for start, (factor, word, large_word) in _SCALED.items():
        if name.startswith(start):
            scaled = row["published_value"] * factor
            if is_large := scaled >= _LARGE:
                scaled /= _LARGE
            amount = f"{plain(scaled)} {large_word if is_large else word}"
            name = f"{row['unit_zh']}, {amount}{name.removeprefix(start)}"
    return f"{zh}{text}{sign}{row['unit_zh']}", f"{en}{text} {name}".rstrip()


def _sentence(text: str, end: str = ".") -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else end)
