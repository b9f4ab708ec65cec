"""MetricFlow reads the semantic models, and answers what fct_estimates has."""

from __future__ import annotations

import csv
import os
import re
import subprocess
from pathlib import Path

import pytest
from conftest import PROJECT_DIR, Project

from platform_employment.metrics import answer, read_metrics
from platform_employment.warehouse import open_warehouse

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
    with open_warehouse(star) as warehouse:
        metrics = read_metrics(warehouse)
        plain = [name for name, metric in metrics.items() if not metric.fixed]
        plain.remove("jobs_high")  # it has no upper end
        wanted = {name: answer(warehouse, metrics[name], [])[1][0][0] for name in plain}
        _, known = answer(warehouse, metrics["scenario_multiplier"], ["estimate_key"])
    file = tmp_path / "metrics.csv"
    mf(built_project, "query", "--metrics", ",".join(plain), "--csv", str(file))
    (row,) = csv.DictReader(file.read_text(encoding="utf-8").splitlines())
    for name in plain:
        assert float(row[name]) == pytest.approx(float(wanted[name]), abs=1e-9), name
    group = "fct_estimates_row__estimate_key"
    for by, expected in ((group, len(known)), ("fct_estimates_row__scenario_id", None)):
        mf(
            built_project,
            *("query", "--metrics", "scenario_multiplier", "--group-by", by, "--csv", str(file)),
        )
        rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
        filled = [row for row in rows if row["scenario_multiplier"]]
        if expected is not None:
            assert len(filled) == expected
        else:
            # a scenario of many estimates has no multiplier
            assert "report" not in {row[by] for row in filled}
