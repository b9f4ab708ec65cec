"""The pages of our own: HTML files that open from disk, in Chinese and English.

Each is one file with its style, fonts, data and scripts inside, and a policy under which a request
cannot happen. Python embeds rows; the scripts write what one reads.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from platform_employment.project import DATABASE_VARIABLE, DEFAULT_DATABASE
from platform_employment.site import estimates
from platform_employment.site.queries import (
    QUERIES,
    Table,
    embedded,
    read_points,
    read_sheets,
    read_tables,
)

DBT_PAGE = "dbt.html"
COLUMNS_PAGE = "columns.html"
FONTS = (
    ("Source Sans 3", 400, "source-sans-3-latin-400-normal.woff2"),
    ("Source Sans 3", 600, "source-sans-3-latin-600-normal.woff2"),
    ("Source Serif 4", 600, "source-serif-4-latin-600-normal.woff2"),
)
# rows that a page has in fewer words, see `chains`
_WRITTEN_SHORT = {"inputs", "combinations"}
MOST_CHANGES = 300
_MEGABYTE = 1_000_000
_WORDS = ("reports", "platforms", "units", "provenance_kinds")


class Text(NamedTuple):
    """The same text in Chinese and in English."""

    zh: str
    en: str


@dataclass(frozen=True)
class Page:
    """One page: `reads` names the queries whose rows it embeds, `scripts` what writes it.

    `needs`: without a row of one of these the page is not written.
    """

    file: str
    title: Text
    reads: tuple[str, ...]
    scripts: tuple[str, ...]
    needs: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Its name in exposures."""
        return f"page_{self.file.removesuffix('.html')}"


_METHOD = ("scenarios", "components", "method_steps", "method_inputs")
PAGES = (
    Page(
        "index.html",
        Text("总览", "Overview"),
        (*_WORDS, *_METHOD, "strength_counts", "sources", "jobs", "steps", "gmv_parts",
         "uncertainty", "swings", "linked_figures",
         "findings", "inputs", "offered", "definitions", "choices", "combinations", "options",
         "effects"),
        ("draws", "model", "charts", "whatif", "choices", "index"),
    ),
    Page(
        "time.html",
        Text("随时间", "Over time"),
        (*_WORDS, "totals", "total_limits", "headlines_by_report", "gmv", "growth"),
        ("charts", "time"),
    ),
    Page(
        "estimators.html",
        Text("估计量", "Estimators"),
        (*_WORDS, "estimators", "coefficients", "diagnostics", "points"),
        ("charts", "estimators"),
        ("estimators",),
    ),
    Page(
        "multipliers.html",
        Text("带动系数", "Multipliers"),
        (*_WORDS, "multipliers", "ratios"),
        ("charts", "multipliers"),
        ("multipliers",),
    ),
    Page(
        "platforms.html",
        Text("各平台", "Platforms"),
        (*_WORDS, "headlines_by_report", "published_estimates", "answers", "findings",
         "sources"),
        ("charts", "platforms"),
    ),
    Page(
        "figures.html",
        Text("数字台账", "Figures"),
        (*_WORDS, "strength_counts", "figures", "traces"),
        ("figures",),
        ("figures",),
    ),
    Page(
        "sheets.html",
        Text("审读单", "Verdict sheets"),
        (*_WORDS, "sheets"),
        ("sheets",),
        ("sheets",),
    ),
    Page(
        "findings.html",
        Text("方法发现", "Findings"),
        (*_WORDS, "findings", "criticism", "linked_figures", "choices", "method_steps",
         "method_inputs"),
        ("findings",),
        ("findings",),
    ),
    Page(
        "expectations.html",
        Text("预期检验", "Expectations"),
        ("provenance_kinds", "units", "expectations"),
        ("expectations",),
        ("expectations",),
    ),
    Page(
        "release.html",
        Text("发布", "Release"),
        ("provenance_kinds", "units", "seed_files"),
        ("release",),
    ),
)  # fmt: skip
ENGINEERS = (
    (COLUMNS_PAGE, Text("列级血缘", "column lineage")),
    (DBT_PAGE, Text("dbt 文档", "dbt docs")),
)


@dataclass(frozen=True)
class Release:
    """What the pages say of the build: of a release its id, or only when it was built.

    tables_sha256: one hash of all tables; changes: lines that say what moved since the one before.
    """

    date: str
    id: str = ""
    commit: str = ""
    tables_sha256: str = ""
    changes: str = ""


def write_pages(database: Path, folder: Path, project: str, release: Release, seeds: Table) -> None:
    """Write our pages into a folder that exists.

    database: a built warehouse, opened read-only; project: the name that the pages bear; release:
    what they say of the build; seeds: the files that it is built from. Pages of other tools that
    are in the folder are named with their size.

    Raises:
        UserError: the warehouse, or a table in it that a page shows, is not there.
    """
    tables = read_tables(database)
    tables |= {"points": read_points(database), "seed_files": seeds}
    tables["sheets"] = read_sheets(database)
    methods = estimates.methods(
        *(tables[name].dicts() for name in ("method_inputs", "method_steps", "components", "units"))
    )
    written = [page for page in PAGES if all(tables[name].rows for name in page.needs)]
    shared: dict[str, Any] = {
        "project": project,
        "release": {"id": release.id, "date": release.date, "commit": release.commit},
        "tables_sha256": release.tables_sha256,
        "pages": [
            {"file": page.file, "title_zh": page.title.zh, "title_en": page.title.en}
            for page in written
        ],
        "engineers": [
            {
                "file": file,
                "title_zh": title.zh,
                "title_en": title.en,
                "megabytes": round((folder / file).stat().st_size / _MEGABYTE, 1),
            }
            for file, title in ENGINEERS
            if (folder / file).is_file()
        ],
    }
    shared["changes"] = ""
    for page in PAGES:
        if page not in written:  # of a build that had more
            (folder / page.file).unlink(missing_ok=True)
    for page in written:
        if "release" in page.scripts:
            shared["changes"] = "\n".join(release.changes.splitlines()[:MOST_CHANGES])
        html = render(page, tables, shared, estimates.script(methods))
        (folder / page.file).write_text(html, encoding="utf-8")


def render(page: Page, tables: Mapping[str, Table], shared: Mapping[str, Any], methods: str) -> str:
    """A page as text."""
    shown = {
        name: tables[name] for name in page.reads if name in tables and name not in _WRITTEN_SHORT
    }
    data: dict[str, Any] = {
        **shared,
        "page": page.file,
        "title_zh": page.title.zh,
        "title_en": page.title.en,
        "tables": embedded(shown),
    }
    scripts = ["numbers", "base", *page.scripts]
    if "inputs" in page.reads:
        data["chains"] = estimates.chains(tables["inputs"])
        data["tokens"] = {
            f"{row['method_id']}/{row['step_id']}": estimates.tokens(row["formula"])
            for row in tables["method_steps"].dicts()
        }
    if "combinations" in tables and "combinations" in page.reads:
        data["combinations"] = estimates.combinations(tables["combinations"])
    own = "\n".join(_asset("scripts", f"{name}.js") for name in scripts)
    if "model" in page.scripts:
        own = f"{methods}\n{own}"
    return (
        _asset("templates", "page.html")
        .replace("{{style}}", style())
        .replace("{{title}}", page.title.zh)
        .replace("{{data}}", as_json(data))
        .replace("{{vendor}}", _asset("vendor", "htm-preact.js"))
        .replace("{{scripts}}", own)
    )


def as_json(data: Any) -> str:
    """JSON that can stand in a script element: nothing in it ends one."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


@cache
def style() -> str:
    """The style of all pages, fonts inside."""
    fonts = "".join(
        f"@font-face{{font-family:'{family}';font-weight:{weight};font-display:swap;"
        f"src:url(data:font/woff2;base64,{_base64('fonts', file)}) format('woff2')}}"
        for family, weight, file in FONTS
    )
    return fonts + _asset("templates", "style.css")


@cache
def _asset(folder: str, name: str) -> str:
    return (files(__package__) / folder / name).read_text(encoding="utf-8")


def _base64(folder: str, name: str) -> str:
    return base64.b64encode((files(__package__) / folder / name).read_bytes()).decode("ascii")


def default_database(project: Path) -> Path:
    """Give the warehouse that the profile of the project names."""
    return project / os.environ.get(DATABASE_VARIABLE, DEFAULT_DATABASE)


def queries_of(page: Page) -> dict[str, str]:
    """The queries whose rows a page embeds."""
    return {name: QUERIES[name] for name in page.reads if name in QUERIES}
