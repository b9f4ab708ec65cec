"""MetricFlow reads the semantic models, and answers what kpi_windows has."""

from __future__ import annotations

import csv
import os
import re
import subprocess
from pathlib import Path

import pytest
from conftest import PROJECT_DIR, Project

from platform_employment.metrics import answer, read_metrics

pytest_plugins = ["star_fixtures"]

MF = PROJECT_DIR / ".venv-clients/metricflow/bin/mf"
pytestmark = pytest.mark.slow


def mf(project: Project, *arguments: str) -> str:
    if not MF.is_file():
        missing = "no metricflow: make test-clients"
        if os.environ.get("CLIENTS"):
            pytest.fail(missing)
        pytest.skip(missing)
    result = subprocess.run(
        [str(MF), *arguments],
        cwd=project.folder,
        env=os.environ | {"PYTHONPATH": str(project.folder / "python"), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def test_the_semantic_models_are_valid(built_project: Project) -> None:
    printed = mf(built_project, "validate-configs")
    counts = re.findall(r"ERRORS: (\d+)", printed)
    assert counts
    assert set(counts) == {"0"}, printed


def test_metricflow_answers_what_the_command_does(
    built_project: Project, star: Path, tmp_path: Path
) -> None:
    metrics = read_metrics(star.parent / "dbt/semantic_manifest.json")
    plain = [name for name in metrics if not name.startswith("scenario_")]
    file = tmp_path / "metrics.csv"
    mf(built_project, "query", "--metrics", ",".join(plain), "--csv", str(file))
    (row,) = csv.DictReader(file.read_text(encoding="utf-8").splitlines())
    for name in plain:
        _, ((found,),) = answer(star, metrics[name], [])
        assert float(row[name]) == pytest.approx(float(found), abs=1e-9), name
