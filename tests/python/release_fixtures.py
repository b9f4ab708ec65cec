"""Fixtures of the release tests: one release that dbt built, copies of it, a small disk."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import shared_folder
from release_helpers import TINY_PROJECT, Tiny, with_dbt


@pytest.fixture(scope="session")
def built_tiny(tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    """The tiny project with a release that dbt built; for reading only."""

    def release(folder: Path) -> None:
        project = folder / "project"
        shutil.copytree(TINY_PROJECT, project)
        result = with_dbt(Tiny(project, project, project), "release")
        assert result.code == 0, result

    folder = shared_folder(tmp_path_factory, "tiny", release) / "project"
    return Tiny(folder, Tiny(folder, folder, folder).current, folder)


@pytest.fixture
def tiny(built_tiny: Tiny, tmp_path: Path) -> Tiny:
    """A copy of it, to change."""
    folder = tmp_path / "project"
    shutil.copytree(built_tiny.folder, folder, symlinks=True)
    return Tiny(folder, built_tiny.recorded, folder)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder to mount file systems on; what is mounted there is taken away at the end."""
    if os.geteuid() != 0:
        pytest.skip("mounting a small file system needs root")
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    if mount.returncode != 0:
        pytest.skip(f"no tmpfs here: {mount.stderr.strip()}")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)
