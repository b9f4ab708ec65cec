"""Pictures of totals over time: a line joins two windows only where no carried input changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from platform_employment.site.changes import WAN
from platform_employment.site.report import Reader
from platform_employment.site.writer import Writer
from platform_employment.warehouse import Row

WIDTH, HEIGHT, MARGIN = 720, 200, 28  # of the view box in templates/marks.html
DECEMBER = 12


@dataclass(frozen=True)
class Point:
    """A window of a series: where its circle is, and what it is called."""

    x: float
    y: float
    window_end: date
    is_extrapolated: bool
    label: str


@dataclass(frozen=True)
class Picture:
    """One scenario over time: circles, the lines that may join them, and its notes.

    lines: pairs of neighbouring points; ticks: years at their place; notes: since when inputs are
    carried, and where the line is interrupted.
    """

    title: str
    points: Sequence[Point]
    lines: Sequence[tuple[Point, Point]]
    ticks: Sequence[tuple[float, str]]
    ends: tuple[str, str]
    notes: Sequence[str]


def pictures(w: Writer, reader: Reader) -> list[Picture]:
    """Return a picture of each scenario of a report that goes on to other windows."""
    reports = reader.rows.table("marts.dim_reports", "is_default desc, sort_order")
    keys = dict.fromkeys((row["platform_id"], row["scenario_id"]) for row in reports)
    estimates: dict[tuple[str, str], list[Row]] = {}
    for row in reader.rows.table("marts.fct_estimates", "window_end"):
        estimates.setdefault((row["platform_id"], row["scenario_id"]), []).append(row)
    # between these two a carried input changed: what differs is not growth
    interrupted = {
        (row["from_estimate_key"], row["estimate_key"])
        for row in reader.rows.table("marts.fct_growth")
        if row["has_carried_change"]
    }
    series = (estimates.get(key, []) for key in keys)
    return [
        _picture(w, reader, rows, interrupted)
        for rows in series
        if any(row["is_extrapolated"] for row in rows)
    ]


def _picture(
    w: Writer, reader: Reader, rows: Sequence[Row], interrupted: Collection[tuple[str, str]]
) -> Picture:
    top = max(row["jobs_wan_of_scenario"] for row in rows)
    first = rows[0]["window_end"]
    days = max((rows[-1]["window_end"] - first).days, 1)
    height = HEIGHT - 2 * MARGIN
    points = [
        Point(
            round(MARGIN + (WIDTH - 2 * MARGIN) * (row["window_end"] - first).days / days, 1),
            round(HEIGHT - MARGIN - height * float(row["jobs_wan_of_scenario"] / top), 1),
            row["window_end"],
            row["is_extrapolated"],
            f"{w.month_of(row['window_end'])}: {_amount(w, row)}",
        )
        for row in rows
    ]
    lines, notes = [], []
    for (one, earlier), (other, later) in pairwise(zip(points, rows, strict=True)):
        if (earlier["estimate_key"], later["estimate_key"]) in interrupted:
            notes.append(_interruption(w, reader, earlier, later))
        else:
            lines.append((one, other))
    if rows[-1]["carried_inputs"]:
        notes.append(_carried(w, reader, rows[-1]))
    if rows[-1]["backtest_report_id"]:
        notes.append(_backtest(w, reader, rows[-1]))
    platform = reader.platforms[rows[0]["platform_id"]]
    (scenario,) = reader.rows.read(
        "from marts.dim_scenarios where (platform_id, scenario_id) = (?, ?)",
        rows[0]["platform_id"],
        rows[0]["scenario_id"],
    )
    return Picture(
        f"{w.field(platform, 'name')} · {w.field(scenario, 'name')}",
        points,
        lines,
        [(p.x, str(p.window_end.year)) for p in points if p.window_end.month == DECEMBER],
        (_amount(w, rows[0]), _amount(w, rows[-1])),
        notes,
    )


def _amount(w: Writer, row: Row) -> str:
    return w.bounded(w.count(row["jobs_wan_of_scenario"] * WAN), row["comparator"])


def _periods(row: Row) -> dict[str, str]:
    """The carried inputs of an estimate, each with the last day of its period."""
    return dict(text.split() for text in (row["carried_inputs"] or "").split(", ") if text)


def _names(w: Writer, reader: Reader, names: Iterable[str]) -> str:
    known = reader.method_inputs | {step: row for (_, step), row in reader.method_steps.items()}
    texts = (w.field(known[name], "name") if name in known else name for name in names)
    return w.t("、", ", ").join(dict.fromkeys(texts))


def _interruption(w: Writer, reader: Reader, earlier: Row, later: Row) -> str:
    before, after = _periods(earlier), _periods(later)
    changed = [n for n in {**before, **after} if before.get(n) != after.get(n)]
    ends = [w.month_of(row["window_end"]) for row in (earlier, later)]
    names = _names(w, reader, changed)
    return w.t(
        f"{ends[0]}与{ends[1]}之间不连线：沿用的输入换成了另一时期的值（{names}），差额不是增长。",
        f"No line from {ends[0]} to {ends[1]}: a carried input has another period ({names})."
        " The difference is not growth.",
    )


def _carried(w: Writer, reader: Reader, row: Row) -> str:
    """Since when the inputs of the last window are carried."""
    by_day: dict[str, list[str]] = {}
    for name, day in sorted(_periods(row).items(), key=lambda item: item[1]):
        by_day.setdefault(day, []).append(name)
    texts = [
        w.t(
            f"{w.month(day[:7])}起：{_names(w, reader, names)}",
            f"since {w.month(day[:7])}: {_names(w, reader, names)}",
        )
        for day, names in by_day.items()
    ]
    return (
        w.t("最后一期沿用的输入，", "Carried inputs of the last window, ")
        + w.t("；", "; ").join(texts)
        + w.t("。", ".")
    )


def _backtest(w: Writer, reader: Reader, row: Row) -> str:
    """How far the method was from a later report of the platform."""
    (report,) = reader.rows.read(
        "from marts.dim_reports where report_id = ?", row["backtest_report_id"]
    )
    error = row["backtest_error_share"]
    text = w.share(abs(error))
    title = w.field(report, "title")
    return w.t(
        f"回测：该方法比《{title}》所载总量{'高' if error > 0 else '低'} {text}。",
        f"Backtest: the method is {text} {'above' if error > 0 else 'below'} the total of {title}.",
    )
