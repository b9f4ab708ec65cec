"""The pages of a build: HTML files that open from disk, in Chinese and in English.

What does not move is rendered here; scripts open traces, move sliders and filter tables. Style
and scripts are shared files next to the pages, under a policy by which no other request can happen.
"""

from __future__ import annotations

import base64
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup, escape

from platform_employment import one_page
from platform_employment.formatting import DIGITS, display_width
from platform_employment.quantities import LANGUAGES, SCALES, scale_of, written
from platform_employment.site import sentences
from platform_employment.site.engineers import TABLES, TablePage, dictionary, table_rows
from platform_employment.site.evidence import Evidence
from platform_employment.site.formulas import line
from platform_employment.site.ledger import ledger, numbers_of
from platform_employment.site.panels import compare_panels, page_of, report_panels, segments
from platform_employment.site.report import Amount, Input, Part, Reader, Report
from platform_employment.site.rows import open_rows
from platform_employment.site.whatif import compact, methods, table, what_if
from platform_employment.site.windows import pictures
from platform_employment.site.writer import Writer, address_of, folder_of
from platform_employment.warehouse import Row
from platform_employment.words import (
    ANSWERS,
    COMPARATORS,
    KEY,
    RANGES,
    STAGES,
    STATES,
    BilingualText,
    number_word,
    owner_of,
    place_of,
    sentence,
)

DBT_PAGE = "dbt.html"
FONTS = (
    ("Source Sans 3", 400, "source-sans-3-latin-400-normal.woff2"),
    ("Source Sans 3", 600, "source-sans-3-latin-600-normal.woff2"),
    ("Source Serif 4", 600, "source-serif-4-latin-600-normal.woff2"),
)
# the questions that a page shows of a report
EIGHT = (
    "unit", "main_job", "hours", "platforms_once", "counterfactual", "multiplier_kind", "sample",
    "funder",
)  # fmt: skip
PICTURED = "windows.html"  # the table whose rows are drawn over time
SHORT, LONG = 24, 60  # widths of texts in tables for engineers, in Latin letters
SCRIPTS = ("report.js", "whatif.js", "ledger.js")
# pages of earlier releases, and where their content is now
MOVED = {
    "platforms.html": "compare.html",
    "figures.html": "ledger.html",
    "sheets.html": "index.html",
    "findings.html": "engineers/findings.html",
    "time.html": "engineers/windows.html",
    "estimators.html": "engineers/estimators.html",
    "multipliers.html": "engineers/multipliers.html",
    "expectations.html": "engineers/expectations.html",
    "release.html": "engineers.html",
}
# an address of the earlier first page, such as #lang=en&report=ID&at=sum
_OLD = """
(() => {
  const old = new URLSearchParams(location.hash.slice(1));
  if (!old.has("lang") && !old.has("report")) return;
  const en = old.get("lang") === "en" ? "en/" : "";
  const report = old.get("report");
  const known = REPORTS;
  const page = report && known.includes(report) ? `report/${report}.html` : "index.html";
  const place = { "what-if": "#what-if", choices: "#changes", sum: "#parts" }[old.get("at")] ?? "";
  if (location.pathname.includes("/en/index.html")) return;
  location.replace(en + page + place);
})();
"""


@dataclass(frozen=True)
class Release:
    """What the pages show of the build: of a release its id, or only when it was built.

    tables_sha256: one hash of all tables; changes: lines on what moved since the release before.
    """

    date: str
    id: str = ""
    commit: str = ""
    tables_sha256: str = ""
    changes: str = ""


@dataclass
class Site:
    """Everything that pages are rendered from."""

    project: str
    release: Release
    reader: Reader
    reports: Sequence[Report]
    evidence: Evidence
    environment: jinja2.Environment
    others: Sequence[tuple[str, BilingualText, BilingualText]] = ()
    labels: Mapping[str, BilingualText] = field(default_factory=dict)

    def stamp(self, w: Writer) -> str:
        """Return the release and the commit, for the footer."""
        name = self.release.id or self.release.date
        text = w.t(f"发布 {name}", f"Release {name}")
        if self.release.commit:
            text += w.t(
                f" · 提交 {self.release.commit[:7]}", f" · commit {self.release.commit[:7]}"
            )
        return text

    def citation(self, *places: str) -> str:
        """Return how to cite the release, or places in it."""
        parts = [self.project, self.release.id or self.release.date]
        if self.release.commit:
            parts.append(f"commit {self.release.commit[:7]}")
        return ", ".join((*parts, *places)) + "."

    def render(self, template: str, w: Writer, item: str, **values: Any) -> str:
        """Return a page as text."""
        return self.environment.get_template(template).render(
            site=self,
            w=w,
            item=item,
            states=STATES,
            answers=ANSWERS,
            keys=KEY,
            s=sentences,
            **values,
        )


def write_pages(
    database: Path, folder: Path, project: str, release: Release, hashes: Mapping[str, str]
) -> None:
    """Write the pages into a folder that exists.

    A page of dbt in the folder is linked.

    Parameters
    ----------
    database
        A built warehouse, opened read-only.
    project
        The name on the pages.
    release
        What the pages show of the build.
    hashes
        SHA-256 of the seed files, by path.

    Raises
    ------
    UserError
        The warehouse is missing or incomplete.
    """
    labels = {(row["method_id"], row["id"]): row for row in table("labels.csv")}
    with open_rows(database) as rows:
        reader = Reader(rows, labels)
        reports = reader.reports()
        evidence = Evidence(reader, reports, hashes)
        others = (
            [
                (
                    DBT_PAGE,
                    BilingualText("dbt 文档", "dbt docs"),
                    BilingualText("模型、血缘与测试", "models, lineage and tests"),
                )
            ]
            if (folder / DBT_PAGE).is_file()
            else []
        )
        site = Site(project, release, reader, reports, evidence, environment(), others)
        (folder / "style.css").write_text(style(), encoding="utf-8")
        for name in SCRIPTS:
            (folder / name).write_text(compact(_asset("scripts", name)), encoding="utf-8")
        for language in LANGUAGES:
            root = folder / ("en" if language == "en" else "")
            for path, text in _pages(site, language):
                file = root / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, encoding="utf-8")
        moved = site.environment.get_template("moved.html")
        for path, target in MOVED.items():
            (folder / path).write_text(moved.render(target=target), encoding="utf-8")


def _pages(site: Site, language: str) -> Iterator[tuple[str, str]]:
    """Return all pages of a language, by path."""
    short = site.evidence.short
    known = methods(site.reader) if site.reports else {}
    for report in site.reports:
        w = Writer(language, page_of(report), short)
        yield w.path, report_page(site, w, report, known)
        if report.answers and report.stages:
            title, blocks = one_page.blocks(site.reader.rows.read, report.id)
            w = Writer(language, paper_of(report), short)
            home = (w.href(page_of(report)), w.t("回到报告", "Back to the report"))
            yield w.path, one_page.render_html(title, blocks, language, home)
    if not site.reports:
        w = Writer(language, "index.html", short)
        yield w.path, engineers_page(site, w)
    else:
        w = Writer(language, "compare.html", short)
        yield w.path, compare_page(site, w)
        w = Writer(language, "ledger.html", short)
        yield (
            w.path,
            site.render(
                "ledger.html",
                w,
                "ledger.html",
                **ledger(w, site.reader, site.evidence, site.reports),
            ),
        )
    w = Writer(language, "engineers.html", short)
    yield w.path, engineers_page(site, w)
    for page in TABLES:
        w = Writer(language, f"engineers/{page.file}", short)
        columns, rows = table_rows(w, site.reader, page)
        if rows:
            yield (
                w.path,
                site.render(
                    "table.html",
                    w,
                    "engineers.html",
                    title=w.of(page.title),
                    note=sentence(w.of(page.note)),
                    pictures=pictures(w, site.reader) if page.file == PICTURED else [],
                    columns=columns,
                    rows=rows,
                    is_zh=_is_zh(w),
                ),
            )
    w = Writer(language, "engineers/dictionary.html", short)
    columns, rows = dictionary(w, site.reader)
    yield (
        w.path,
        site.render(
            "table.html",
            w,
            "engineers.html",
            title=w.t("字段词典", "Dictionary"),
            note=w.t("每个发布表的每一列", "Every column of every published table"),
            pictures=[],
            columns=columns,
            rows=rows,
            is_zh=_is_zh(w),
        ),
    )
    for name, row, cell in site.evidence.rows():
        w = Writer(language, address_of(cell), short)
        yield (
            w.path,
            site.render(
                "evidence.html",
                w,
                "ledger.html",
                cite=site.citation(f"{cell.file}:{cell.line}"),
                **site.evidence.page(w, name, row, cell),
            ),
        )
    for file, columns_of, lines in site.evidence.seeds():
        w = Writer(language, f"{folder_of(file)}.html", short)
        yield (
            w.path,
            site.render(
                "seed.html",
                w,
                "engineers.html",
                title=file,
                file=file,
                columns=columns_of,
                rows=lines,
                sha=site.evidence.hashes.get(file, ""),
                is_zh=_is_zh(w),
            ),
        )


def _is_zh(w: Writer) -> Any:
    return lambda text: w.language == "en" and any("\u3400" <= c <= "\u9fff" for c in str(text))


def report_page(site: Site, w: Writer, report: Report, known: Mapping[str, Any]) -> str:
    """Return the page of a report."""
    total = report.total.amount.base
    parts = segments(report)
    changes = [*report.changes, *report.together]
    stages = _stages(w, site, report)
    ends = [c.high for c in changes if c.high is not None] + [row["high"] for row in stages]
    top = max([total, *ends]) * Decimal("1.05")
    printed = w.quantity(report.total.amount, None)
    word = scale_of(total, SCALES[w.language])[1]
    stacked = len(report.parts) > 1 and all(part.sign > 0 for part in report.parts)
    meaningful = [c for c in report.changes if c.kind != "rounding"]
    top_change = meaningful[0] if meaningful else None
    # a count of full-time equivalents does not change by counting in them
    is_fte = report.unit_counted == "fte"
    widest = None if is_fte else next((row for row in stages if row["id"] == "fte"), None)

    def big(number: object, small: object, before: str = "") -> Markup:
        pre = Markup("<small>{} </small>").format(before) if before else Markup("")
        return pre + Markup("{}<small> {}</small>").format(number, small)

    comparator = report.total.amount.comparator
    before = w.of(COMPARATORS.get(comparator))
    checked = sum((p.amount.base for p in report.parts if p.status == "corroborated"), Decimal(0))
    share = total if report.total.status == "corroborated" else checked
    zero = "0" if not share else w.count(share)
    of_total = w.bounded(printed.joined(w.language), comparator).replace(" ", "\u00a0")

    def column(part: Part) -> Markup:
        text = _in_word(w, part.amount, total)
        return Markup('<span data-cell="{}">{}</span>').format(
            f"{part.amount.cell.file}:{part.amount.cell.line}"
            if part.amount.cell
            else f"marts.fct_steps/{report.id}/{part.id}",
            text,
        )

    def part_share(part: Part) -> Markup:
        base = report.denominator
        share = part.amount.base / base.employed if base else None
        if base and base.countries > 1 and part is not report.total:
            share = site.reader.share_in_country(report, part)
        if share is None:
            return Markup("–")
        return Markup('<span data-cell="share/{}">{}</span>').format(part.id, w.share(share))

    def at(value: Decimal) -> str:
        return f"{value / top * 100:.2f}"

    eight = _eight(report)
    known_rows, unknown = [], []
    for answer in report.answers:
        if answer["answer"] in {"not_found", "not_applicable", "unanswered"}:
            unknown.append(w.field(answer, "name") or w.field(answer, "question"))
        else:
            known_rows.append(answer)
    what = what_if(w, site.reader, report, known[report.method_id]) if report.has_method else None
    panels = report_panels(w, site.reader, report, site.reports) if report.form == "full" else []
    return site.render(
        "report.html",
        w,
        "index.html",
        title=sentences.title(w, report).striptags(),
        report=report,
        total=total,
        segments=parts,
        printed=of_total,
        big_total=big(
            w.n(printed.digits, report.total.amount.cell, "#part-total", "total"),
            w.t("", " ").join((printed.word, sentences.noun(w, report))).strip(),
            before,
        ),
        big_checked=big(
            zero,
            w.t(
                f" 得到独立来源印证（共{of_total if before else ' ' + of_total}）",
                f" of {of_total} checked",
            ),
        ),
        big_change=_big_change(w, report, top_change) if top_change else "",
        top_change=top_change,
        widest=widest,
        checks=_checks(w, site, report),
        stacked=stacked,
        largest=max((p.amount.base for p in report.parts), default=total),
        column=column,
        column_word=word,
        part_share=part_share,
        line=lambda part: line(part.formula, part.operands, part.amount, w.language),
        owner=lambda given: _owner(w, site, given),
        place=lambda figure: sentence(w.of(place_of(figure))),
        source_lang="en" if report.row["is_abroad"] else "zh-CN",
        at=at,
        span=lambda low, high: f"{(high - low) / top * 100:.2f}",
        panels=panels,
        compared_title=_compared_title(w, panels),
        whatif=what,
        numbers=numbers_of(w, site.reader, site.evidence, report),
        freshness=[
            _freshness(w, row, date.fromisoformat(site.release.date[:10]))
            for row in site.reader.freshness(report)
        ],
        paper=w.href(paper_of(report)),
        eight=eight,
        questions_title=_questions_title(w, eight),
        known=known_rows,
        unknown=unknown[:8],
        stages=stages,
        gap=next((w.field(row, "reason") for row in report.stages if row["low"] is None), ""),
        old_addresses=Markup(
            _OLD.replace("REPORTS", str([r.id for r in site.reports if not r.row["is_default"]]))
        ),
    )


def paper_of(report: Report) -> str:
    """Return the path of the one page of a report that is for paper."""
    return f"paper/{report.id}.html"


def _freshness(w: Writer, row: Row, today: date) -> str:
    """Return how new the data of a series is, and whether the next period is overdue.

    today: the day of the release; the variable as_of of the build counts instead.
    """
    title = w.field(row, "title")
    newest = w.month_of(row["latest_period_end"]) if row["latest_period_end"] else "?"
    text = w.t(f"{title}：最新截至 {newest}", f"{title}: newest to {newest}")
    due, searched = row["expected_by"], row["searched_on"]
    if row["stopped_on"]:
        text += w.t("，此后不再公布", ", no longer published")
    elif due and searched and due < searched:
        month = w.month_of(due)
        day = searched.isoformat()
        text += w.t(
            f"；下一期应在 {month}前公布，{day} 未找到",
            f"; the next was expected by {month} and was not found on {day}",
        )
    elif due and due < (row.get("as_of") or today):
        month = w.month_of(due)
        text += w.t(f"；下一期应在 {month}前公布", f"; the next was expected by {month}")
    return text + w.t("。", ".")


def _in_word(w: Writer, amount: Amount, like: Decimal) -> str:
    """Return a number in the scale of the total, which the head of the column names."""
    power, _ = scale_of(like, SCALES[w.language])
    text = written(amount.base.scaleb(-power), w.language, min(DIGITS, amount.digits))
    return w.bounded(text, amount.comparator, sign=True)


def _big_change(w: Writer, report: Report, change: Any) -> Markup:
    found = w.interval(change.low, change.high)
    return Markup("{}<small> {}</small>").format(
        w.n(
            found.digits,
            change.cell,
            "#changes" if report.form == "full" else "#part-total",
            f"marts/{change.id}",
        ),
        found.word,
    )


def _owner(w: Writer, site: Site, given: Input) -> Markup:
    """Return who published an input."""
    source = site.reader.sources.get(given.source_id or "")
    if source is None or given.source_id == "project_assumptions":
        return Markup("")
    return w.quoted(w.of(owner_of(source)))


def _checks(w: Writer, site: Site, report: Report) -> Markup:
    """Return what independent sources have for the numbers that they were compared with."""
    figures: dict[str, tuple[str, Row]] = {}
    for part in report.parts:
        for given in part.inputs:
            if given.figure is not None:
                figures.setdefault(given.figure["figure_id"], (w.of(given.label), given.figure))
    if report.total.figure is not None:
        figures[report.total.figure["figure_id"]] = (w.of(report.total.label), report.total.figure)
    found = []
    for figure_id, (name, figure) in figures.items():
        if site.reader.status(figure) not in {"corroborated", "disputed", "contradicted"}:
            continue
        said = []
        for row in site.reader.comparisons.get((report.id, figure_id), ()):
            if row["is_independent"] and row["weight"] in {"test", "source"}:
                beside = site.evidence.comparison(w, row)
                owner = site.reader.facts[row["fact_ids"].split()[0]]
                is_own_source = row["weight"] == "source"
                said.append(
                    Markup(w.t("{owner}为 {value}{note}", "{owner} has {value}{note}")).format(
                        owner=w.quoted(w.of(owner_of(owner))),
                        value=beside["value"],
                        note=w.t("（报告自己的出处）", " (the report’s own source)")
                        if is_own_source
                        else "",
                    )
                )
        value = w.amount(
            Amount(
                figure["published_value"],
                site.reader.units[figure["unit"]],
                figure["comparator"],
                figure["digits"],
            ),
            None,
        )
        if said:
            found.append(
                Markup("{} {}{}{}{}").format(
                    name, value, w.t("：", ": "), Markup(w.t("，", "; ")).join(said), w.t("。", ".")
                )
            )
    return Markup(" ").join(found[:2])


def _stages(w: Writer, site: Site, report: Report) -> list[Row]:
    """Return the stages from gross to net, each a range without a middle."""
    found = []
    for row in report.stages:
        if row["low"] is None:
            continue
        scale = site.reader.units[row["unit"]].scale
        low, high = row["low"] * scale, row["high"] * scale
        text = w.count(low) if low == high else w.interval(low, high).joined(w.language)
        options = w.field(row, "options")
        found.append(
            {
                "id": row["stage"],
                "name": w.of(STAGES[row["stage"]]),
                "note": w.of(RANGES[row["range_kind"]]),
                "options": options if row["range_kind"] == "scenario" else "",
                "low": low,
                "high": high,
                "value": w.bounded(text, row["comparator"] if low == high else "equal"),
                "is_point": low == high,
                "cell": row["cell"],
            }
        )
    return found if len(found) > 1 else []


def _compared_title(w: Writer, panels: Sequence[Any]) -> str:
    """Return the heading of the comparison: the first claim next to the nearest benchmark."""
    if panels and len(panels) > 1:
        claim = panels[0].bars[0]
        stems = [bar for bar in panels[0].bars if bar.kind == "stem"]
        if stems:
            stem = min(stems, key=lambda bar: abs(bar.high - claim.high))
            value, other = claim.value.striptags(), stem.value.striptags()
            of = stem.name[0].lower() + stem.name[1:]
            return w.t(
                f"{claim.name} {value}；{stem.name} {other}",
                f"{claim.name}, {value}, next to {other} {of}",
            )
    return w.t("与什么相比", "Compared with what")


def _eight(report: Report) -> list[Row]:
    by_id = {row["question_id"]: row for row in report.answers}
    return [by_id[name] for name in EIGHT if name in by_id]


def _questions_title(w: Writer, eight: Sequence[Row]) -> str:
    full = sum(row["answer"] == "yes" for row in eight)
    n = number_word(len(eight))
    return w.t(
        f"问每份报告的 {len(eight)} 个问题：完整回答 {full} 个",
        f"{n.capitalize()} questions asked of every report: {full or 'none'} answered in full",
    )


def compare_page(site: Site, w: Writer) -> str:
    """Return the page that compares the reports."""
    reports = site.reports
    years = sorted(r.row["window_end"].year for r in reports)
    checked = [r for r in reports if r.total.status == "corroborated"]
    shares = sorted(
        r.total.amount.base / r.denominator.employed
        for r in reports
        if r.denominator and not r.row["is_abroad"] and not r.row["is_net"]
    )
    known = Counter(
        "formula" if r.form == "full" else "one" if r.form == "one" else "some" for r in reports
    )
    n = len(reports)
    big_share: Markup | str = ""
    if shares:
        texts = [w.share(end).removesuffix("%") for end in (shares[0], shares[-1])]
        big_share = Markup("{}<small>%</small>").format("–".join(dict.fromkeys(texts)))
    asked = []
    kinds = [k for k in ANSWERS if any(a["answer"] == k for r in reports for a in r.answers)]
    for report in reports:
        if report.answers:
            counts = Counter(a["answer"] for a in report.answers)
            asked.append(
                (w.field(report.row, "title"), w.href(page_of(report)), [counts[k] for k in kinds])
            )
    return site.render(
        "compare.html",
        w,
        "compare.html",
        eye=w.t(
            f"{n} 份报告和研究，{years[0]}–{years[-1]} 年",
            f"{n} reports and studies, {years[0]}–{years[-1]}",
        ),
        title=w.t(
            f"{n} 份报告的总量，没有一个得到独立来源的印证",
            f"Of {n} totals, none has been confirmed by an independent source",
        )
        if not checked
        else w.t(
            f"{n} 份报告的总量，{len(checked)} 个得到独立来源的印证",
            f"Of {n} totals, {len(checked)} agree with an independent source",
        ),
        big_share=big_share,
        share_note=w.t(
            f"为一个平台占中国就业的比例（{len(shares)} 份报告有当年就业人数）。"
            "各报告相互重叠，不能相加。",
            f"of employment in China, for one platform ({len(shares)} reports have employment of"
            " their year). Reports overlap: do not add them up.",
        ),
        big_checked=Markup("{}<small> {}</small>").format(
            len(checked), w.t(f"个有外部印证（共 {n} 个总量）", f"of {n} totals confirmed")
        ),
        checked_note=w.t(
            f"{known['formula']} 份印出公式，{known['one']} 份只有一个数，"
            f"{known['some']} 份把几个数相加或乘以系数。",
            f"{known['formula']} prints a formula, {known['one']} print a single number, and"
            f" {known['some']} add a few numbers or use a ratio.",
        ),
        panels=compare_panels(w, site.reader, reports),
        asked=asked,
        kinds=kinds,
    )


def engineers_page(site: Site, w: Writer) -> str:
    """Return the list of pages for engineers, with the release and its input files."""
    release = site.release
    rows = [
        (w.t("发布", "Release"), release.id),
        (w.t("日期", "Date"), release.date),
        (w.t("提交", "Commit"), release.commit),
        (w.t("全部表的 sha256", "sha256 of all tables"), release.tables_sha256),
    ]
    tables = [
        {
            "href": w.href(f"engineers/{page.file}"),
            "title": w.of(page.title),
            "note": w.of(page.note),
        }
        for page in TABLES
        if site.reader.rows.has(page.table)
    ]
    tables.append(
        {
            "href": w.href("engineers/dictionary.html"),
            "title": w.t("字段词典", "Dictionary"),
            "note": w.t("每个发布表的每一列", "every column of every published table"),
        }
    )
    return site.render(
        "engineers.html",
        w,
        "engineers.html",
        title=w.t("工程师", "For engineers"),
        tables=tables,
        others=[
            {"href": w.root + file, "title": w.of(title), "note": w.of(note)}
            for file, title, note in site.others
        ],
        release=[(name, value) for name, value in rows if value],
        changes="\n".join(release.changes.splitlines()[:300]),
        files=[
            (file, w.href(path), count, sha) for file, path, count, sha in site.evidence.files()
        ],
        cite=site.citation(),
    )


@cache
def environment() -> jinja2.Environment:
    """Return the templates; everything that is not Markup is escaped."""
    built = jinja2.Environment(
        loader=jinja2.PackageLoader("platform_employment.site", "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    built.filters["css_string"] = _css_string
    built.filters["room"] = _room
    return built


def _css_string(text: str) -> Markup:
    """Return a text as a string of a style, which no text can end."""
    safe = re.sub(r'[<>&"\\\n]', lambda found: f"\\{ord(found[0]):x} ", text)
    return Markup('"{}"').format(Markup(safe))


def _room(text: str) -> Markup:
    """Return the class of a cell by the width of its text; a short one is not broken at all."""
    width = display_width(text)
    if width <= SHORT:
        return Markup("")
    return Markup(' class="long"' if width > LONG else ' class="phrase"')


@cache
def style() -> str:
    """Return the style of all pages, fonts inside."""
    fonts = "".join(
        f"@font-face{{font-family:'{family}';font-weight:{weight};font-display:swap;"
        f"src:url(data:font/woff2;base64,{_base64('fonts', file)}) format('woff2')}}"
        for family, weight, file in FONTS
    )
    return fonts + _asset("templates", "style.css")


def _asset(folder: str, name: str) -> str:
    return (files(__package__) / folder / name).read_text(encoding="utf-8")


def _base64(folder: str, name: str) -> str:
    return base64.b64encode((files(__package__) / folder / name).read_bytes()).decode("ascii")


__all__ = ["MOVED", "Release", "Site", "TablePage", "escape", "write_pages"]
