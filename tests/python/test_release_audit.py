"""The audit: a build with any fault does not become a release."""

from __future__ import annotations

import pytest
from release_helpers import JOBS, Tiny, assert_unchanged

from platform_employment.dbt.artifacts import read_artifacts
from platform_employment.release import audit
from platform_employment.release.table_hashes import TableSummary

pytest_plugins = ["release_fixtures"]

EXPECTATIONS = "audit.aud_expectation_results"
ESTIMATES = "marts.fct_jobs"
FAULTS = [
    ("wal", "dbt left platform_employment.duckdb.wal, so part of the data is not in"),
    ("skipped", "model.tiny_project.aud_expectation_results: skipped"),
    ("no_database", "dbt wrote no platform_employment.duckdb"),
    (f"sql:update {ESTIMATES} set std_error = 'inf'", "column std_error: 4 values that are not"),
    (f"sql:update {ESTIMATES} set std_error = 'nan'", "column std_error: 4 values that are not"),
    (f"sql:delete from {ESTIMATES}", f"{ESTIMATES}: no rows"),
    (f"sql:drop table {ESTIMATES}", f"{ESTIMATES}: not in the warehouse"),
    (f"sql:drop table {EXPECTATIONS}", f"{EXPECTATIONS}: not in the warehouse"),
    (f"sql:delete from {EXPECTATIONS}", f"{EXPECTATIONS}: no expectation was evaluated"),
    (
        f"sql:update {EXPECTATIONS} set is_success = null",
        "an expectation on aud_figure_reconciliation",
    ),
    ("sql:delete from raw.jobs where component_id = 'direct'", "has 4 rows, its table raw.jobs 3"),
    (f"sql:alter table {ESTIMATES} add column part interval", "no hash is defined for column part"),
    (
        "sql:create view marts.broken as select * from marts.gone",
        "Table with name gone does not exist",
    ),
]


@pytest.mark.parametrize(("fault", "finding"), FAULTS, ids=[fault for fault, _ in FAULTS])
def test_a_broken_build_is_not_published(tiny: Tiny, fault: str, finding: str) -> None:
    if fault.endswith("marts.gone"):
        fault = f"sql:create table marts.gone as select 1 as x; {fault[4:]}; drop table marts.gone"
    before = tiny.store.current_id()
    assert before is not None
    result = tiny.run("release", STANDIN_FAULT=fault)
    assert_unchanged(tiny, before, result)
    assert "the audit failed: " in result.err
    assert finding in result.err
    assert "nothing was published" in result.err


@pytest.mark.parametrize(
    ("is_whole", "estimates", "found"),
    [
        (True, "fct_jobs", [f"{ESTIMATES}: no rows"]),
        (True, "fct_other", [f"{ESTIMATES}: no rows"]),
        (False, "fct_jobs", [f"{ESTIMATES}: no rows"]),
        (False, "fct_other", []),
    ],
)
def test_without_shipped_rows_a_mart_may_be_empty_but_that_of_estimates(
    built_tiny: Tiny,
    monkeypatch: pytest.MonkeyPatch,
    is_whole: bool,
    estimates: str,
    found: list[str],
) -> None:
    """A separate institute has no sample, no second window and no choices."""
    artifacts = read_artifacts(built_tiny.current / "dbt")
    tables = {node.table: TableSummary(node.table) for node in artifacts.relations()}
    monkeypatch.setattr(audit, "ESTIMATES", estimates)
    assert list(audit._table_findings(artifacts, tables, is_whole=is_whole)) == found


def test_a_failing_expectation_stops_the_release(tiny: Tiny) -> None:
    before = tiny.store.current_id()
    assert before is not None
    tiny.replace(JOBS, "total,3462.9", "total,0")
    result = tiny.run("release")
    assert_unchanged(tiny, before, result)
    assert (
        "an expectation on aud_figure_reconciliation failed: invented_total: 0.0000 is not positive"
        in result.err
    )


def test_a_node_that_did_not_run_stops_the_release(tiny: Tiny) -> None:
    before = tiny.store.current_id()
    assert before is not None
    result = tiny.run("release", STANDIN_FAULT="unrun")
    assert_unchanged(tiny, before, result)
    assert "model.tiny_project.aud_expectation_results: did not run" in result.err


def test_a_project_without_expectations_is_not_published(tiny: Tiny) -> None:
    before = tiny.store.current_id()
    assert before is not None
    (tiny.folder / "models/aud_expectation_results.sql").unlink()
    result = tiny.run("release")
    assert_unchanged(tiny, before, result)
    assert f"{EXPECTATIONS}: no expectation results" in result.err


def test_every_finding_is_printed_and_counted(tiny: Tiny) -> None:
    fault = f"sql:delete from {EXPECTATIONS}; update {ESTIMATES} set std_error = 'inf'"
    result = tiny.run("release", STANDIN_FAULT=fault)
    assert "(and 1 more, listed above)" in result.err
    printed = [line for line in result.out.splitlines() if line.startswith("audit: ")]
    assert printed == [
        f"audit: {ESTIMATES}, column std_error: 4 values that are not finite",
        f"audit: {EXPECTATIONS}: no expectation was evaluated",
    ]
