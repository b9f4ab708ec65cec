"""A source that is overdue on the day of the build, or on a fixed day, is a warning everywhere."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import duckdb
import pytest
from conftest import Project

from platform_employment.cli import main
from platform_employment.site.pages import Release, write_pages

BEFORE, BEYOND = date(2020, 1, 1), date(2099, 1, 1)


@pytest.mark.parametrize("day", [pytest.param(BEFORE, marks=pytest.mark.slow), BEYOND])
def test_a_build_warns_of_what_is_overdue_on_the_fixed_day(
    built_project: Project, tmp_path: Path, day: date
) -> None:
    with duckdb.connect(str(built_project.database), read_only=True) as connection:
        ((overdue,),) = connection.execute(
            "select count(*) from audit.aud_source_freshness"
            " where stopped_on is null and expected_by < ?",
            [day],
        ).fetchall()
    assert (overdue > 1) == (day == BEYOND)
    # a copy: dbt opens the database to write, and others read it meanwhile
    build = built_project.copy(tmp_path)
    result = build.dbt("test", "--select", "sources_are_fresh", "--vars", f"as_of: {day}")
    assert result.returncode == 0, result.stdout
    warned = re.findall(r"Got (\d+) results", result.stdout)
    assert warned == ([str(overdue)] if overdue else [])


@pytest.fixture(scope="module", params=[BEFORE, BEYOND])
def fixed_day(
    request: pytest.FixtureRequest, built_project: Project, tmp_path_factory: pytest.TempPathFactory
) -> tuple[date, Path]:
    """A copy of the build as one of a fixed day would be."""
    database = tmp_path_factory.mktemp("fixed") / "dev.duckdb"
    shutil.copy2(built_project.database, database)
    with duckdb.connect(str(database)) as connection:
        connection.execute(
            "update audit.aud_source_freshness set as_of = ?, searched_on = null", [request.param]
        )
    return request.param, database


def test_headlines_and_the_first_page_warn_on_the_fixed_day(
    fixed_day: tuple[date, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """On any day of the command, and for any date of the release."""
    day, database = fixed_day
    is_overdue = day == BEYOND
    assert main(["headlines", "--database", str(database)]) == 0
    assert ("逾期 overdue: 快手" in capsys.readouterr().out) == is_overdue
    release = Release(str(BEFORE if is_overdue else BEYOND))
    write_pages(database, tmp_path, "test", release, {})
    for page, words in (("index.html", "下一期应在"), ("en/index.html", "next was expected by")):
        text = (tmp_path / page).read_text(encoding="utf-8")
        assert (words in text) == is_overdue
