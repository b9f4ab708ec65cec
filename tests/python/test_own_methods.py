"""A method of one's own, or a changed one, is refused before any model runs."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from conftest import PROJECT_DIR, Project

from platform_employment.cli import main

TABLES = ("method/steps.csv", "method/components.csv")


def copy_changed(folder: Path, file: str, old: str, new: str) -> None:
    """Copy the shipped tables of methods into a folder of own data, one of them changed."""
    for table in TABLES:
        (folder / table).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PROJECT_DIR / "seeds" / table, folder / table)
    text = (folder / file).read_text(encoding="utf-8")
    assert text.count(old) == 1
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        pytest.param(
            "method/steps.csv",
            "merchants * supply_chain_ratio",
            "merchant * supply_chain_ratio",
            "method/steps.csv line 7: ruc_2022.supply_chain: no name 'merchant'; "
            "did you mean 'merchants'?",
            id="name",
        ),
        pytest.param(
            "method/components.csv",
            "ruc_2022,ecosystem,total,",
            "ruc_2022,ecosystem,e_commerce_ecosystem,",
            "method/components.csv lines 4, 8: ruc_2022: ecosystem -> e_commerce_ecosystem -> "
            "ecosystem goes in a circle",
            id="circle",
        ),
    ],
)
def test_check_names_what_is_wrong_with_a_method(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    file: str,
    old: str,
    new: str,
    message: str,
) -> None:
    copy_changed(tmp_path, file, old, new)
    assert main(["check", str(tmp_path), "--project-dir", str(PROJECT_DIR)]) == 1
    output = capsys.readouterr().out
    assert f"{message}\n" in output
    assert output.endswith("files: 2, findings: 1\n")


def test_a_circle_of_components_stops_dbt(project: Project) -> None:
    """It would add them up for ever."""
    copy_changed(
        project.folder / "inputs",
        "method/components.csv",
        "ruc_2022,ecosystem,total,",
        "ruc_2022,ecosystem,e_commerce_ecosystem,",
    )
    result = project.dbt("seed", PLATFORM_EMPLOYMENT_INPUTS="inputs")
    assert result.returncode == 2
    assert "ecosystem -> e_commerce_ecosystem -> ecosystem goes in a circle" in result.stdout
