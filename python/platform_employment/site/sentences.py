"""Sentences of the pages, chosen by state and never written for one report."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date
from decimal import Decimal

from markupsafe import Markup

from platform_employment.site.report import Part, Report
from platform_employment.site.writer import Writer
from platform_employment.words import LAYER_LABELS, STATES, number_word, owner_of

_COUNTED = re.compile(r"\d[\d,.]*\s*[万亿]?个[\u3400-\u9fff]*$")
_PHRASE = 18


def platform_name(w: Writer, report: Report) -> str:
    """Return the name of the platform without what is in brackets after it."""
    name = w.field(report.platform, "name")
    return re.sub(r"\s*[（(].*$", "", name) if w.language == "en" else name


def area_name(w: Writer, report: Report) -> str:
    """Return the platform with its area."""
    return w.field(report.platform, "name")


def noun(w: Writer, report: Report) -> str:
    """Return the noun that the total counts."""
    if report.unit_counted == "fte":
        return w.t("个全时当量", "full-time equivalents")
    if report.unit_counted == "persons":
        return w.t("人", "people")
    return w.t("个岗位", "jobs")


def printed_total(w: Writer, report: Report) -> str:
    """Return the total in the digits of the report, with its bound."""
    return w.amount(report.total.amount, None)


def verbatim(report: Report) -> str:
    """Return the phrase in which a Chinese report prints its total, if a quotation holds one."""
    found = []
    for figure in report.figures:
        same = figure["name"] == report.total.id and figure["relation"] == "steps"
        if same or figure is report.total.figure:
            for text in (figure.get("printed"), figure.get("quotation")):
                if match := _COUNTED.search(text or ""):
                    found.append(match[0])
    fitting = [text for text in found if len(text) <= _PHRASE]
    return max(fitting, key=len, default="")


def title(w: Writer, report: Report) -> Markup:
    """Return the heading of a report page: what was found on its total."""
    total, name = printed_total(w, report), area_name(w, report)
    phrase = verbatim(report)
    if w.language == "zh":
        head = (
            Markup('{}“<q class="v">{}</q>”').format(name, phrase)
            if phrase
            else Markup('{}<span class="nb">{}{}</span>').format(name, total, noun(w, report))
        )
        return Markup("{}：{}").format(head, _finding(w, report))
    text = f"{total} {noun(w, report)} around {name}"
    return Markup("{}: {}").format(text[0].upper() + text[1:], _finding(w, report))


def _finding(w: Writer, report: Report) -> str:
    checked = [part for part in report.parts if part.status == "corroborated"]
    if report.dispute is not None:
        found, amount, quantity = report.dispute
        owner = w.of(found)
        return w.t(
            f"{owner}的{quantity.zh}为 {w.amount(amount)}",
            f"{owner} has {w.amount(amount)} ({quantity.en[0].lower() + quantity.en[1:]})",
        )
    if report.total.status in {"contradicted", "disputed"}:
        return w.t("与外部来源不符", "an outside source does not agree")
    if report.total.status == "corroborated":
        return w.t("合计与独立来源相符", "the total agrees with an independent source")
    if checked:
        value = sum((part.amount.base for part in checked), Decimal(0))
        return w.t(
            f"其中 {w.count(value)} 得到独立来源的印证，其余直接采用报告数",
            f"{w.count(value)} agree with an independent source; the rest is taken as printed",
        )
    if report.form == "full":
        return w.t(
            "没有一项得到独立来源的印证",
            "no part of the count has been checked against an independent source",
        )
    n = len(report.parts)
    return {
        "sum": w.t(
            f"只有\u00a0{n}\u00a0个数及其合计，没有可以重算的方法",
            f"{number_word(n)} printed numbers and their sum, with no method to recompute",
        ),
        "product": w.t(
            "一个数，加上它与一个系数的乘积，两者都无从重算",
            "one printed number plus a ratio of it, neither of which can be recomputed",
        ),
        "remainder": w.t(
            "合计减去一个分项，没有可以重算的方法",
            "a total minus 1 part, with no method to recompute",
        ),
        "backwards": w.t("分项只能由合计反推", "its parts can only be worked back from the total"),
    }.get(
        report.arithmetic, w.t("只有一个数，无从重算", "one printed number, nothing to recompute")
    )


def share_sentence(w: Writer, report: Report) -> Markup:
    """Return the share of the country's employment, with year and source, or what is missing."""
    base = report.denominator
    year = report.row["window_end"].year
    if base is None:
        return Markup("{}").format(
            w.t(f"缺 {year} 年就业人数。", f"Employment of {year} is not in the data.")
        )
    value = w.share(report.total.amount.base / base.employed)
    of = w.n(w.count(base.employed), base.cell, to="#part-total", name="employment")
    shown = w.n(w.bounded(value, report.total.amount.comparator), base.cell, "#part-total", "share")
    country = w.of(base.country)
    text = w.t(
        "相当于{country} {year} 年就业人员 {of}人的 {shown}（就业人员据{source}）。",
        "{shown} of the {of} people employed in {country} in {year} (source: {source}).",
    )
    return Markup(text).format(
        country=country, year=base.year, of=of, shown=shown, source=w.quoted(w.of(base.source))
    )


def what_is_counted(w: Writer, report: Report) -> str:
    """Return what is added together, and what is not taken off."""
    said = []
    if report.persons_as_jobs:
        said.append(w.t("人和岗位直接相加", "People and jobs are added together"))
    if report.row["is_net"]:
        said.append(
            w.t(
                "报告自称已扣除被替代的岗位", "The report takes off jobs that it counts as replaced"
            )
        )
    else:
        said.append(w.t("未扣除被替代的岗位", "Nothing is taken off for displaced jobs"))
    answers = {row["question_id"]: row["answer"] for row in report.answers}
    once = answers.get("platforms_once")
    if once == "no":
        said.append(w.t("一人可能计多次", "One person may count more than once"))
    return w.t("；".join(said) + "。", ". ".join(said) + ".")


def by_state(w: Writer, report: Report) -> str:
    """Return how much of the total has which state."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    parts = (
        report.parts
        if len(report.parts) > 1 and all(p.sign > 0 for p in report.parts)
        else (report.total,)
    )
    for part in parts:
        sums[part.status] += part.amount.base
    if len(sums) == 1:
        state = STATES[next(iter(sums))].text
        return w.t(f"全部{state.zh}。", f"All of it: {state.en}.")
    texts = [
        w.t(
            f"{w.count(value)}{STATES[status].brief.zh}",
            f"{w.count(value)} {STATES[status].brief.en}",
        )
        for status, value in sums.items()
    ]
    return w.t("，".join(texts) + "。", ", ".join(texts) + ".")


def sum_sentence(w: Writer, report: Report) -> str:
    """Return what is right about a sum, which is no check."""
    if report.form == "one":
        return ""
    if report.arithmetic == "product":
        return w.t("乘法无误，但这不是核对。", "The multiplication is right; that is no check.")
    return w.t("加总无误，但这不是核对。", "The sum is right; that is no check.")


def source_sentence(w: Writer, report: Report) -> str:
    """Return whether the report itself was read."""
    if report.source.get("is_primary"):
        return ""
    return w.t("转引；未见报告原文。", "Quoted second-hand; the report itself was not read.")


def range_of(w: Writer, part: Part) -> str:
    """Return the widest ends of a part, each with its layer; they are two facts, no interval."""
    if part.low is None or part.high is None:
        return w.t("没有误差范围。", "No margin of error is given.")
    low, high = (w.of(LAYER_LABELS.get(end.layer)) or end.layer for end in (part.low, part.high))
    if part.high.value is None:
        start = w.t("没有上限", "No upper end")
        if part.low.value is None or part.low.value == part.amount.base:
            return w.t(f"{start}（{high}）。", f"{start} ({high}).")
        return w.t(
            f"最低 {w.count(part.low.value)}（{low}）；{start}（{high}）。",
            f"Down to {w.count(part.low.value)} ({low}); {start.lower()} ({high}).",
        )
    lowest = w.count(part.low.value or Decimal(0))
    return w.t(
        f"最低 {lowest}（{low}），最高 {w.count(part.high.value)}（{high}）。",
        f"Down to {lowest} ({low}), up to {w.count(part.high.value)} ({high}).",
    )


def parts_title(w: Writer, report: Report) -> str:
    """Return the heading over the parts: the largest of them and its share."""
    total = report.total.amount.base
    parts = [part for part in report.parts if part.sign > 0]
    if len(parts) <= 1:
        return w.t("这个数由什么组成", "What the number is built from")
    largest = max(parts, key=lambda part: part.amount.base)
    label = w.of(largest.label)
    value = largest.amount.base / total
    if value > 1:
        return w.t("先加后减", "Added up, then taken off")
    return w.t(
        f"最大的一项是{label}，占 {w.share(value)}",
        f"{label} make up {w.share(value)} of it",
    )


def part_state(w: Writer, part: Part) -> str:
    """Return the words for the state of a part that are next to its mark."""
    if part.note:
        return w.of(part.note)
    return w.of(STATES[part.status].text)


def carried(w: Writer, since: date | None) -> str:
    """Return since when a value is carried forward; empty for a value of the same period."""
    if since is None:
        return ""
    month = w.month_of(since)
    return w.t(f"沿用截至 {month}的值", f"carried forward since {month}")


def changes_title(w: Writer, report: Report) -> str:
    """Return the heading over the changes: the largest, and what rounding does."""
    first = report.changes[0]
    rounding = next((c for c in report.changes if c.kind == "rounding"), None)
    ends = w.interval(first.low or Decimal(0), first.high or Decimal(0)).joined(w.language)
    label = w.of(first.label)
    if rounding is None or rounding is first:
        return w.t(f"{label}：{ends}", f"{label}: {ends}")
    return w.t(
        f"{label}影响最大：{ends}；取整几乎没有影响",
        f"{label}: {ends}; rounding hardly matters",
    )


def eyebrow(w: Writer, report: Report) -> str:
    """Return platform, author, month and period."""
    end = report.row["window_end"]
    author = w.of(owner_of({"publisher": report.row["publisher"], **report.source}))
    month = w.month(str(report.row["published_on"] or ""))
    period = w.t(f"时段截至 {w.month_of(end)}", f"period to {w.month_of(end)}")
    return " · ".join(text for text in (area_name(w, report), author, month, period) if text)
