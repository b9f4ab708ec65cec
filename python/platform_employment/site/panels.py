"""Charts of totals: panels by unit, each with one scale and a share for each row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from markupsafe import Markup

from platform_employment.site.report import Denominator, Part, Reader, Report
from platform_employment.site.rows import Cell, cell_of
from platform_employment.site.sentences import platform_name
from platform_employment.site.writer import Writer
from platform_employment.words import OWNERS, STATES, UNITS_COUNTED, BilingualText, owner_of

OFF_SCALE = Decimal(3)
MAX_BENCHMARKS = 3
YEARLY = 4  # benchmarks from this place on are flows of a year, no stock
NOTED = Decimal(2)  # of how many times longer a reader is reported


@dataclass(frozen=True)
class Bar:
    """A row of a panel: a claim with its parts, a range, or a benchmark of other publishers (a
    stem)."""

    name: str
    sub: str
    value: Markup
    share: Markup
    kind: str = "bar"
    segments: Sequence[tuple[Decimal, str]] = ()
    low: Decimal = Decimal(0)
    high: Decimal = Decimal(0)
    href: str = ""
    said: str = ""
    recompute: str = ""
    id: str = ""


@dataclass
class Panel:
    """Rows of one unit. `top`: what the full width represents; a longer bar is cut off."""

    title: str
    note: str
    bars: list[Bar] = field(default_factory=list)
    top: Decimal = Decimal(1)
    second: Decimal = Decimal(1)

    def width(self, value: Decimal) -> str:
        """Return a share of the width."""
        return f"{min(Decimal(100), value / self.top * 100):.2f}"

    def off(self, bar: Bar) -> Decimal | None:
        """Return how many times longer a bar is than the panel, when it is cut off."""
        return bar.high / self.top if bar.high > self.top else None


def segments(report: Report) -> list[tuple[Decimal, str]]:
    """Return the parts of a total side by side; one piece where parts are taken off."""
    if len(report.parts) > 1 and all(part.sign > 0 for part in report.parts):
        return [(part.amount.base, STATES[part.status].mark) for part in report.parts]
    status = report.total.status
    if status == "arithmetic" and len(report.parts) > 1:
        status = "taken_as_printed"  # that parts add up adds no ink
    return [(report.total.amount.base, STATES[status].mark)]


def share_of(w: Writer, value: Decimal, base: Denominator | None, year: int, to: str) -> Markup:
    """Return the share of employment, or what is missing."""
    if base is None:
        return Markup('<small class="gone">{}</small>').format(
            w.t(f"缺 {year} 年就业人数", f"employment of {year} not in the data")
        )
    return w.n(w.share(value / base.employed), base.cell, to, "share")


RECOMPUTE = {
    "sum": BilingualText("分项相加", "sum of printed parts"),
    "product": BilingualText("一个数乘以系数", "a number times a ratio"),
    "remainder": BilingualText("合计减分项", "total minus 1 part"),
    "backwards": BilingualText("由合计反推", "worked back from the total"),
    "nothing": BilingualText("只有一个数，无从重算", "one printed number, nothing to recompute"),
}
KINDS = {
    "publisher": BilingualText("报告本身", "the report itself"),
    "copy_of_report": BilingualText("报告的副本", "a copy of the report"),
    "publisher_mirror": BilingualText("发布者页面的镜像", "a mirror of the publisher"),
    "newspaper": BilingualText("报纸", "a newspaper"),
    "newspaper_mirror": BilingualText("报纸页面的镜像", "a mirror of a newspaper"),
    "newspaper_repost": BilingualText("报纸的转载", "a newspaper, reposted"),
    "trade_press": BilingualText("行业媒体", "trade press"),
    "repost": BilingualText("转载", "a repost"),
    "content_farm": BilingualText("来源不明的网页", "a content farm"),
}


def recompute(w: Writer, report: Report) -> str:
    """Return what of a report can be recomputed."""
    if report.form == "full":
        return w.t("有公式，缺一项输入", "formula printed, inputs missing")
    return w.of(RECOMPUTE[report.arithmetic])


def kind_of_source(w: Writer, report: Report) -> str:
    """Return the kind of page that was read."""
    kind = str(report.source.get("kind") or "")
    return w.of(KINDS.get(kind)) or kind


def claim(w: Writer, report: Report, *, name: str = "") -> Bar:
    """Return the row of a report's total."""
    total = report.total.amount
    year = report.row["window_end"].year
    path = page_of(report)
    return Bar(
        name=name or platform_name(w, report),
        sub=str(year),
        value=w.n(w.amount(total, sign=True), to=f"{path}#part-total", name=f"total/{report.id}"),
        share=share_of(w, total.base, report.denominator, year, f"{path}#part-total"),
        segments=segments(report),
        high=total.base,
        href=w.href(path),
        said=kind_of_source(w, report),
        recompute=recompute(w, report),
        id="" if name else report.id,
    )


def page_of(report: Report) -> str:
    """Return the path of the page of a report."""
    return "index.html" if report.row["is_default"] else f"report/{report.id}.html"


def compare_panels(w: Writer, reader: Reader, reports: Sequence[Report]) -> list[Panel]:
    """Return the panels of Compare: jobs here and elsewhere, full-time equivalents, people."""
    groups: dict[tuple[str, bool], list[Report]] = {}
    for report in sorted(
        reports,
        key=lambda r: (order(reports, r), r.row["window_end"]),
    ):
        groups.setdefault((report.unit_counted, bool(report.row["is_abroad"])), []).append(report)
    panels: list[Panel] = []
    for (unit, abroad), rows in sorted(groups.items(), key=lambda g: (g[0][0] != "jobs", g[0][1])):
        place = w.t("国外", "elsewhere") if abroad else w.t("中国", "China")
        name = w.of(UNITS_COUNTED[unit])
        panel = Panel(
            w.t(f"{name}（{place}）", f"{name}, {place}"), "", [claim(w, r) for r in rows]
        )
        scale(panel)
        panels.append(panel)
    people = Panel(w.t("人数（中国）", "People, China"), "", [])
    for report in reports:
        for part in report.parts:
            if row := persons(w, report, part):
                people.bars.append(row)
    people.bars += benchmarks(w, reader)
    if people.bars:
        scale(people)
        panels.append(people)
    first = panels[0].top
    for panel in panels:
        ratio = first / panel.top
        panel.note = (
            w.t("与第一栏同一比例。", "Same scale as the first panel.")
            if panel is not panels[0] and Decimal("0.99") < ratio < Decimal("1.01")
            else w.t(
                f"条形放大 {ratio:.0f} 倍。",
                f"Bars are drawn {ratio:.0f} times longer than in the first panel.",
            )
            if ratio > NOTED
            else ""
        )
    return panels


def order(reports: Sequence[Report], report: Report) -> int:
    """Return the place of a report's platform among the reports."""
    return next(
        i for i, r in enumerate(reports) if r.row["platform_id"] == report.row["platform_id"]
    )


def scale(panel: Panel, like: Decimal | None = None) -> None:
    """Set the scale of a panel: its longest bar, except one far beyond the next."""
    ends = sorted((bar.high for bar in panel.bars), reverse=True)
    panel.top = like or ends[0]
    if like is None and len(ends) > 1 and ends[0] > OFF_SCALE * ends[1]:
        panel.second, panel.top = ends[1], ends[1] * Decimal("1.02")


def persons(w: Writer, report: Report, part: Part) -> Bar | None:
    """Return the row of a part that counts persons as jobs."""
    if report.unit_counted != "jobs":
        return None
    found = next(
        (i for i in part.inputs if i.amount.unit and i.amount.unit.dimension == "persons"), None
    )
    if found is None or report.row["is_abroad"]:
        return None
    year = report.row["window_end"].year
    path = f"{page_of(report)}#part-{part.id}"
    return Bar(
        name=w.t(
            f"{platform_name(w, report)}：{w.of(part.label)}",
            f"{platform_name(w, report)}: {w.of(part.label).lower()}",
        ),
        sub=str(year),
        value=w.n(w.amount(found.amount, sign=True), found.amount.cell, path),
        share=share_of(w, found.amount.base, report.denominator, year, path),
        segments=[(found.amount.base, STATES[part.status].mark)],
        high=found.amount.base,
        href=w.href(path),
        said=kind_of_source(w, report),
        recompute="",
    )


def benchmarks(w: Writer, reader: Reader, report: Report | None = None) -> list[Bar]:
    """Return benchmarks that count persons: of a report, or of all of them."""
    found: dict[str, Bar] = {}
    values: set[Decimal] = set()
    lines = {row["benchmark_id"]: row for row in reader.seeds.get("benchmarks", ())}
    for row in reader.benchmarks:
        unit = reader.units[row["unit"]]
        base = row["value"] * unit.scale
        is_own = report is None or row["report_id"] == report.id
        is_ours = row["owner_kind"] not in {"official", "independent"}
        if not is_own or is_ours or unit.dimension != "persons" or row["sort_order"] >= YEARLY:
            continue
        values.add(base)
        source = reader.sources[row["source_id"]]
        sub = w.t("，", ", ").join((w.of(owner_of(source)), w.of(OWNERS[row["owner_kind"]])))
        line = lines[row["benchmark_id"]]
        year = int(reader.facts[line["fact_id"]]["period"][:4])
        found[row["benchmark_id"]] = _stem(
            w,
            w.field(row, "name"),
            sub,
            base,
            row["comparator"],
            cell_of(line),
            reader.employed(line["country"], year),
            year,
        )
    for row in reader.seeds.get("published_platform_estimates", ()):
        unit = reader.units[row["unit"]]
        base = Decimal(row["value"]) * unit.scale
        if row["scope"] == "aggregate" and unit.dimension == "persons" and base not in values:
            year = int(row["period_end"][:4])
            found[row["estimate_id"]] = _stem(
                w,
                w.field(row, "name"),
                f"{year} · {w.field(row, 'author')}",
                base,
                row["comparator"],
                cell_of(row),
                reader.employed("CN", year),
                year,
            )
    return list(found.values())


def _stem(
    w: Writer,
    name: str,
    sub: str,
    base: Decimal,
    comparator: str,
    cell: Cell | None,
    employed: Denominator | None,
    year: int,
) -> Bar:
    """Return the row of a benchmark: a thin stem, never a bar."""
    return Bar(
        name=name[0].upper() + name[1:],
        sub=sub,
        value=w.n(w.bounded(w.count(base), comparator, sign=True), cell),
        share=share_of(w, base, employed, year, "#compared"),
        kind="stem",
        high=base,
        said=sub,
        recompute=w.t("参照", "benchmark"),
    )


def report_panels(
    w: Writer, reader: Reader, report: Report, reports: Sequence[Report]
) -> list[Panel]:
    """Return the panels of a report page: people, and what the total counts."""
    panels = []
    claims = [bar for part in report.parts if (bar := persons(w, report, part))]
    if claims:
        rows = claims + benchmarks(w, reader, report)[:MAX_BENCHMARKS]
        panels.append(Panel(w.t("人数", "People"), "", rows))
    own = claim(
        w,
        report,
        name=w.t(
            f"{platform_name(w, report)}，报告总量",
            f"{platform_name(w, report)}, the report’s total",
        ),
    )
    others = [
        claim(
            w,
            other,
            name=w.t(
                f"{platform_name(w, other)}，报告总量",
                f"{platform_name(w, other)}, its report’s total",
            ),
        )
        for other in reports
        if other is not report
        and other.row["window_end"].year == report.row["window_end"].year
        and other.unit_counted == report.unit_counted
        and other.row["is_abroad"] == report.row["is_abroad"]
        and other.row["is_net"] == report.row["is_net"]
    ][:2]
    together = [
        Bar(
            name=f"{platform_name(w, report)}" + w.t("：", ": ") + w.of(change.label),
            sub=w.t(
                f"{report.row['window_end'].year}，我们的假设",
                f"{report.row['window_end'].year}, our assumptions",
            ),
            value=w.n(
                w.interval(change.low or Decimal(0), change.high or Decimal(0)).joined(w.language),
                to="#changes",
            ),
            share=_shares(w, report, change.low, change.high),
            kind="range",
            low=change.low or Decimal(0),
            high=change.high or Decimal(0),
        )
        for change in report.together
        if change.id.startswith("coverage")
    ]
    panels.append(Panel(w.of(UNITS_COUNTED[report.unit_counted]), "", [own, *others, *together]))
    top = max(bar.high for panel in panels for bar in panel.bars)
    for panel in panels:
        scale(panel, top)
    return panels


def _shares(w: Writer, report: Report, low: Decimal | None, high: Decimal | None) -> Markup:
    base = report.denominator
    if base is None or low is None or high is None:
        return share_of(w, Decimal(0), None, report.row["window_end"].year, "#changes")
    texts = [w.share(end / base.employed) for end in (low, high)]
    return w.n(f"{texts[0].removesuffix('%')}–{texts[1]}", base.cell)
