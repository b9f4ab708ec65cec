"""The pages of three releases at every width: shipped, with an invented institute, and it alone."""

from __future__ import annotations

import json
import runpy
from dataclasses import dataclass
from pathlib import Path

import pytest
from chromium import Chromium
from conftest import PROJECT_DIR, copy_project
from site_pages import faults_of

from platform_employment.site.build import seed_files
from platform_employment.site.pages import PAGES, Release, write_pages

pytest_plugins = ["site_fixtures"]
pytestmark = pytest.mark.site

INSTITUTE = runpy.run_path(str(PROJECT_DIR / "tests/fixtures/make_invented_institute.py"))
WIDTHS = (320, 390, 768, 1440)


@dataclass(frozen=True)
class Site:
    """Pages of a build, and whether what ships is in it."""

    folder: Path
    has_shipped: bool


@pytest.fixture(scope="module", params=["shipped", "both", "alone"])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Site:
    folder = tmp_path_factory.mktemp(request.param)
    project = copy_project(folder)
    environment = {}
    if request.param != "shipped":
        INSTITUTE["write"](folder / "inputs", alone=request.param == "alone")
        environment["PLATFORM_EMPLOYMENT_INPUTS"] = "inputs"
    if request.param == "both":  # there is one default report
        reports = folder / "inputs/report/reports.csv"
        text = reports.read_text(encoding="utf-8").replace(",true,", ",false,")
        reports.write_text(text, encoding="utf-8")
    result = project.dbt("build", **environment)
    assert result.returncode == 0, result.stdout
    pages = folder / "pages"
    pages.mkdir()
    manifest = json.loads((folder / "target/manifest.json").read_text(encoding="utf-8"))
    write_pages(project.database, pages, "p", Release("2026-01-01"), seed_files(manifest))
    return Site(pages, request.param != "alone")


def test_every_page_holds_at_every_width(site: Site, browser: Chromium) -> None:
    faults: list[str] = []
    for path in sorted(site.folder.glob("*.html")):
        for language, state in (("zh", ""), ("en", "#lang=en")):
            for width in WIDTHS:
                browser.open(f"file://{path}{state}", width=width, settle=0.5)
                found = faults_of(browser, path, language, width)
                faults += [f"{path.name} {language} {width}: {fault}" for fault in found]
    assert faults == []


def test_nothing_is_said_of_what_is_not_there(site: Site, browser: Chromium) -> None:
    written = {path.name for path in site.folder.glob("*.html")}
    assert PAGES[0].file in written
    for name in written:
        text = (site.folder / name).read_text(encoding="utf-8")
        assert ("快手" in text or "Kuaishou" in text) <= site.has_shipped, name
        browser.open(f"file://{site.folder / name}", settle=0.3)
        files = browser.evaluate(
            "[...document.querySelectorAll('nav a')].map((a) => a.getAttribute('href'))"
        )
        assert {file.partition("#")[0] for file in files} == written
