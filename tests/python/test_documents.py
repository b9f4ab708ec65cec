"""What the documents say of files and tables is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from conftest import PROJECT_DIR

DOCUMENTS = [
    *PROJECT_DIR.glob("*.md"),
    *(PROJECT_DIR / "docs").rglob("*.md"),
]
MARTS = sorted(
    path.stem
    for folder in ("marts", "audit", "registry")
    for path in (PROJECT_DIR / "models" / folder).rglob("*.sql")
)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_to_files(document: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_every_mart_is_listed() -> None:
    text = (PROJECT_DIR / "docs/bi.md").read_text(encoding="utf-8")
    named = re.findall(r"`((?:dim_|fct_|rpt_|aud_|headline|report_totals)[a-z0-9_]*)(…?)`", text)
    for mart in MARTS:
        assert any(mart == name or (dots and mart.startswith(name)) for name, dots in named), mart
    assert all(any(mart.startswith(name) for mart in MARTS) for name, _ in named)


def test_every_test_of_the_warehouse_has_a_name_and_a_description() -> None:
    for path in (PROJECT_DIR / "models").rglob("*.yml"):
        declared = yaml.safe_load(path.read_text(encoding="utf-8"))
        tests = list(declared.get("unit_tests", []))
        for model in declared.get("models", []):
            for part in (model, *model.get("columns", [])):
                tests += [next(iter(test.values())) for test in part.get("data_tests", [])]
        for test in tests:
            assert test.get("name"), path
            assert test.get("description"), (path, test["name"])
