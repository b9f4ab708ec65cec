"""An invented platform: platforms, windows, scenarios and input-output tables are data."""

from __future__ import annotations

import re
import runpy
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from conftest import PROJECT_DIR, Project

from platform_employment.cli import main

FIXTURE = runpy.run_path(str(PROJECT_DIR / "tests/fixtures/make_invented_platform.py"))

# calculated by hand from the rows of the fixture: 820 / 16 and 840 / 16 merchant jobs, half as
# many again in the supply chain, 3.62 + 3 in content, 30 creators
BY_HAND = {
    ("2023-12-31", "direct"): "30",
    ("2023-12-31", "creator_teams"): "3.62",
    ("2023-12-31", "institutions"): "3",
    ("2023-12-31", "content_ecosystem"): "6.62",
    ("2023-12-31", "merchants"): "51.25",
    ("2023-12-31", "supply_chain"): "76.875",
    ("2023-12-31", "e_commerce_ecosystem"): "128.125",
    ("2023-12-31", "ecosystem"): "134.745",
    ("2023-12-31", "total"): "164.745",
    ("2024-03-31", "merchants"): "52.5",
    ("2024-03-31", "supply_chain"): "78.75",
    ("2024-03-31", "total"): "167.87",
}


@pytest.mark.parametrize(
    ("alone", "summary"),
    [
        pytest.param(True, "no figure of it is linked to the build", id="alone"),
        pytest.param(
            False,
            "numbers of the calculation",
            id="beside_the_report",
            marks=pytest.mark.slow,
        ),
    ],
)
def test_an_invented_platform_goes_through_the_same_chain(
    project: Project, alone: bool, summary: str, capsys: pytest.CaptureFixture[str]
) -> None:
    FIXTURE["write"](project.folder / "inputs", alone)
    result = project.dbt("build", PLATFORM_EMPLOYMENT_INPUTS="inputs")
    assert result.returncode == 0, result.stdout
    with duckdb.connect(str(project.database), read_only=True) as connection:
        estimates = connection.execute(
            """
            select cast(window_end as varchar), component_id, jobs_wan_of_scenario,
                weakest_provenance
            from (from marts.fct_all_jobs union all from marts.fct_job_totals)
            where platform_id = 'lantern' and scenario_id = 'own'
            """
        ).fetchall()
        names = connection.execute(
            "select name_zh, name_en, is_invented from marts.dim_platforms order by platform_id"
        ).fetchall()
    jobs = {(window_end, component): value for window_end, component, value, _ in estimates}
    assert {key: jobs[key] for key in BY_HAND} == {k: Decimal(v) for k, v in BY_HAND.items()}
    # nothing synthetic appears without that word
    assert {weakest for *_, weakest in estimates} == {"synthetic"}
    shipped = [] if alone else [("快手", "Kuaishou", False)]
    assert names == [*shipped, ("灯笼直播（虚构）", "Lantern Live (invented)", True)]
    assert main(["headlines", "--database", str(project.database)]) == 0
    assert summary in capsys.readouterr().out


@pytest.mark.slow
def test_a_scenario_without_an_estimate_says_what_is_missing(project: Project) -> None:
    FIXTURE["write"](project.folder / "inputs", alone=True)
    path = project.folder / "inputs/platform/institutions.csv"
    later = path.read_text(encoding="utf-8").replace("2023-", "2033-")
    path.write_text(later, encoding="utf-8")
    path = project.folder / "inputs/report/reports.csv"
    reports = path.read_text(encoding="utf-8").replace("2023-12-31", "2020-12-31")
    path.write_text(reports, encoding="utf-8")
    selected = ["--select", "+scenarios_are_estimated", "--exclude-resource-type", "unit_test"]
    result = project.dbt("build", *selected, PLATFORM_EMPLOYMENT_INPUTS="inputs")
    assert result.returncode == 1
    assert (
        "lantern own: no window is estimated: the window to 2024-03-31 lacks institutions for want "
        "of average_staff, organisations\n" in result.stdout
    )
    line = re.search(
        "lantern own: the window of the report lantern_2023 is not estimated: the window to "
        "2020-12-31 lacks creator_teams, direct, institutions, merchants, supply_chain for want of "
        "(.+)",
        result.stdout,
    )
    assert line
    lacking = line[1].split(", ")
    assert lacking == sorted(lacking)
    assert {"creators_with_income", "team_members", "team_share", "tier_creators"} <= {*lacking}


@pytest.mark.slow
def test_the_invented_tables_pass_the_gates(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    FIXTURE["write"](tmp_path)
    assert main(["check", str(tmp_path), "--project-dir", str(PROJECT_DIR)]) == 0
    assert capsys.readouterr().out.endswith("files: 12, findings: 0\n")


def test_gmv_in_wan_yuan_is_above_all_online_retail(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """For a platform that sells 50 亿元 in a quarter; none of its other figures would look odd."""
    FIXTURE["write"](tmp_path)
    path = tmp_path / "platform/gmv_disclosures.csv"
    path.write_text(path.read_text("utf-8").replace(",164,", ",500000,"), encoding="utf-8")
    (tmp_path / "survey/merchant_sample.csv").unlink()
    assert main(["check", str(tmp_path), "--project-dir", str(PROJECT_DIR)]) == 1
    assert "column gmv_yi_yuan: '500000': above the largest" in capsys.readouterr().out
