"""The pages of own data that nobody made them for: 500 windows, a method of 60 steps, no total."""

from __future__ import annotations

import itertools
import json
import runpy
from pathlib import Path

import duckdb
import pytest
from chromium import Chromium
from conftest import PROJECT_DIR, copy_project
from site_pages import faults_of

from platform_employment.site.build import seed_files
from platform_employment.site.pages import Release, write_pages

pytest_plugins = ["site_fixtures"]
pytestmark = pytest.mark.site

INSTITUTE = runpy.run_path(str(PROJECT_DIR / "tests/fixtures/make_invented_institute.py"))
QUARTERS = (
    ("01-01", "03-31"),
    ("04-01", "06-30"),
    ("07-01", "09-30"),
    ("10-01", "12-31"),
)
FIRST, WINDOWS, PORTS, LEGS = 1950, 500, 24, 34
TOTAL = 21 + 41 * (1 + PORTS * 0.25 * 0.5)  # as the institute, and half of a quarter a port
LONG = {
    "name_zh": "在第{n}号港口由转运和仓储带动、按前一段路程折算的全时当量就业",
    "name_en": "full-time equivalents brought about by transshipment and storage at port {n}",
}


def large() -> dict[str, list[dict[str, str]]]:
    """Rows of the invented institute, grown: ports behind a row of legs, and quarters of GMV."""
    tables: dict[str, list[dict[str, str]]] = INSTITUTE["tables"]()
    step, component = INSTITUTE["_step"], INSTITUTE["_component"]
    steps, components = tables["method/steps"], tables["method/components"]
    del steps[-1], components[-1]  # what is induced
    tables["method/inputs"].append(INSTITUTE["_input"]("kept", "ratio", "-", "multiplier", "true"))
    tables["platform/input_values"].append(
        INSTITUTE["_value"]("kept", "-", "1", "ratio", "0.999", "1.001")
    )
    steps.append(step("leg_1", "stalls * spending_ratio / 2"))
    steps += [step(f"leg_{n}", f"leg_{n - 1} * kept") for n in range(2, LEGS + 1)]
    for n in range(1, PORTS + 1):
        named = {key: text.format(n=n) for key, text in LONG.items()}
        leg = f"leg_{LEGS - PORTS + n}"
        steps.append(step(f"port_{n}", leg, component=f"port_{n}") | named)
        components.append(component(n + 3, f"port_{n}", "total", "induced") | named)
    for row in steps:  # parts that have more digits than a total would not add up to it
        row["decimals"] = "4"
    # inputs of the first year are carried to all later ones
    for row in tables["method/inputs"]:
        row["is_carried"] = "true"
    for row in tables["platform/input_values"]:
        row |= {"period_start": f"{FIRST}-01-01", "period_end": f"{FIRST}-12-31"}
    for row in tables["report/reports"]:
        row["window_end"] = f"{FIRST}-12-31"
    (gmv,) = tables["platform/gmv_disclosures"]
    tables["platform/gmv_disclosures"] = [
        gmv
        | {
            "disclosure_id": f"ferry_{year}_{start}",
            "period_start": f"{year}-{start}",
            "period_end": f"{year}-{end}",
            "gmv_yi_yuan": "205" if year == FIRST else str(150 + n % 60),
        }
        for n, (year, (start, end)) in enumerate(
            itertools.product(range(FIRST, FIRST + WINDOWS // 4 + 1), QUARTERS)
        )
        if n < WINDOWS + 3  # three quarters more than windows of four
    ]
    for name in ("report/figure_ledger", "report/figure_links"):
        tables[name] = [
            row
            for row in tables[name]
            if row["figure_id"] in {"harbour_couriers", "harbour_stalls"}
        ]
    return tables


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("large")
    project = copy_project(folder)
    INSTITUTE["write"](folder / "inputs", large())
    result = project.dbt("build", PLATFORM_EMPLOYMENT_INPUTS="inputs")
    assert result.returncode == 0, result.stdout
    with duckdb.connect(str(project.database), read_only=True) as connection:
        ((steps,),) = connection.execute(
            "select count(*) from marts.dim_steps where method_id = 'harbour_2024'"
        ).fetchall()
        ((windows,),) = connection.execute(
            "select count(distinct window_end) from marts.fct_job_totals"
        ).fetchall()
    assert steps >= 60
    assert windows >= WINDOWS
    made = folder / "pages"
    made.mkdir()
    manifest = json.loads((folder / "target/manifest.json").read_text(encoding="utf-8"))
    write_pages(project.database, made, "p", Release("2026-01-01"), seed_files(manifest))
    return made


def test_large_pages_are_right_and_readable(pages: Path, browser: Chromium) -> None:
    sizes = {path.name: path.stat().st_size for path in pages.glob("*.html")}
    assert sizes["index.html"] <= 1_200_000
    assert sum(sizes.values()) <= 3_000_000
    faults = []
    for name in sizes:
        for language, state in (("zh", ""), ("en", "#lang=en")):
            for width in (390, 1440):
                browser.open(f"file://{pages / name}{state}", width=width, settle=1)
                found = faults_of(browser, pages / name, language, width)
                faults += [f"{name} {language} {width}: {fault}" for fault in found]
    assert faults == []


def test_a_total_that_nobody_printed_is_the_sum_of_its_parts(
    pages: Path, browser: Chromium
) -> None:
    browser.open(f"file://{pages / 'index.html'}#lang=en", settle=1)
    assert "prints no total" in browser.evaluate("document.querySelector('.honest').textContent")
    code = "workedOut(chosenChain(reportOf())).total"
    assert browser.evaluate(code) == pytest.approx(TOTAL, abs=0.01)
    assert browser.evaluate("document.querySelectorAll('#window option').length") == WINDOWS
    assert browser.evaluate("document.querySelectorAll('button.water').length") == PORTS + 4
    took = browser.evaluate(
        "(() => { const input = document.querySelector('.control input[type=range]');"
        " const start = performance.now(); input.value = Number(input.min);"
        " input.dispatchEvent(new Event('input', { bubbles: true }));"
        " document.body.offsetHeight; return performance.now() - start; })()"
    )
    assert took < 500
