"""What dbt users select works on a fresh database, or says in a line what to do first."""

from __future__ import annotations

import json

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


@pytest.mark.parametrize("selected", ["+fct_gmv", "+fct_jobs", "tag:chain"])
def test_a_selection_builds_on_a_fresh_database(project: Project, selected: str) -> None:
    result = project.dbt("build", "--select", selected, *WITHOUT_UNIT_TESTS)
    assert result.returncode == 0, result.stdout
    found = counts(result.stdout)
    assert found["PASS"] > 10
    assert found["ERROR"] == found["SKIP"] == found["WARN"] == 0


def test_seed_run_and_test_follow_each_other(project: Project) -> None:
    for too_early in ("run", "test"):
        early = project.dbt(too_early)
        assert early.returncode != 0
        line = "this database has no seeds yet: use dbt build, or dbt seed first"
        assert early.stdout.count(line) == 1
        assert "Traceback" not in early.stdout
    for command in (["seed"], ["run"], ["test", *WITHOUT_UNIT_TESTS]):
        result = project.dbt(*command)
        assert result.returncode == 0, result.stdout
    shown = project.dbt(
        *("show", "--output", "json", "--quiet", "--inline"),
        "select sum(jobs_wan) as total from {{ ref('headline') }}",
    )
    assert json.loads(shown.stdout)["show"] == [{"total": 3462.9275}]


@pytest.mark.parametrize("selector", [entry["name"] for entry in SELECTORS])
def test_a_selector_has_all_that_its_models_read(project: Project, selector: str) -> None:
    names = set(selected(project, "--selector", selector))
    assert len(names) > 20
    # with parents added nothing is new
    definition = next(e["definition"] for e in SELECTORS if e["name"] == selector)
    method = f"{definition['method']}:{definition['value']}"
    assert names == set(selected(project, "--select", f"+{method}"))


def test_the_tag_of_the_chain_needs_no_parents(project: Project) -> None:
    assert set(selected(project, "--select", "tag:chain")) == set(
        selected(project, "--selector", "chain")
    )


def selected(project: Project, *selection: str) -> list[str]:
    """The names of the models and seeds that are selected."""
    kinds = ("--resource-type", "model", "--resource-type", "seed")
    result = project.dbt("ls", "--quiet", "--output", "name", *kinds, *selection)
    assert result.returncode == 0, result.stdout
    return result.stdout.split()
