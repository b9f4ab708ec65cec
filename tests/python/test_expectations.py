"""Expectations: what passes, what fails, and that nothing passes unseen."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import great_expectations as gx
import pandas as pd
import pytest

from platform_employment.expectations.runner import FIGURES, read_suites, run_suites

FRAME = pd.DataFrame({"key": ["a", "b", "c"], "value": [1.0, 2.0, 3.0]})
FIGURE = {
    "report_id": "r",
    "figure_id": "total",
    "subject_zh": "总量",
    "subject_en": "total",
    "published_value": 3463.0,
    "warehouse_value": 3462.9275,
    "tolerance": 0.5,
    "unit": "wan_jobs",
    "comparator": "equal",
    "is_pinned": True,
}


def suite(*, may_be_empty: bool = False, **kwargs: Any) -> gx.ExpectationSuite:
    """A suite of one expectation: values between bounds."""
    return gx.ExpectationSuite(
        name="mart",
        expectations=[
            {
                "type": "expect_column_values_to_be_between",
                "kwargs": {"column": "value", **kwargs},
                "meta": {"subject_zh": "界限", "subject_en": "bounds"},
            }
        ],
        meta={"key": ["key"], "may_be_empty": may_be_empty},
    )


def only_row(rows: pd.DataFrame) -> dict[str, Any]:
    (row,) = rows.to_dict("records")
    return {str(name): value for name, value in row.items()}


def test_good_values_pass() -> None:
    row = only_row(run_suites([suite(min_value=1)], {"mart": FRAME}))
    assert row["is_success"]
    assert (row["evaluated_rows"], row["unexpected_count"], row["failing_keys"]) == (3, 0, "[]")
    assert row["message"] == (
        "mart.value: bounds: expected column values to be between (min_value=1.0),"
        " observed 3 of 3 rows as expected"
    )


def test_rows_that_fail_are_counted_and_named() -> None:
    frame = pd.DataFrame(
        {"key": [str(n) for n in range(30)], "value": [float(n) for n in range(30)]}
    )
    row = only_row(run_suites([suite(max_value=3)], {"mart": frame}))
    assert not row["is_success"]
    assert row["unexpected_count"] == 26
    assert [entry["key"] for entry in json.loads(row["failing_keys"])] == [
        str(n) for n in range(4, 24)
    ]


@pytest.mark.parametrize(
    ("frame", "observed"),
    [
        (FRAME.iloc[:0], "no value to look at"),
        (FRAME.assign(value=None).astype({"value": "float64"}), "no value to look at"),
        (FRAME.drop(columns="value"), "an error: "),
    ],
    ids=["empty", "missing values", "missing column"],
)
def test_what_great_expectations_would_pass_unseen_fails(
    frame: pd.DataFrame, observed: str
) -> None:
    row = only_row(run_suites([suite(min_value=1)], {"mart": frame}))
    assert not row["is_success"]
    assert row["observed"].startswith(observed)


def test_a_mart_that_may_be_empty_is_passed_over() -> None:
    rows = run_suites([suite(min_value=1, may_be_empty=True)], {"mart": FRAME.iloc[:0]})
    assert rows["observed"].to_list() == ["no suite"]


def test_a_suite_without_its_mart_and_no_suite_at_all_fail() -> None:
    assert only_row(run_suites([suite(min_value=1)], {}))["observed"] == "no such table was given"
    assert not only_row(run_suites([], {}))["is_success"]


@pytest.mark.parametrize(
    ("change", "passes"),
    [
        ({}, True),
        ({"warehouse_value": 3462.5}, True),
        ({"warehouse_value": 3463.5}, False),
        ({"warehouse_value": 3462.49}, False),
        ({"warehouse_value": None}, False),
        ({"warehouse_value": float("inf")}, False),
        ({"comparator": "over"}, False),
        ({"comparator": "over", "warehouse_value": 3463.1}, True),
        ({"comparator": "over", "warehouse_value": float("inf")}, False),
        ({"comparator": "at_least", "warehouse_value": 3463.0}, True),
        ({"comparator": "up_to"}, True),
        ({"published_value": -3463.0, "warehouse_value": -3463.5}, False),
    ],
)
def test_a_pinned_figure_comes_out_as_published(change: dict[str, Any], passes: bool) -> None:
    figures = pd.DataFrame([FIGURE | change, FIGURE | {"is_pinned": False, "warehouse_value": 0.0}])
    row = only_row(run_suites([], {FIGURES: figures}))
    assert row["is_success"] == passes
    assert (row["report_id"], row["figure_id"]) == ("r", "total")
    assert "r total 总量: report publishes" in row["message"]


def test_shipped_suites_say_why_in_two_languages() -> None:
    for shipped in read_suites():
        assert shipped.expectations
        assert (shipped.meta or {})["key"]
        for expectation in shipped.expectations:
            assert {"subject_zh", "subject_en"} <= set(expectation.meta or {})


QUIET_RUN = """
import socket
attempts = []
def refuse(*arguments, **_):
    attempts.append(arguments)
    raise OSError("no network in this test")
socket.socket.connect = socket.socket.connect_ex = refuse
socket.getaddrinfo = socket.create_connection = refuse

import duckdb
from platform_employment.expectations.runner import int_expectations__results, read_suites

connection = duckdb.connect()
tables = {s.name: connection.sql("select 1 as id") for s in read_suites()}
print(int_expectations__results(tables)["is_success"].any(), len(attempts))
"""


def test_a_run_writes_no_file_logs_nothing_and_calls_nobody(tmp_path: Path) -> None:
    home = tmp_path / "home"
    folder = tmp_path / "cwd"
    home.mkdir()
    folder.mkdir()
    run = subprocess.run(
        [sys.executable, "-c", QUIET_RUN],
        cwd=folder,
        env=os.environ | {"HOME": str(home), "TMPDIR": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.stdout, run.stderr) == ("False 0\n", "")
    assert list(folder.iterdir()) == []
    assert list(home.iterdir()) == []
