"""What dbt users select works on a fresh database, or says in a line what to do first."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import duckdb
import pytest
import yaml
from conftest import PROJECT_DIR, Project

WITHOUT_UNIT_TESTS = ("--exclude-resource-type", "unit_test")
SELECTORS = yaml.safe_load((PROJECT_DIR / "selectors.yml").read_text("utf-8"))["selectors"]


def counts(output: str) -> dict[str, int]:
    """The numbers of dbt's last line."""
    (line,) = [line for line in output.splitlines() if " PASS=" in line]
    words = line.partition("Done. ")[2].split()
    return {name: int(number) for name, number in (word.split("=") for word in words)}


@pytest.mark.parametrize(
    "selected",
    [
        "+fct_gmv",
        *(pytest.param(name, marks=pytest.mark.slow) for name in ("+fct_jobs", "tag:chain")),
    ],
)
def test_a_selection_builds_on_a_fresh_database(project: Project, selected: str) -> None:
    result = project.dbt("build", "--select", selected, *WITHOUT_UNIT_TESTS)
    assert result.returncode == 0, result.stdout
    found = counts(result.stdout)
    # the smallest of them is ten seeds, models and tests
    assert found["PASS"] >= 10
    assert found["ERROR"] == found["SKIP"] == found["WARN"] == 0


@pytest.mark.parametrize("too_early", ["run", "test"])
def test_a_database_without_seeds_says_what_to_do_first(project: Project, too_early: str) -> None:
    early = project.dbt(too_early)
    assert early.returncode != 0
    line = "this database has no seeds yet: use dbt build, or dbt seed first"
    assert early.stdout.count(line) == 1
    assert "Traceback" not in early.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("selection", "sql", "expected"),
    [
        (
            ("--select", "+fct_gmv"),
            "select gmv_yi_yuan as found from {{ ref('fct_gmv') }}"
            " where platform_id = 'kuaishou' and period_end = '2024-12-31'",
            4621,
        ),
        ((), "select sum(jobs_wan) as found from {{ ref('headline') }}", 3462.9275),
    ],
)
def test_seed_run_and_test_follow_each_other(
    project: Project, selection: tuple[str, ...], sql: str, expected: float
) -> None:
    for command in (["seed"], ["run", *selection], ["test", *WITHOUT_UNIT_TESTS, *selection]):
        result = project.dbt(*command)
        assert result.returncode == 0, result.stdout
    shown = project.dbt("show", "--output", "json", "--quiet", "--inline", sql)
    assert json.loads(shown.stdout)["show"] == [{"found": expected}]


ONE_BY_ONE = """
import sys
from dbt.cli.main import dbtRunner
runner = dbtRunner(manifest=dbtRunner().invoke(["--no-version-check", "--quiet", "parse"]).result)
for name in sys.argv[1:]:
    result = runner.invoke(["--no-version-check", "--quiet", "run", "--select", name])
    assert result.success, (name, result.exception)
"""


@pytest.mark.slow
def test_models_that_are_run_one_at_a_time_are_those_of_a_build(
    project: Project, built_project: Project
) -> None:
    """As a scheduler does, in the order of the graph."""
    assert project.dbt("seed").returncode == 0
    manifest = json.loads((project.folder / "target/manifest.json").read_text(encoding="utf-8"))
    nodes = {
        unique_id: node["depends_on"]["nodes"]
        for unique_id, node in manifest["nodes"].items()
        if node["resource_type"] == "model"
    }
    order = [name.rpartition(".")[2] for name in TopologicalSorter(nodes).static_order()]
    models = [name for name in order if f"model.platform_employment.{name}" in nodes]
    subprocess.run([sys.executable, "-c", ONE_BY_ONE, *models], cwd=project.folder, check=True)
    with duckdb.connect() as connection:
        for name, database in (("one", project.database), ("all_at_once", built_project.database)):
            connection.execute(f"attach '{database}' as {name} (read_only)")
        tables = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables()"
            " where database_name = 'all_at_once' and schema_name in ('marts', 'audit')"
        ).fetchall()
        assert len(tables) > 50
        for (table,) in tables:
            rows = [
                connection.execute(f"from {name}.{table} order by all").fetchall()
                for name in ("one", "all_at_once")
            ]
            assert rows[0] == rows[1], table


YEAR = ("--select", "+fct_gmv", *WITHOUT_UNIT_TESTS)
OWN = {"PLATFORM_EMPLOYMENT_INPUTS": "inputs"}


def write_year(project: Project, amount: str) -> None:
    """An own row of the year 2024, whose shipped quarters add up to 13897."""
    own = project.folder / "inputs" / "platform" / "gmv_disclosures.csv"
    own.parent.mkdir(parents=True, exist_ok=True)
    header, *shipped = (
        (project.folder / "seeds/platform/gmv_disclosures.csv")
        .read_text(encoding="utf-8")
        .splitlines()
    )
    (year,) = [line for line in shipped if ",kuaishou_2024fy," in line]
    own.write_text(f"{header}\n{year.replace('13896', amount)}\n", encoding="utf-8")


@pytest.mark.slow
def test_retry_goes_on_after_a_mended_input_or_names_the_command_that_does(
    project: Project,
) -> None:
    """It loads a seed only where it was not loaded: else the rest would be built from old rows."""
    write_year(project, '"13,896"')
    refused = project.dbt("build", *YEAR, **OWN)
    assert refused.returncode == 1
    assert refused.stdout.count("[thousands_separator]") == 1
    assert "Compilation Error" not in refused.stdout
    assert counts(refused.stdout)["SKIP"] >= 8
    write_year(project, "18396")
    loaded = project.dbt("retry", **OWN)
    assert loaded.returncode == 1
    assert loaded.stdout.count("FAIL disclosures_agree: ") == 5
    # now the database holds a build with the mistake
    for amount in ('"13,896"', "13896"):
        write_year(project, amount)
        again = project.dbt("retry", **OWN)
        assert again.returncode == 1
    line = "inputs have changed since the build that failed (gmv_disclosures): run dbt build"
    assert again.stdout.count(line) == 1
    built = project.dbt("build", *YEAR, **OWN)
    assert built.returncode == 0, built.stdout
    with duckdb.connect(str(project.database), read_only=True) as connection:
        own = connection.execute(
            "select gmv_yi_yuan, seed_file from raw.gmv_disclosures"
            " where disclosure_id = 'kuaishou_2024fy'"
        ).fetchall()
    assert own == [("13896", "inputs/platform/gmv_disclosures.csv")]


def test_failures_are_stored_as_rows(project: Project) -> None:
    """With the names of columns that dbt users expect to find in a table of failures."""
    write_year(project, "18396")
    result = project.dbt(
        *("build", "--select", "+stg_platform__gmv_disclosures", "--store-failures"),
        *WITHOUT_UNIT_TESTS,
        PLATFORM_EMPLOYMENT_INPUTS="inputs",
    )
    assert result.returncode == 1
    assert re.search(r"FAIL 5 disclosures_agree", result.stdout)
    with duckdb.connect(str(project.database), read_only=True) as connection:
        ((schema,),) = connection.execute(
            "select table_schema from information_schema.tables"
            " where table_name = 'disclosures_agree'"
        ).fetchall()
        rows = connection.execute(
            f"select seed, seed_line, value from {schema}.disclosures_agree"
            " where problem like '%kuaishou_2024fy: %'"
        ).fetchall()
    assert rows == [("inputs/platform/gmv_disclosures.csv", 2, 18396)]


def test_a_part_has_all_that_its_models_read(parse_cache: Path) -> None:
    """So that `dbt build` of it alone works on a fresh database."""
    manifest = json.loads((parse_cache.parent / "manifest.json").read_text(encoding="utf-8"))
    nodes = {
        unique_id: node
        for unique_id, node in manifest["nodes"].items()
        if node["resource_type"] in {"model", "seed"}
    }
    chain = {unique_id for unique_id, node in nodes.items() if "chain" in node["tags"]}
    assert len(chain) > 20
    for unique_id in chain:
        assert set(nodes[unique_id]["depends_on"].get("nodes", ())) <= chain, unique_id
    parts = [entry["definition"] for entry in SELECTORS if entry["definition"].get("method")]
    tagged = [part for part in parts if part["method"] in {"tag", "exposure"}]
    assert len(tagged) >= 5
    assert all(part["parents"] for part in tagged)
