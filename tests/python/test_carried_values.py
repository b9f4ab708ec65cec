"""Rows, pages and pictures show which values belong to another period."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest
from conftest import Project
from site_fixtures import Pages

from platform_employment.add_quarter import moved
from platform_employment.cli import main
from platform_employment.site.pages import Release, write_pages
from platform_employment.site.report import Reader
from platform_employment.site.rows import open_rows
from platform_employment.site.sentences import carried
from platform_employment.site.windows import pictures
from platform_employment.site.writer import Writer

pytest_plugins = ["site_fixtures"]

GROWTH = re.compile(r"\b(?:growth|grew|grows?|growing|rises?|rose|increas\w*)\b|增长|增加|上升")
HEADING = re.compile(r"<(?:title|h1|h2)[^>]*>(.*?)</(?:title|h1|h2)>", re.DOTALL)


@pytest.fixture(scope="module")
def reader(built_project: Project) -> Iterator[Reader]:
    with open_rows(built_project.database) as rows:
        yield Reader(rows, {})


def interruptions(built_project: Project, platform: str, scenario: str) -> set[tuple[date, date]]:
    """Neighbouring windows of which an input has two periods and is not of one of the windows."""
    with duckdb.connect(str(built_project.database), read_only=True) as connection:
        rows = connection.execute(
            "select window_end, input_name, period_end, is_of_window"
            " from intermediate.int_chain__input_periods"
            " semi join marts.fct_estimates using (platform_id, window_end, scenario_id)"
            " where platform_id = ? and scenario_id = ?",
            [platform, scenario],
        ).fetchall()
    periods: dict[date, dict[str, tuple[date, bool]]] = {}
    for window, name, end, is_own in rows:
        periods.setdefault(window, {})[name] = end, is_own
    return {
        (one, other)
        for one, other in pairwise(sorted(periods))
        for name in periods[one].keys() & periods[other].keys()
        if periods[one][name][0] != periods[other][name][0]
        and not (periods[one][name][1] and periods[other][name][1])
    }


def test_no_line_joins_windows_across_a_change_of_a_carried_input(
    built_project: Project, reader: Reader, pages: Pages
) -> None:
    (picture,) = pictures(Writer("en", "engineers/windows.html"), reader)
    wanted = interruptions(built_project, "kuaishou", "report")
    assert wanted == {(date(2023, 12, 31), date(2024, 3, 31))}
    text = (pages.folder / "engineers/windows.html").read_text(encoding="utf-8")
    drawn = {
        (date.fromisoformat(one), date.fromisoformat(other))
        for one, other in re.findall(r'data-from="([^"]+)" data-to="([^"]+)"', text)
    }
    neighbours = set(pairwise(point.window_end for point in picture.points))
    assert drawn == neighbours - wanted
    assert "2023 年 12 月与2024 年 3 月之间不连线" in text
    # the circles of extrapolated windows are dashed, except the circle of the report
    assert text.count("stroke-dasharray") == len(picture.points) - 1


def test_the_last_window_states_since_when_its_inputs_are_carried(reader: Reader) -> None:
    (picture,) = pictures(Writer("en", "engineers/windows.html"), reader)
    notes = " ".join(picture.notes)
    for words in ("since September 2021: published coefficient b0", "since December 2021: average"):
        assert words in notes
    assert "since August 2024: creators with income." in notes
    assert "Backtest: the method is 15.3% above the total of" in notes


def test_a_carried_part_and_input_state_since_when(
    built_project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No shipped report has one in its own window; a report of an inputs folder may."""
    since = date(2020, 12, 31)
    read = Reader.__init__

    def with_carried_steps(self: Reader, *arguments: object) -> None:
        read(self, *arguments)  # type: ignore[arg-type]
        for step in self.steps["kuaishou_2022"]:
            if step["step_id"] in {"gmv", "merchants"}:
                step["carried_since"] = since

    monkeypatch.setattr(Reader, "__init__", with_carried_steps)
    write_pages(built_project.database, tmp_path, "test", Release("2026-01-01"), {})
    for language, page in (("zh", "index.html"), ("en", "en/index.html")):
        words = carried(Writer(language, "index.html"), since)
        part = (tmp_path / page).read_text(encoding="utf-8").partition('id="part-merchants"')[2]
        row, _, trace = part.partition('<div class="trace')
        trace = trace.partition("</li>")[0]
        assert words in row
        assert trace.count(words) == 2  # of the part, and of its input


def test_parts_of_an_estimate_state_the_earliest_period(built_project: Project) -> None:
    with duckdb.connect(str(built_project.database), read_only=True) as connection:
        rows = dict(
            connection.execute(
                "select component_id, carried_since from marts.fct_all_jobs"
                " where estimate_key = 'kuaishou/2024-12-31/report'"
            ).fetchall()
        )
        ((differing,),) = connection.execute(
            "select count(*) from marts.fct_estimates as estimates inner join ("
            "  select estimate_key, min(carried_since) as carried_since from marts.fct_all_jobs"
            "  group by estimate_key"
            ") as parts using (estimate_key)"
            " where estimates.carried_since is distinct from parts.carried_since"
        ).fetchall()
    assert rows == {
        "direct": date(2024, 8, 31),
        "creator_teams": date(2021, 12, 31),
        "institutions": date(2021, 12, 31),
        "merchants": date(2021, 9, 30),
        "supply_chain": date(2021, 9, 30),
    }
    assert differing == 0


def test_no_headline_speaks_of_growth(
    built_project: Project, pages: Pages, capsys: pytest.CaptureFixture[str]
) -> None:
    held = 0
    for page in pages.folder.rglob("*.html"):
        if "evidence" in page.parts:  # titles of sources, in their own words
            continue
        for heading in HEADING.findall(page.read_text(encoding="utf-8")):
            assert not GROWTH.search(heading), (page, heading)
            held += 1
    assert held > 100
    with duckdb.connect(str(built_project.database), read_only=True) as connection:
        reports = connection.execute("select report_id from marts.dim_reports").fetchall()
    for (report,) in reports:
        main(["headlines", report, "--database", str(built_project.database)])
        title = capsys.readouterr().out.splitlines()[0]
        assert f"[{report}]" in title
        assert not GROWTH.search(title), title


def test_a_change_across_a_carried_input_is_not_called_growth() -> None:
    day, before = date(2024, 3, 31), date(2023, 12, 31)
    effects = ("gmv", "intensity", "ratio", "content", "direct")
    row = {
        "change_wan": Decimal(455),
        "from_window_end": before,
        "has_carried_change": True,
        **{f"{effect}_effect_wan": Decimal(91) for effect in effects},
    }
    known = {"backtest_report_id": "later", "backtest_error_share": Decimal("0.152689")}
    total = {day: {"jobs": Decimal("4767.2876"), "is_extrapolated": True, **known}}
    assert moved({}, total, [row])[0] == (
        "new: twelve months to 2024-03-31: 4,770 万 (extrapolated; backtest +15.3% (later))"
    )
    earlier = {day: {"jobs": Decimal("4767.5")}}
    assert moved(earlier, total, [])[0] == ("moved: twelve months to 2024-03-31: 4,770 万, -0.212")
    assert moved({}, total, [row])[-1].startswith("not growth alone: ")
    assert "not growth alone" not in " ".join(
        moved({}, total, [row | {"has_carried_change": False}])
    )
