"""The pages in a browser: numbers of the warehouse, in both languages, at any width."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import duckdb
import pytest
from chromium import Chromium
from site_fixtures import Docs
from site_pages import CHINESE, SMALL_TARGETS, STRAY_DIGITS, embedded, wrong_facts

from platform_employment.release.exports import write_pages
from platform_employment.release.marts_file import ReleaseRow
from platform_employment.release.store import DATABASE_FILE, DOCS_FOLDER
from platform_employment.site.pages import ENGINEERS, PAGES, as_json

pytest_plugins = ["site_fixtures"]

OWN_PAGES = [page.file for page in PAGES]
ALL_PAGES = [*OWN_PAGES, *(file for file, _ in ENGINEERS)]
LANGUAGES = {"zh": "", "en": "#lang=en"}
FIRST_PAGE_BYTES = 1_200_000
OWN_BYTES = 3_000_000
# what printed decimals can differ by, and a limit of draws
AS_PRINTED, AS_DRAWN = 5e-5, 1e-3


def test_folder_holds_every_page(docs: Docs) -> None:
    assert sorted(path.name for path in docs.folder.iterdir()) == sorted(ALL_PAGES)
    sizes = {name: (docs.folder / name).stat().st_size for name in OWN_PAGES}
    assert sizes["index.html"] <= FIRST_PAGE_BYTES
    assert sum(sizes.values()) <= OWN_BYTES


def test_a_release_writes_pages_that_name_it(docs: Docs, tmp_path: Path) -> None:
    (tmp_path / DATABASE_FILE).symlink_to(docs.database)
    row = ReleaseRow("20260101T000000Z-abcdef01", "2026-01-01T00:00:00Z", "c0ffee" * 7, "f" * 64)
    write_pages(docs.target, row, "7 of 9 figures moved", tmp_path)
    folder = tmp_path / DOCS_FOLDER
    assert sorted(path.name for path in folder.iterdir()) == sorted(ALL_PAGES)
    text = (folder / "release.html").read_text(encoding="utf-8")
    for said in (row.release_id, "c0ffeec0ffee", "2026-01-01", "7 of 9 figures moved"):
        assert said in text, said


@pytest.mark.parametrize("name", OWN_PAGES)
def test_links_stay_in_the_folder(docs: Docs, browser: Chromium, name: str) -> None:
    browser.open(docs.address(name), settle=0.3)
    links = browser.evaluate("[...document.links].map((link) => link.getAttribute('href'))")
    files = {re.split(r"[#?]", link)[0] for link in links if not re.match(r"https?:|#", link)}
    assert {file for file in files if not (docs.folder / file).is_file()} == set()
    html = (docs.folder / name).read_text(encoding="utf-8")
    assert "default-src 'none'" in html
    assert not re.findall(r'(?:src|href)="(?!data:)[^"]*:', html.partition("<body>")[0])


@pytest.mark.parametrize("name", ALL_PAGES)
def test_no_request_leaves_the_machine(docs: Docs, browser: Chromium, name: str) -> None:
    browser.open(docs.address(name))
    urls = browser.requested_urls()
    assert docs.address(name) in urls
    assert {url.partition(":")[0] for url in urls} <= {"file", "data", "blob"}
    # a hint asks for a connection without a request that could be seen
    hints = "link[rel~=preconnect], link[rel~=dns-prefetch], link[rel~=prefetch]"
    assert browser.evaluate(f"document.querySelectorAll('{hints}').length") == 0


def test_a_request_that_would_leave_is_seen(browser: Chromium, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<script>fetch('https://example.invalid/')</script>", encoding="utf-8")
    browser.open(f"file://{page}")
    assert "https://example.invalid/" in browser.requested_urls()


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", OWN_PAGES)
def test_page_says_what_the_warehouse_says(
    docs: Docs, browser: Chromium, name: str, language: str, width: int
) -> None:
    browser.open(docs.address(name) + LANGUAGES[language], width=width, settle=0.6)
    assert browser.errors() == []
    assert browser.evaluate("document.documentElement.scrollWidth") <= width
    assert (
        browser.evaluate("document.documentElement.lang") == {"zh": "zh-CN", "en": "en"}[language]
    )
    assert wrong_facts(browser, docs.folder / name, language) == []
    assert browser.evaluate(STRAY_DIGITS) == []
    assert browser.evaluate(SMALL_TARGETS) == []
    if language == "en":
        assert browser.evaluate(CHINESE) == []


def marts(docs: Docs, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(docs.database), read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_the_page_works_out_every_chain_as_the_warehouse(docs: Docs, browser: Chromium) -> None:
    browser.open(docs.address("index.html"), settle=0.3)
    found = browser.evaluate(
        "Object.fromEntries(CHAINS.filter(isEstimated).flatMap((chain) => {"
        " const values = workedOut(chain);"
        " return componentsOf(chain.method_id).map((row) =>"
        "  [`${chainKey(chain)}|${row.component_id}`, values[row.component_id]]); }))"
    )
    wanted = {
        f"{platform}|{end}|{scenario}|{component}": float(jobs)
        for platform, end, scenario, component, jobs in marts(
            docs,
            "select platform_id, window_end, scenario_id, component_id, jobs_wan_of_scenario"
            " from (from marts.fct_jobs union all by name from marts.fct_job_totals)",
        )
    }
    assert found.keys() == wanted.keys()
    off = {k: (found[k], wanted[k]) for k in wanted if abs(found[k] - wanted[k]) > AS_PRINTED}
    assert off == {}


def test_the_page_replays_every_layer_as_the_warehouse(docs: Docs, browser: Chromium) -> None:
    """All that inputs vary; definitions and the limits of fits are read, not replayed."""
    wanted = {
        "|".join(map(str, key)): tuple(None if end is None else float(end) for end in ends)
        for *key, low, high in marts(
            docs,
            "select platform_id, window_end, scenario_id, layer, interval_method, component_id,"
            " low_wan, high_wan from marts.fct_uncertainty where layer in ('printing',"
            " 'assumptions', 'open') and interval_method in ('corners', 'monte_carlo')",
        )
        for ends in [(low, high)]
    }
    browser.open(docs.address("index.html"), settle=0.3)
    chains = browser.evaluate("CHAINS.filter(isEstimated).length")
    found: dict[str, list[float | None]] = {}
    for first in range(0, chains, 20):  # an answer has to come within the patience of a test
        found |= browser.evaluate(
            f"Object.fromEntries(CHAINS.filter(isEstimated).slice({first}, {first + 20})"
            ".flatMap((chain) => Object.entries(layersOf(chain))"
            ".map(([name, ends]) => [`${chainKey(chain)}|${name}`, ends])))"
        )
    assert found.keys() == wanted.keys()
    for name, ends in wanted.items():
        assert found[name] == pytest.approx(list(ends), abs=AS_DRAWN), name


def test_embedded_rows_are_those_of_the_marts(docs: Docs) -> None:
    tables = embedded(docs.folder / "index.html")["tables"]
    rows = [dict(zip(tables["jobs"]["c"], row, strict=True)) for row in tables["jobs"]["r"]]
    wanted = marts(
        docs,
        "select report_id, component_key, jobs_wan_of_scenario, jobs.weakest_provenance"
        " from marts.dim_reports"
        " join (from marts.fct_jobs union all by name from marts.fct_job_totals) as jobs"
        " using (platform_id, window_end, scenario_id) order by all",
    )
    columns = ("report_id", "component_key", "jobs_wan", "weakest_provenance")
    found = sorted(tuple(row[name] for name in columns) for row in rows)
    assert found == [(a, b, float(c), d) for a, b, c, d in wanted]


@pytest.mark.parametrize("text", ["</script><script>alert(1)</script>", "<!--<script>", "\u2028"])
def test_no_text_ends_the_data(text: str) -> None:
    assert not re.search(r"<|\u2028", as_json({"a": text}))
