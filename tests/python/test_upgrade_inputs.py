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
    own = {row["component_id"]: row for row in rows(folder / "method/components.csv")}
    shipped = {
        row["component_id"]: row
        for row in rows(PROJECT_DIR / "seeds/method/components.csv")
        if row["method_id"] == "ruc_2022"
    }
    # the name that the author gave, and the words of then where the shipped ones are others now
    assert own["total"] == shipped["total"] | {"name_en": "All jobs"}
    old = {row["component_id"]: row for row in rows(OLD / "reference/employment_components.csv")}
    for name in own.keys() - {"total"}:
        changed = {column for column in own[name] if own[name][column] != shipped[name][column]}
        assert changed
        assert {own[name][column] for column in changed} <= {*old[name].values()}


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
    assert ".before-upgrade: is there from an earlier upgrade" in capsys.readouterr().err


SHIPPED = PROJECT_DIR / "seeds"


def write_own_report(folder: Path) -> None:
    """The shipped report of 2022 as an own one, in the shape that it had with typed verdicts."""
    shutil.rmtree(folder)
    (folder / "report").mkdir(parents=True)
    for name in ("figure_ledger", "figure_links"):
        own = [row for row in rows(SHIPPED / f"report/{name}.csv") if name_of(row) == "ruc"]
        for row in own:
            row["report_id"] = "mine"
            if name == "figure_links":
                row["basis"] = "claimed" if row["relation"] == "claims" else "given"
                row["relation"] = row["relation"].replace("claims", "steps")
            else:
                for column in ("threshold", "threshold_unit", "quotation"):
                    del row[column]
        write_rows(folder / f"report/{name}.csv", own)
    (report,) = [row for row in rows(SHIPPED / "report/reports.csv") if name_of(row) == "ruc"]
    mine = report | {"report_id": "mine", "sort_order": "9", "is_default": "false"}
    write_rows(folder / "report/reports.csv", [mine])
    verdicts = {"ch2_total_jobs": "recomputed", "ch2_direct_jobs": "contradicted"}
    accepted = [
        {"report_id": "mine", "figure_id": figure, "verdict": verdict}
        for figure, verdict in verdicts.items()
    ]
    write_rows(folder / "report/accepted_verdicts.csv", accepted)
    (folder / "inputs.yml").write_text("shipped: all\n", encoding="utf-8")


def name_of(row: dict[str, str]) -> str:
    return "ruc" if row["report_id"] == "kuaishou_2022" else row["report_id"]


def write_rows(path: Path, own: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, own[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(own)


def test_a_report_with_typed_verdicts_is_rewritten(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its folder has settings already, which stay as they are."""
    write_own_report(folder)
    assert command("check", folder) == 1
    old = [line for line in capsys.readouterr().out.splitlines() if "[old_shape]" in line]
    assert len(old) == 3
    assert command("upgrade-inputs", folder) == 0
    assert "report/accepted_verdicts.csv: gone\n" in capsys.readouterr().out
    assert (folder / "inputs.yml").read_text(encoding="utf-8") == "shipped: all\n"
    assert list(BuildInputs(SHIPPED, folder).findings()) == []
    for name, left in (("figure_links", ()), ("figure_ledger", ("quotation",))):
        shipped = [row for row in rows(SHIPPED / f"report/{name}.csv") if name_of(row) == "ruc"]
        upgraded = rows(folder / f"report/{name}.csv")
        assert list(upgraded[0]) == list(shipped[0])
        for ours, theirs in zip(upgraded, shipped, strict=True):
            cleared = {"report_id": "mine"} | dict.fromkeys(left, "")
            if name == "figure_ledger":
                cleared |= {"threshold": "", "threshold_unit": ""}
            assert ours == theirs | cleared
    (excuse,) = rows(folder / "report/excused_differences.csv")
    assert (excuse["figure_id"], excuse["aspect"]) == ("ch2_direct_jobs", "contradiction")


def beside(folder: Path, table: str, own: list[dict[str, str]]) -> Path:
    """A folder of one table, whose rows stand beside the shipped ones."""
    shutil.rmtree(folder)
    path = folder / f"{table}.csv"
    path.parent.mkdir(parents=True)
    write_rows(path, own)
    return path


def test_what_was_typed_as_disclosed_follows_from_the_source(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The rows of a folder stood beside the shipped ones by then: none of those is left out."""
    quarter = rows(SHIPPED / "platform/gmv_disclosures.csv")[-1] | {"provenance": "disclosed"}
    own = [quarter | {"disclosure_id": "own"}, quarter | {"provenance": "derived"}]
    path = beside(folder, "platform/gmv_disclosures", own)
    assert command("check", folder) == 1
    old = f"{path}: a table of an earlier version [old_shape]; platform-employment upgrade-inputs "
    assert capsys.readouterr().out.startswith(old)
    assert command("upgrade-inputs", folder) == 0
    assert [row["provenance"] for row in rows(path)] == ["published", "derived"]
    assert not (folder / "inputs.yml").exists()
    assert command("upgrade-inputs", folder) == 2


def test_an_estimate_of_others_has_one_number_and_its_unit(folder: Path) -> None:
    shipped = rows(SHIPPED / "reference/published_platform_estimates.csv")[0]
    printed = ("3681", "1405", "2276", "", "", "1.62")
    parts = (
        *("total_jobs_wan", "direct_jobs_wan", "indirect_jobs_wan", "content_jobs_wan"),
        *("e_commerce_jobs_wan", "supply_chain_ratio"),
    )
    before, after = list(shipped.items())[:8], list(shipped.items())[10:]
    assert [name for name, _ in before][-1] == "comparator"
    old = dict([*before, *zip(parts, printed, strict=True), *after]) | {"note": "as printed"}
    path = beside(folder, "reference/published_platform_estimates", [old])
    (folder / "inputs.yml").write_text("shipped: all\n", encoding="utf-8")
    assert command("upgrade-inputs", folder) == 0
    (row,) = rows(path)
    note = "as printed; direct_jobs_wan 1405; indirect_jobs_wan 2276; supply_chain_ratio 1.62"
    assert row == shipped | {"value": "3681", "unit": "wan_jobs", "note": note}
    assert list(BuildInputs(SHIPPED, folder).findings()) == []


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
    assert {row["provenance"] for row in rows(scenarios)} == {"synthetic", "published"}
    left_out = {tuple(key) for key in settings["without"]["reference/scenarios"]}
    all_shipped = {
        (row["platform_id"], row["scenario_id"])
        for row in rows(PROJECT_DIR / "seeds/reference/scenarios.csv")
    }
    assert left_out == all_shipped - {("kuaishou", "report")}
    assert ["kuaishou_2021_9m"] in settings["without"]["platform/gmv_disclosures"]
