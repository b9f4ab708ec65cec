"""The pages of the built project, written once, and a browser that opens them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from chromium import Chromium
from conftest import Project, shared_folder

from platform_employment.site.build import seed_hashes
from platform_employment.site.pages import Release, write_pages


@dataclass(frozen=True)
class Pages:
    """The pages of a build, and the warehouse that they show."""

    folder: Path
    database: Path
    manifest: dict[str, Any]

    def address(self, path: str) -> str:
        return f"file://{self.folder}/{path}"

    def paths(self, pattern: str = "**/*.html") -> list[str]:
        return sorted(str(path.relative_to(self.folder)) for path in self.folder.glob(pattern))

    def reports(self) -> list[str]:
        """The pages of all reports, in both languages."""
        found = ["index.html", *self.paths("report/*.html")]
        return [*found, *(f"en/{path}" for path in found)]


@pytest.fixture(scope="session")
def pages(built_project: Project, tmp_path_factory: pytest.TempPathFactory) -> Pages:
    text = (built_project.folder / "target/manifest.json").read_text(encoding="utf-8")
    manifest = json.loads(text)
    release = Release("2026-01-01", "20260101T000000Z-abcdef01", "c0ffee" * 7, "f" * 64, "moved")
    folder = shared_folder(
        tmp_path_factory,
        "pages",
        lambda folder: write_pages(
            built_project.database, folder, "p", release, seed_hashes(manifest)
        ),
    )
    return Pages(folder, built_project.database, manifest)


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    with Chromium(tmp_path_factory.mktemp("chromium")) as opened:
        yield opened
