"""The docs folder: pages and dbt's page, exposures, colours, and the block in the README."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import duckdb
import pytest
from conftest import PROJECT_DIR
from site_fixtures import Pages

from platform_employment.errors import UserError
from platform_employment.reference_pages import main as reference_main
from platform_employment.reference_pages import reports_page
from platform_employment.site.build import DBT_FILES, build_docs
from platform_employment.warehouse import Row

pytest_plugins = ["site_fixtures"]
PROJECT = "platform_employment"
WEAKEST_FIRST = [
    "synthetic",
    "assumed",
    "borrowed",
    "derived",
    "published",
    "disclosed",
    None,
]


# what is missing is named in one line


def test_missing_pieces_are_one_line(pages: Pages, tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.mkdir()
    with pytest.raises(UserError, match='Run "dbt docs generate --static" first'):
        build_docs(target, pages.database, tmp_path / "site")
    for name in DBT_FILES:
        (target / name).write_text(json.dumps(pages.manifest), encoding="utf-8")
    with pytest.raises(UserError, match='Run "dbt build"'):
        build_docs(target, tmp_path / "none.duckdb", tmp_path / "site")
    duckdb.connect(str(tmp_path / "empty.duckdb")).close()
    with pytest.raises(UserError, match='Run "dbt build" again') as error:
        build_docs(target, tmp_path / "empty.duckdb", tmp_path / "site")
    assert "\n" not in str(error.value)


def test_docs_have_the_page_of_dbt(pages: Pages, tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.mkdir()
    for name in DBT_FILES:
        (target / name).write_text(json.dumps(pages.manifest), encoding="utf-8")
    build_docs(target, pages.database, tmp_path / "site")
    assert (tmp_path / "site/dbt.html").is_file()
    text = (tmp_path / "site/en/engineers.html").read_text(encoding="utf-8")
    assert 'href="../dbt.html"' in text


# exposures and colours


PACKAGE = PROJECT_DIR / "python/platform_employment"


def in_marts(node: dict[str, Any]) -> bool:
    return bool(node["resource_type"] == "model" and node["schema"] in {"marts", "audit"})


def test_every_published_table_figure_and_page_has_an_exposure(pages: Pages) -> None:
    exposures = {found["name"]: found for found in pages.manifest["exposures"].values()}
    read = {name: set(found["depends_on"]["nodes"]) for name, found in exposures.items()}
    reports = {
        node["unique_id"]
        for node in pages.manifest["nodes"].values()
        if in_marts(node) and node["name"].startswith("rpt_")
    } | {
        f"model.{PROJECT}.{name}"
        for name in (
            *("dim_reports", "dim_employment_types", "aud_exhibits"),
            *("aud_figure_reconciliation", "aud_verification_counts"),
        )
    }
    assert set().union(*(nodes for name, nodes in read.items() if name != "pages")) == reports
    present = {name.rpartition(".")[2]: name for name in pages.manifest["nodes"]}
    source = "".join(
        path.read_text(encoding="utf-8")
        for path in (
            PACKAGE / "one_page.py",
            PACKAGE / "site/engineers.csv",
            *sorted((PACKAGE / "site").glob("*.py")),
        )
    )
    named = set(re.findall(r"(?:marts|audit)\.(\w+)", source))
    assert read["pages"] == {present[name] for name in named if name in present}


def test_colour_of_a_seed_is_that_of_its_weakest_provenance(pages: Pages) -> None:
    colours: dict[str, set[str | None]] = {}
    for node in pages.manifest["nodes"].values():
        if node["resource_type"] == "seed" and node["name"] != "provenance_kinds":
            path = PROJECT_DIR / node["original_file_path"]
            with path.open(encoding="utf-8", newline="") as file:
                kinds = {row.get("provenance") or None for row in csv.DictReader(file)}
            # a list without rows or without provenance counts as evidence
            weakest = min(kinds, key=WEAKEST_FIRST.index, default=None)
            group = weakest if weakest in {"assumed", "synthetic"} else "evidence"
            colours.setdefault(group, set()).add(node["config"]["docs"]["node_color"])
    assert all(len(found) == 1 for found in colours.values()), colours
    assert len({colour for found in colours.values() for colour in found}) == 3
    overview = (PROJECT_DIR / "models/overview.md").read_text(encoding="utf-8")
    assert all(str(colour) in overview for found in colours.values() for colour in found)


def test_every_model_has_a_colour_of_the_legend(pages: Pages) -> None:
    overview = (PROJECT_DIR / "models/overview.md").read_text(encoding="utf-8")
    for node in pages.manifest["nodes"].values():
        if node["resource_type"] == "model":
            assert node["config"]["docs"]["node_color"] in overview, node["name"]


# Reference pages


def test_reference_pages_are_current(
    pages: Pages, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(PROJECT_DIR)
    code = reference_main(["--check", "--database", str(pages.database)])
    assert (code, capsys.readouterr().err) == (0, "")


def statuses_of(report_id: str, numbers: dict[str, tuple[int, str | None]]) -> list[Row]:
    """Rows of counts; numbers: of each status how many, and the ones of the calculation."""
    return [
        {
            "report_id": report_id,
            "title_zh": f"报告{report_id}",
            "title_en": f"Report {report_id}",
            "verification_status": status,
            "name_zh": status,
            "name_en": status,
            "phrase_zh": f"属{status}",
            "phrase_en": f"called {status}",
            "independent_equations": 2 if status == "disputed" else 0,
            "equation_owners": "the bureau; OECD" if status == "disputed" else None,
            "numbers": count,
            "calculated_numbers": 0 if printed is None else printed.count(",") + 1,
            "printed_numbers_zh": printed and printed.replace(", ", "、"),
            "printed_numbers_en": printed,
        }
        for status, (count, printed) in numbers.items()
    ]


def test_reports_page_has_a_section_per_report() -> None:
    counts = [
        *statuses_of("one", {"disputed": (2, "4, 5"), "assumed": (1, "7"), "unchecked": (9, None)}),
        *statuses_of("two", {"consistent": (0, None), "unchecked": (1, None)}),
    ]
    _, *sections = reports_page(counts).split("\n## ")
    assert sections == [
        "Report one\n\n`one` · 报告one\n\n"
        "Of 3 numbers of the calculation 2 are called disputed (4, 5), 1 is"
        " called assumed (7). Of 9 further numbers 9 are called unchecked. Independent equations"
        " that test them: 2 (2 disputed, data of the bureau; OECD).\n\n"
        "计算中的3个数字：属disputed2个（4、5），属assumed1个（7）。其余9个数字：属unchecked9个。"
        "检验这些数字的独立等式：2个（disputed2个，数据来自the bureau; OECD）。\n",
        "Report two\n\n`two` · 报告two\n\n"
        "No number of it is calculated. Of 1 further number 1 is called"
        " unchecked. Independent equations that test them: 0.\n\n"
        "没有进入计算的数字。其余1个数字：属unchecked1个。检验这些数字的独立等式：0个。\n",
    ]


def test_reference_command_checks_and_writes(
    pages: Pages, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("dbt_project.yml", "seeds", "models"):
        (tmp_path / name).symlink_to(PROJECT_DIR / name)
    (tmp_path / "docs/reference").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    arguments = ["--database", str(pages.database)]
    assert reference_main([*arguments, "--check"]) == 1
    assert reference_main(arguments) == 0
    assert reference_main([*arguments, "--check"]) == 0
    with (tmp_path / "docs/reference/cli.md").open("a", encoding="utf-8") as file:
        file.write("by hand")
    assert reference_main([*arguments, "--check"]) == 1
    assert reference_main(["--check", "--database", str(tmp_path / "none")]) == 2
