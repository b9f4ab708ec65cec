"""The docs of the built project, and a browser that opens them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from chromium import Chromium
from conftest import Project

from platform_employment.site import column_lineage
from platform_employment.site.build import build_docs
from platform_employment.site.column_lineage import ColumnLineage


@dataclass(frozen=True)
class Docs:
    """The docs of the built project: dbt's artefacts, and the folder made of them."""

    target: Path
    database: Path
    folder: Path

    @property
    def manifest(self) -> dict[str, Any]:
        return column_lineage.read_manifest(self.target)

    def lineage(self, target: Path | None = None) -> ColumnLineage:
        """Read the lineage of columns anew, from other artefacts if given."""
        colibri = column_lineage.find_colibri()
        return column_lineage.write_page(
            colibri, target or self.target, self.folder / "columns.html"
        )

    def address(self, page: str) -> str:
        return f"file://{self.folder}/{page}"


@pytest.fixture(scope="session")
def docs(built_project: Project, tmp_path_factory: pytest.TempPathFactory) -> Docs:
    folder = tmp_path_factory.mktemp("docs")
    target = folder / "target"
    result = built_project.dbt("docs", "generate", "--static", "--target-path", str(target))
    assert result.returncode == 0, result.stdout
    made = Docs(target, built_project.database, folder / "site")
    build_docs(made.target, made.database, made.folder)
    return made


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    with Chromium(tmp_path_factory.mktemp("chromium")) as opened:
        yield opened
