"""Builds of the project for the tests, each in a folder of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

PROJECT_DIR = Path(__file__).parents[2]
PROJECT_FILES = ["dbt_project.yml", "profiles.yml", "CHANGELOG.md"]
PROJECT_FOLDERS = ["analyses", "docs", "macros", "models", "python", "requirements", "seeds"]
PROJECT_FOLDERS += ["tests/generic", "tests/singular"]


@dataclass(frozen=True)
class Project:
    """A copy of the dbt project that a test may change."""

    folder: Path

    @property
    def database(self) -> Path:
        """The development database that `dbt build` makes there."""
        return self.folder / "dev.duckdb"

    def dbt(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run dbt in the copy and return what it printed."""
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("PLATFORM_EMPLOYMENT")}
        return subprocess.run(
            [str(Path(sys.executable).with_name("dbt")), "--no-version-check", *arguments],
            cwd=self.folder,
            env=inherited | {"NO_COLOR": "1"} | environment,
            capture_output=True,
            text=True,
            check=False,
        )


def copy_project(folder: Path) -> Project:
    """Copy what dbt reads, and its parse cache when there is one."""
    for name in PROJECT_FILES:
        shutil.copy2(PROJECT_DIR / name, folder / name)
    for name in PROJECT_FOLDERS:
        ignore = shutil.ignore_patterns("__pycache__", "site")
        shutil.copytree(PROJECT_DIR / name, folder / name, ignore=ignore)
    return Project(folder)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A fresh copy of the project."""
    return copy_project(tmp_path)


@pytest.fixture(scope="session")
def built_project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A copy of the project, built once for all tests that only read it."""
    built = copy_project(tmp_path_factory.mktemp("built"))
    result = built.dbt("build")
    assert result.returncode == 0, result.stdout
    return built
