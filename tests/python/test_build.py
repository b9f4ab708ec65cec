"""The build as a whole: what it reproduces, what makes it fail, and that it repeats itself."""

from __future__ import annotations

import csv
import shutil
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
import yaml
from conftest import PROJECT_DIR, Project, copy_project

from platform_employment.cli import main
from platform_employment.errors import UserError
from platform_employment.headline_table import read_report, render

# seed, key, column, changed text, figures of which the message names at least one
QUICK_CELLS = [
    ("platform/gmv_disclosures", "kuaishou_2021_9m", "gmv_yi_yuan", "4398", "ch2_gmv_2021_9m"),
]
OTHER_CELLS = [
    ("reference/scenarios", "report", "choices", "table=2018", "ch2_e_commerce_jobs"),
    ("report/figure_ledger", "abstract_total_jobs", "value", "3464", "abstract_total_jobs"),
    ("platform/creators_with_income", "2000", "creators_wan", "2001", "ch2_direct_jobs"),
    ("platform/creator_tiers", "10k_to_100k", "team_share", "0.2", "ch2_team_share"),
    ("platform/published_coefficients", "372.9", "intercept", "7.824", "table_2_2_beta_0"),
    ("platform/published_coefficients", "372.9", "merchant_jobs_wan", "373.9", "merchant_jobs"),
    ("economy/input_output_totals", "1434517.8228", "final_use_yi_yuan", "973484", "ratio"),
]
CHANGED_CELLS = [
    *QUICK_CELLS,
    *(pytest.param(*cell, marks=pytest.mark.slow) for cell in OTHER_CELLS),
]


def change_cell(path: Path, key: str, column: str, text: str) -> None:
    """Set `column` of the first row that has a cell `key`."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    row = next(row for row in rows if key in row.values())
    assert row[column] != text
    row[column] = text
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def read_marts(database: Path) -> dict[str, list[str]]:
    """Every row of every mart as text, sorted."""
    with duckdb.connect(str(database), read_only=True) as connection:
        names = connection.execute(
            "select table_schema || '.' || table_name from information_schema.tables"
            " where table_schema in ('marts', 'audit')"
        ).fetchall()
        return {
            name: sorted(repr(row) for row in connection.table(name).fetchall())
            for (name,) in names
        }


def test_build_reproduces_every_headline(built_project: Project) -> None:
    report = read_report(built_project.database)
    assert report is not None
    headlines = report.headlines
    assert {line.published_value for line in headlines} >= {
        Decimal(text)
        for text in ("6168", "372.9", "922.9", "923", "540", "1463", "2000", "3463", "1.475")
    }
    assert all(line.agrees for line in headlines)
    assert "DIFFERS" not in render(headlines)


def test_a_report_is_named_or_the_default_one(
    built_project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    database = ["--database", str(built_project.database)]
    assert main(["headlines", *database]) == 0
    default = capsys.readouterr().out
    assert "[kuaishou_2022]" in default
    assert main(["headlines", "kuaishou_2022", *database]) == 0
    assert capsys.readouterr().out == default
    assert main(["headlines", "nowhere_1999", *database]) == 2
    assert "unknown report 'nowhere_1999'. Available: kuaishou_2022" in capsys.readouterr().err


def test_the_synthetic_sample_gives_the_figures_that_it_was_made_for(
    built_project: Project,
) -> None:
    with duckdb.connect(str(built_project.database), read_only=True) as connection:
        jobs = dict(
            connection.execute(
                "select component_id, round(jobs_wan_of_scenario, 1)"
                " from (from marts.fct_all_jobs union all from marts.fct_job_totals)"
                " where scenario_id = 'fitted_synthetic' and window_end = '2021-09-30'"
            ).fetchall()
        )
        fitted = dict(
            connection.execute(
                "select term, estimate from marts.fct_productivity_coefficients"
                " where industry_code = '-' and cov_type = 'HC1'"
            ).fetchall()
        )
        by_formula = connection.execute(
            "select round(jobs_wan_of_estimator, 1) from marts.fct_estimator_comparison"
            " where estimator_id = 'report_formula' and window_end = '2021-09-30'"
        ).fetchall()
    assert jobs["merchants"] == Decimal("372.9")
    assert jobs["e_commerce_ecosystem"] == Decimal("922.9")
    assert by_formula == [(Decimal("372.9"),)]
    assert round(fitted["intercept"], 3) == 7.823
    assert round(fitted["turnover"], 3) == 0.059
    assert round(fitted["turnover_squared"], 7) == -0.0000024


@pytest.mark.parametrize(("seed", "key", "column", "text", "figure"), CHANGED_CELLS)
def test_changed_seed_cell_stops_the_build(
    project: Project,
    built_project: Project,
    seed: str,
    key: str,
    column: str,
    text: str,
    figure: str,
) -> None:
    shutil.copy2(built_project.database, project.database)
    change_cell(project.folder / "seeds" / f"{seed}.csv", key, column, text)
    # of what depends on it what the figures of the reports are compared by
    result = project.dbt("build", "--select", f"{Path(seed).name}+,+contradictions_are_known")
    assert result.returncode == 1
    assert figure in result.stdout


def test_documents_quote_the_intervals_of_the_build(built_project: Project) -> None:
    with duckdb.connect(str(built_project.database), read_only=True) as connection:
        limits = connection.execute(
            """
            select layer, low_wan, high_wan from marts.fct_uncertainty
            where
                window_end = '2021-09-30' and scenario_id = 'report' and component_id = 'total'
                and definition_id = '-' and high_wan is not null
            """
        ).fetchall()
        swings = connection.execute(
            """
            select round(swing_wan) from marts.fct_swings
            where window_end = '2021-09-30' and scenario_id = 'bottom_up' and swing_rank <= 4
            order by swing_rank
            """
        ).fetchall()
    digits = {"rounding": 1, "assumptions": 0, "choices": 0, "coverage": 0}
    quoted = {
        layer: f"{low:.{digits[layer]}f} to {high:.{digits[layer]}f}" for layer, low, high in limits
    }
    assert quoted.keys() == digits.keys()
    readme, notes = (
        " ".join((PROJECT_DIR / name).read_text(encoding="utf-8").split())
        for name in ("README.md", "docs/explanation/uncertainty.md")
    )
    assert quoted["rounding"] in readme
    assert quoted["assumptions"] in readme
    for text in quoted.values():
        assert text in notes
    moved = "by {:.0f} 万, the share with a team by {:.0f}, staff of institutions by {:.0f}, "
    moved += "their number by {:.0f}."
    assert moved.format(*(swing for (swing,) in swings)) in notes


@pytest.mark.slow
def test_marts_repeat_whatever_the_threads(built_project: Project, tmp_path: Path) -> None:
    expected = read_marts(built_project.database)
    assert len(expected["marts.fct_jobs"]) > 0
    for threads in (1, 4):
        folder = tmp_path / str(threads)
        folder.mkdir()
        other = copy_project(folder)
        profiles = yaml.safe_load((folder / "profiles.yml").read_text(encoding="utf-8"))
        output = profiles["platform_employment"]["outputs"]["dev"]
        output["threads"] = threads
        output["config_options"]["threads"] = threads
        (folder / "profiles.yml").write_text(yaml.safe_dump(profiles), encoding="utf-8")
        result = other.dbt("build")
        assert result.returncode == 0, result.stdout
        assert read_marts(other.database) == expected
    # a second build over the first
    assert other.dbt("build").returncode == 0
    assert read_marts(other.database) == expected


def test_seed_headers_are_those_of_their_yml() -> None:
    seeds = sorted((PROJECT_DIR / "seeds").rglob("*.csv"))
    assert seeds
    for path in seeds:
        (declared,) = yaml.safe_load(path.with_suffix(".yml").read_text(encoding="utf-8"))["seeds"]
        with path.open(encoding="utf-8", newline="") as file:
            header = next(csv.reader(file))
        assert header == [column["name"] for column in declared["columns"]], path.name


def test_build_needs_no_flag_and_leaves_no_write_ahead_log(built_project: Project) -> None:
    assert not Path(f"{built_project.database}.wal").exists()


def test_missing_warehouse_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(UserError, match='Run "dbt build", or pass --database FILE'):
        read_report(tmp_path / "none.duckdb")
