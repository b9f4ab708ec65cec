"""A separate method, or a changed one, is refused before any model runs."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import duckdb
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
            "method/steps.csv line 9: ruc_2022.supply_chain: no name 'merchant'; "
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
    assert result.returncode == 1
    assert "ecosystem -> e_commerce_ecosystem -> ecosystem goes in a circle" in result.stdout


CHOICES = (PROJECT_DIR / "seeds/method/choices.csv").read_text(encoding="utf-8").splitlines()


def write_choices(folder: Path, *lines: str) -> None:
    (folder / "method").mkdir(parents=True, exist_ok=True)
    text = "\n".join([CHOICES[0], *lines]) + "\n"
    (folder / "method/choices.csv").write_text(text, encoding="utf-8")


def option_of_2015(**changed: str) -> str:
    """An option for the table of 2015, which is shipped and no option."""
    cells = {
        "method_id": "ruc_2022",
        "decision_id": "table",
        "option_id": "2015",
        "sort_order": "60",
        "is_report": "false",
        "is_defensible": "true",
        "keeps_base": "false",
        "source_id": "nbs_input_output_tables",
        "decision_zh": "哪一年的投入产出表",
        "decision_en": "Input-output table of which year",
        "name_zh": "2015年表",
        "name_en": "Table of 2015",
        "reason_zh": "虚构",
        "reason_en": "invented",
    } | changed
    return ",".join(cells.get(column, "") for column in CHOICES[0].split(","))


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"is_report": "true"}, "ruc_2022: 2 options of table are the report's: one is"),
        ({"source_id": "no_one"}, "no such row in reference/sources.csv"),
        ({"platform_id": "no_one"}, "no such row in reference/platforms.csv"),
        ({"requires": "ratio=share"}, "requires no option of ratio 'share'"),
    ],
)
def test_check_names_what_is_wrong_with_an_option(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], changed: dict[str, str], message: str
) -> None:
    write_choices(tmp_path, option_of_2015(**changed))
    assert main(["check", str(tmp_path), "--project-dir", str(PROJECT_DIR)]) == 1
    output = capsys.readouterr().out
    assert message in output
    assert output.endswith("files: 1, findings: 1\n")


@pytest.mark.parametrize(
    ("options", "input_name", "message"),
    [
        ("content=lwo", "team_share_factor", "no option of content 'lwo'; did you mean 'low'?"),
        ("contnet=low", "team_share_factor", "no decision 'contnet'; did you mean 'content'?"),
        ("content=low", "direct_jobs", "ruc_2022 reads no input 'direct_jobs'"),
        (
            "creators=merchants_once",
            "team_share_factor",
            "team_share_factor has two values where content=low and creators=merchants_once are",
        ),
    ],
)
def test_check_names_what_is_wrong_with_an_overlay(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    options: str,
    input_name: str,
    message: str,
) -> None:
    header = (PROJECT_DIR / "seeds/method/overlays.csv").read_text("utf-8").splitlines()[0]
    (tmp_path / "method").mkdir()
    (tmp_path / "method/overlays.csv").write_text(
        f"{header}\nruc_2022,,{options},{input_name},-,,1,,,,assumed,project_assumptions\n", "utf-8"
    )
    assert main(["check", str(tmp_path), "--project-dir", str(PROJECT_DIR)]) == 1
    assert message in capsys.readouterr().out


@pytest.mark.slow
def test_an_own_option_is_combined_with_the_others_and_taken_by_a_scenario(
    project: Project,
) -> None:
    """Its ratio belongs to the table, 1401192.4 / 814753.95 = 1.720."""
    write_choices(project.folder / "inputs", option_of_2015())
    scenarios = (PROJECT_DIR / "seeds/reference/scenarios.csv").read_text("utf-8").splitlines()
    own = "kuaishou,own_2015,ruc_2022,虚构,invented,table=2015,,虚构,invented,synthetic,"
    (project.folder / "inputs/reference").mkdir()
    (project.folder / "inputs/reference/scenarios.csv").write_text(
        f"{scenarios[0]}\n{own}synthetic_generator\n", encoding="utf-8"
    )
    result = project.dbt(
        *("build", "--exclude-resource-type", "unit_test", "test"),
        *("--select", "+fct_choice_combinations", "+fct_steps"),
        PLATFORM_EMPLOYMENT_INPUTS="inputs",
    )
    assert result.returncode == 0, result.stdout
    with duckdb.connect(str(project.database), read_only=True) as connection:
        ratio = connection.execute(
            "select value from marts.fct_steps where scenario_id = 'own_2015'"
            " and step_id = 'supply_chain_ratio' and window_end = '2021-09-30'"
        ).fetchone()
        combinations = connection.execute(
            "select count(*) from marts.fct_choice_combinations where choices like '%table=2015%'"
            " and component_id = 'total' and window_end = '2021-09-30'"
        ).fetchone()
    assert ratio == (Decimal("1.72"),)
    # ten ways to merchant jobs, four for the content, two for creators, and the ratio of use
    assert combinations == (80,)
