"""The wheel for readers answers in an empty environment, without the project and without dbt."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import PROJECT_DIR

pytest_plugins = ["star_fixtures"]
COMMANDS = (
    ("--version",),
    ("--help",),
    ("headlines",),
    ("explain", "3463", "--lang", "en", "--full"),
    ("what-if", "gmv=7000"),
    (
        "what-if",
        "--option",
        "ratio=jobs",
        "--option",
        "imports=domestic",
        "--option",
        "demand=goods",
    ),
    ("assess", "taobao_2017"),
)


@pytest.mark.slow
def test_the_wheel_answers_in_an_empty_environment(star: Path, tmp_path: Path) -> None:
    source = tmp_path / "source"
    shutil.copytree(
        PROJECT_DIR / "python", source / "python", ignore=shutil.ignore_patterns("__pycache__")
    )
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy2(PROJECT_DIR / name, source / name)
    bundled = source / "python/platform_employment/bundled"
    bundled.mkdir()
    shutil.copy2(star, bundled / star.name)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    wheel = [*pip, "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir"]
    subprocess.run([*wheel, str(tmp_path), str(source)], check=True)
    (built,) = tmp_path.glob("*.whl")
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "empty")], check=True)
    python = tmp_path / "empty/bin/python"
    install = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    subprocess.run([*install, str(built)], check=True)
    outputs = {}
    for command in COMMANDS:
        result = subprocess.run(
            [str(tmp_path / "empty/bin/platform-employment"), *command],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode == 0, (command, result.stderr)
        outputs[command[0]] = result.stdout
    assert "3,462.9275" in outputs["explain"]
    refused = subprocess.run(
        [str(tmp_path / "empty/bin/platform-employment"), "export-sums", "--to", "x"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
