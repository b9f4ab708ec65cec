"""A folder of own data made for 479f9ef is rewritten to the tables of today."""

from __future__ import annotations

import csv
import runpy
import shutil
from pathlib import Path

import pytest
import yaml
from conftest import PROJECT_DIR

from platform_employment.cli import main
from platform_employment.dbt.build_inputs import BuildInputs

# what tests/fixtures/make_invented_platform.py of 479f9ef writes with --alone, and
# two tables that are gone: one factor is wider, one fixed, and the total has a name of its own
OLD = PROJECT_DIR / "tests/fixtures/old_inputs"
OLD_TABLES = [
    "gmv_disclosures.csv",
    "assumptions.csv",
    "employment_components.csv",
    "scenarios.csv",
]
PRESENT = runpy.run_path(str(PROJECT_DIR / "tests/fixtures/make_invented_platform.py"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "inputs"
    shutil.copytree(OLD, copy)
    return copy


def command(name: str, folder: Path) -> int:
    return main([name, str(folder), "--project-dir", str(PROJECT_DIR)])


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_check_names_the_upgrade(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command("check", folder) == 1
    said = capsys.readouterr().out.splitlines()
    old = [line for line in said if "[old_shape]" in line]
    assert [line.partition(":")[0].rpartition("/")[2] for line in old] == OLD_TABLES
    assert all("upgrade-inputs followed by the folder rewrites it" in line for line in old)
    assert said[-1].endswith("findings: 4")


def test_an_upgraded_folder_is_what_its_author_would_write_today(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("upgrade-inputs", folder) == 0
    assert "reference/assumptions.csv: gone\n" in capsys.readouterr().out
    assert list(BuildInputs(PROJECT_DIR / "seeds", folder).findings()) == []
    PRESENT["write"](tmp_path / "present", alone=True)
    present = {
        path.relative_to(tmp_path / "present").as_posix()
        for path in (tmp_path / "present").glob("*/*.csv")
    }
    upgraded = {path.relative_to(folder).as_posix() for path in folder.glob("[a-z]*/*.csv")}
    besides = {"platform/input_values.csv", "method/components.csv", "report/reports.csv"}
    assert upgraded == present | besides
    settings = "inputs.yml"
    assert (folder / settings).read_text() == (tmp_path / "present" / settings).read_text()
    # the old list of sources had the shipped ones too, which are the same as now
    for name in sorted(present - {"report/reports.csv", "reference/sources.csv"}):
        ours, theirs = rows(folder / name), rows(tmp_path / "present" / name)
        assert sorted(map(repr, ours)) == sorted(map(repr, theirs)), name


def test_reports_assumptions_and_names_become_rows(folder: Path) -> None:
    assert command("upgrade-inputs", folder) == 0
    (report,) = rows(folder / "report/reports.csv")
    assert report == {
        "report_id": "lantern_own",
        "sort_order": "1",
        "platform_id": "lantern",
        "scenario_id": "own",
        "window_end": "2023-12-31",
        "title_zh": "虚构口径 own",
        "title_en": "Invented scenario own",
        "is_default": "false",
        "is_net": "false",
        "source_id": "lantern_invented",
    }
    values = {row["input_name"]: row for row in rows(folder / "platform/input_values.csv")}
    limits = {name: (row["low"], row["central"], row["high"]) for name, row in values.items()}
    assert limits == {
        "team_share_factor": ("0.5", "1", "1.25"),
        "team_members_factor": ("0.7", "1", "1.4"),
        "organisations_factor": ("0.8", "1", "1.25"),
        "average_staff_factor": ("", "1", ""),
    }
    assert values["team_share_factor"]["distribution"] == "triangular"
    assert values["average_staff_factor"]["distribution"] == ""
    # its name alone differs from the shipped component
    (component,) = rows(folder / "method/components.csv")
    shipped = rows(PROJECT_DIR / "seeds/method/components.csv")
    (total,) = [r for r in shipped if (r["method_id"], r["component_id"]) == ("ruc_2022", "total")]
    assert component == total | {"name_en": "All jobs"}


def test_what_was_there_is_kept(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command("upgrade-inputs", folder) == 0
    kept = {path.name for path in (folder / ".before-upgrade").glob("*/*.csv")}
    assert kept == set(OLD_TABLES)
    for path in (folder / ".before-upgrade").glob("*/*.csv"):
        before = OLD / path.relative_to(folder / ".before-upgrade")
        assert path.read_bytes() == before.read_bytes()
    capsys.readouterr()
    assert command("upgrade-inputs", folder) == 2
    assert "no table of an earlier shape; nothing was changed" in capsys.readouterr().err
    shutil.copy2(OLD / "reference/scenarios.csv", folder / "reference")
    assert command("upgrade-inputs", folder) == 2
    assert "inputs.yml: is there; rewrite the tables by hand" in capsys.readouterr().err
    (folder / "inputs.yml").unlink()
    assert command("upgrade-inputs", folder) == 2
    assert ".before-upgrade: is there from an earlier upgrade" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("table", "text", "said"),
    [
        ("reference/employment_components.csv", "component_id\ntotal\n", "another tree than that"),
        ("reference/scenarios.csv", 'scenario_id,name_zh\nown,"x\n', "not a table"),
        ("reference/assumptions.csv", "assumption_id,low\na\n", "not a table"),
    ],
)
def test_what_cannot_be_rewritten_is_left_as_it_is(
    folder: Path, table: str, text: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / table).write_text(text, encoding="utf-8")
    before = {path: path.read_bytes() for path in folder.rglob("*.csv")}
    assert command("upgrade-inputs", folder) == 2
    assert said in capsys.readouterr().err
    assert {path: path.read_bytes() for path in folder.rglob("*.csv")} == before


def test_what_stood_in_place_of_shipped_rows_still_does(folder: Path) -> None:
    """A folder beside the shipped platform: its report once, its other rows as they were left."""
    platforms, scenarios = (folder / f"reference/{n}.csv" for n in ("platforms", "scenarios"))
    shipped = (PROJECT_DIR / "seeds/reference/platforms.csv").read_text("utf-8").splitlines()[1]
    platforms.write_text(platforms.read_text("utf-8") + shipped + "\n", encoding="utf-8")
    text = scenarios.read_text(encoding="utf-8")
    shipped = "kuaishou,report,报告口径,As the report,published,implied,,2017,total_use,central,"
    scenarios.write_text(f"{text}{shipped}2021-09-30,x,x,disclosed,ruc_2022\n", encoding="utf-8")
    assert command("upgrade-inputs", folder) == 0
    reports = [row["report_id"] for row in rows(folder / "report/reports.csv")]
    assert reports == ["lantern_own"]
    settings = yaml.safe_load((folder / "inputs.yml").read_text(encoding="utf-8"))
    assert settings["shipped"] == "all"
    left_out = {tuple(key) for key in settings["without"]["reference/scenarios"]}
    all_shipped = {
        (row["platform_id"], row["scenario_id"])
        for row in rows(PROJECT_DIR / "seeds/reference/scenarios.csv")
    }
    assert left_out == all_shipped - {("kuaishou", "report")}
    assert ["kuaishou_2021_9m"] in settings["without"]["platform/gmv_disclosures"]
