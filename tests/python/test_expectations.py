"""The expectations engine: what passes, what fails, and that nothing passes unseen."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from dataclasses import fields, replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import great_expectations as gx
import numpy as np
import pandas as pd
import pytest

from platform_employment.expectations import runner
from platform_employment.expectations import suite as suite_module
from platform_employment.expectations.figures import (
    Figure,
    FigureError,
    published_bounds,
    read_figures,
)
from platform_employment.expectations.runner import Result, run_suite, run_suites
from platform_employment.expectations.suite import Expectation, Pins, Suite, SuiteError, load_suites

TOTAL = Figure("r", "total_jobs", "平台带动就业机会总量", "total jobs", "3463", "wan_jobs", "equal")
FIGURES = {("r", "total_jobs"): TOTAL}

NOT_NEGATIVE = Expectation(
    "expect_column_values_to_be_between",
    {"column": "jobs_wan", "min_value": 0},
    "不为负",
    "not negative",
)
WINDOW = datetime(2021, 9, 30)  # noqa: DTZ001 a DATE has no time zone
PINS = Pins("jobs_wan", "is_pinned")
SUITE = Suite(
    suite_name="published_marts",
    table_name="fct_jobs",
    unique_key=("window_end", "component_id"),
    nullable=("conf_low",),
    expectations=(NOT_NEGATIVE,),
    pins=PINS,
)


@pytest.fixture
def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "window_end": pd.to_datetime(["2021-09-30"] * 3 + ["2021-06-30"]),
            "component_id": ["direct", "indirect", "total", "total"],
            "report_id": "r",
            "figure_id": ["direct_jobs", "indirect_jobs", "total_jobs", "total_jobs"],
            "jobs_wan": [2000.0, 1463.0, 3463.0, 3300.0],
            "conf_low": [1900.0, np.nan, np.nan, np.nan],
            "is_pinned": [False, False, True, False],
        }
    )


def with_value(
    frame: pd.DataFrame, column: str, row: int, value: float | str | None
) -> pd.DataFrame:
    changed = frame.copy()
    changed.loc[row, column] = value
    return changed


def failures(suite: Suite, frame: pd.DataFrame) -> list[Result]:
    return [result for result in run_suite(suite, frame, FIGURES) if not result.is_success]


def only_failure(suite: Suite, frame: pd.DataFrame) -> Result:
    [result] = failures(suite, frame)
    return result


def pinned(
    frame: pd.DataFrame,
    value: str = TOTAL.value,
    comparator: str = TOTAL.comparator,
    column: str = PINS.column,
) -> Result:
    """Give the result of a pin on the total of the frame, were it published like this."""
    figure = replace(TOTAL, value=value, comparator=comparator)
    suite = replace(SUITE, pins=replace(PINS, column=column))
    return run_suite(suite, frame, {("r", "total_jobs"): figure})[-1]


# What passes


def test_good_table_passes_with_one_row_per_expectation(frame: pd.DataFrame) -> None:
    results = run_suites([SUITE], {"fct_jobs": frame}, FIGURES)

    assert list(results.columns) == [column.name for column in fields(Result)]
    assert results["is_success"].tolist() == [True] * 4
    assert results["evaluated_rows"].tolist() == [4, 4, 4, 1]
    assert results["unexpected_count"].tolist() == [0] * 4
    assert results["failing_keys"].tolist() == ["[]"] * 4
    assert results["exception"].isna().all()


def test_results_reach_duckdb_with_their_types(frame: pd.DataFrame) -> None:
    results = duckdb.from_df(run_suites([SUITE], {"fct_jobs": frame}, FIGURES))

    kinds = {"is_success": "BOOLEAN", "evaluated_rows": "BIGINT", "unexpected_count": "BIGINT"}
    names = [column.name for column in fields(Result)]
    assert results.columns == names
    assert [str(kind) for kind in results.types] == [kinds.get(name, "VARCHAR") for name in names]
    assert results.aggregate("count(exception)").fetchall() == [(0,)]


def test_row_order_changes_nothing(frame: pd.DataFrame) -> None:
    broken = frame.assign(jobs_wan=[-1.0, -2.0, -3.0, -4.0])

    assert run_suite(SUITE, broken, FIGURES) == run_suite(SUITE, broken[::-1], FIGURES)


def test_frame_is_left_as_it_was(frame: pd.DataFrame) -> None:
    before = frame.copy()

    run_suite(SUITE, frame, FIGURES)

    pd.testing.assert_frame_equal(frame, before)


def test_suites_do_not_see_each_others_frames(frame: pd.DataFrame) -> None:
    suites = [replace(SUITE, table_name=name) for name in ("a", "b", "c")]
    frames = {"a": frame, "b": with_value(frame, "jobs_wan", 0, -1.0), "c": frame}

    results = run_suites(suites, frames, FIGURES)

    assert results.loc[~results["is_success"], "table_name"].tolist() == ["b"]


# What fails: the table as a whole


def test_empty_suite_fails(frame: pd.DataFrame) -> None:
    failure = only_failure(replace(SUITE, expectations=(), pins=None), frame)

    assert failure.message.endswith("observed an empty suite")


def test_no_suites_fail() -> None:
    assert run_suites([], {}, FIGURES)["is_success"].tolist() == [False]


def test_suite_without_its_table_fails(frame: pd.DataFrame) -> None:
    other = replace(SUITE, table_name="fct_other")

    results = run_suites([SUITE, other], {"fct_jobs": frame}, FIGURES)

    failure = results[~results["is_success"]]
    assert failure["table_name"].tolist() == ["fct_other"]
    assert failure["observed"].tolist() == ["no such table was given"]


def test_table_without_a_suite_fails(frame: pd.DataFrame) -> None:
    results = run_suites([SUITE], {"fct_jobs": frame, "fct_other": frame}, FIGURES)

    failure = results[~results["is_success"]]
    assert failure["table_name"].tolist() == ["fct_other"]
    assert failure["observed"].tolist() == ["no suite"]


def test_every_expectation_fails_on_an_empty_frame(frame: pd.DataFrame) -> None:
    results = run_suite(SUITE, frame.head(0), FIGURES)

    assert [result.is_success for result in results] == [False] * 3
    assert results[0].message == (
        "fct_jobs: the table has rows: expected at least 1 row, observed 0"
    )


@pytest.mark.parametrize(
    ("column", "value", "defect"),
    [
        ("jobs_wan", np.nan, "jobs_wan is missing"),
        ("jobs_wan", np.inf, "jobs_wan is not finite"),
        ("jobs_wan", -np.inf, "jobs_wan is not finite"),
        ("conf_low", np.inf, "conf_low is not finite"),
        ("component_id", None, "component_id is missing"),
        ("component_id", "indirect", "key is repeated"),
    ],
)
def test_unusable_value_fails(
    frame: pd.DataFrame, column: str, value: float | str | None, defect: str
) -> None:
    failed = failures(SUITE, with_value(frame, column, 0, value))

    assert defect in failed[0].observed
    assert failed[0].expectation_type == "expect_column_values_to_be_null"
    assert failed[0].unexpected_count >= 1
    assert '"window_end": "2021-09-30"' in failed[0].failing_keys


@pytest.mark.parametrize(
    "suite", [replace(SUITE, unique_key=("nowhere",)), replace(SUITE, nullable=("nowhere",))]
)
def test_unknown_column_in_the_head_of_a_suite_fails(suite: Suite, frame: pd.DataFrame) -> None:
    assert failures(suite, frame)[0].observed == "no column nowhere"


def test_frame_that_cannot_be_prepared_fails(frame: pd.DataFrame) -> None:
    failure = only_failure(
        SUITE, frame.assign(component_id=pd.Series([["a list"]] * 4, dtype=object))
    )

    assert failure.exception is not None
    assert failure.exception.startswith("TypeError: ")


# What fails: expectations


def test_failing_rows_are_counted_and_named(frame: pd.DataFrame) -> None:
    failure = only_failure(SUITE, with_value(frame, "jobs_wan", 1, -1.5))

    assert failure.column_name == "jobs_wan"
    assert (failure.evaluated_rows, failure.unexpected_count) == (4, 1)
    assert json.loads(failure.failing_keys) == [
        {"window_end": "2021-09-30", "component_id": "indirect"}
    ]
    assert failure.message == (
        "fct_jobs.jobs_wan: not negative: expected column values to be between (min_value=0), "
        "observed 1 of 4 rows not as expected: -1.5"
    )


def test_failing_keys_stop_at_twenty_and_the_count_does_not() -> None:
    frame = pd.DataFrame({"merchant_id": range(10, 40), "jobs_wan": -1.0})
    suite = Suite("s", "t", ("merchant_id",), expectations=(NOT_NEGATIVE,))

    failure = only_failure(suite, frame)

    assert failure.unexpected_count == 30
    assert json.loads(failure.failing_keys) == [{"merchant_id": n} for n in range(10, 30)]


@pytest.mark.parametrize(
    ("expectation_type", "kwargs", "observed"),
    [
        (
            "expect_column_values_to_be_between",
            {"column": "nowhere", "min_value": 0},
            'an error: Error: The column "nowhere" in BatchData does not exist.',
        ),
        (
            "expect_column_values_to_be_between",
            {"column": "component_id", "min_value": 0},
            "an error: Column values, min_value, and max_value must either be None or of the same"
            " type.",
        ),
        (
            "expect_column_sum_to_be_between",
            {"column": "jobs_wan", "max_value": 10},
            "10226.0",
        ),
        (
            "expect_column_distinct_values_to_equal_set",
            {"column": "component_id", "value_set": ["direct", "total", "content"]},
            "unexpected ['indirect'], missing ['content']",
        ),
        (
            "expect_column_pair_values_a_to_be_greater_than_b",
            {"column_A": "conf_low", "column_B": "jobs_wan"},
            "4 of 4 rows not as expected: [None, 3300.0]; [1900.0, 2000.0]; [None, 1463.0]",
        ),
        (
            "expect_column_values_to_be_in_set",
            {"column": "window_end", "value_set": [WINDOW]},
            "1 of 4 rows not as expected: 2021-06-30",
        ),
        (
            "expect_nonsense",
            {"column": "jobs_wan"},
            "an error: ExpectationNotFoundError: expect_nonsense not found",
        ),
    ],
)
def test_expectation_fails(
    frame: pd.DataFrame, expectation_type: str, kwargs: dict[str, Any], observed: str
) -> None:
    expectation = Expectation(expectation_type, kwargs, "预期", "subject")

    results = run_suite(replace(SUITE, expectations=(expectation,)), frame, FIGURES)

    assert not results[2].is_success
    assert results[2].observed.startswith(observed)
    assert (results[2].exception is not None) == ("an error" in observed)


def test_column_without_any_value_fails(frame: pd.DataFrame) -> None:
    expectation = replace(NOT_NEGATIVE, kwargs={"column": "conf_low", "min_value": 0})
    suite = replace(SUITE, expectations=(expectation,))

    failure = only_failure(suite, frame.assign(conf_low=np.nan))

    assert (failure.observed, failure.evaluated_rows) == ("no value to look at", 0)


def test_message_is_one_line_whatever_the_data_holds(frame: pd.DataFrame) -> None:
    expectation = Expectation(
        "expect_column_values_to_be_in_set",
        {"column": "component_id", "value_set": ["total"]},
        "已知",
        "known",
    )

    failed = failures(
        replace(SUITE, expectations=(expectation,)),
        with_value(frame, "component_id", 0, "two\nlines"),
    )

    assert failed[0].message.endswith("2 of 4 rows not as expected: indirect; two lines")


def test_exception_inside_great_expectations_fails_every_expectation(
    frame: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("out of\nexpectations")

    monkeypatch.setattr(gx.ExpectationSuite, "__init__", broken)

    results = run_suite(SUITE, frame, FIGURES)

    assert [result.is_success for result in results] == [False] * 4
    assert {result.exception for result in results} == {"RuntimeError: out of expectations"}


def test_expectation_without_a_result_fails(
    frame: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    evaluate = runner._evaluate
    monkeypatch.setattr(
        runner,
        "_evaluate",
        lambda *arguments: {n: r for n, r in evaluate(*arguments).items() if n != 2},
    )

    failure = only_failure(SUITE, frame)

    assert (failure.subject_zh, failure.subject_en) == ("不为负", "not negative")
    assert failure.exception == "Great Expectations gave no result"


# Pins


def test_pin_says_what_is_published_and_what_is_built(frame: pd.DataFrame) -> None:
    failure = only_failure(SUITE, with_value(frame, "jobs_wan", 2, 3461.2))

    assert failure.message == (
        "r total_jobs 平台带动就业机会总量: report publishes 3463 wan_jobs, this build gives 3461.2"
    )
    assert failure.expected == "3463 wan_jobs: 3462.5 <= x < 3463.5"
    assert (failure.report_id, failure.figure_id) == ("r", "total_jobs")
    assert failure.column_name == "jobs_wan"
    assert (failure.evaluated_rows, failure.unexpected_count) == (1, 1)
    assert json.loads(failure.failing_keys) == [
        {"window_end": "2021-09-30", "component_id": "total"}
    ]


def test_every_row_that_asks_for_it_is_pinned(frame: pd.DataFrame) -> None:
    direct = replace(TOTAL, figure_id="direct_jobs", value="2000")
    figures = FIGURES | {("r", "direct_jobs"): direct}
    asking = frame.assign(is_pinned=[True, False, True, False])

    assert [result.figure_id for result in run_suite(SUITE, asking, figures)[3:]] == [
        "direct_jobs",
        "total_jobs",
    ]


@pytest.mark.parametrize(("reports", "applies"), [(["r"], True), ([], False)])
def test_a_suite_is_passed_over_where_a_table_it_needs_is_empty(
    frame: pd.DataFrame, reports: list[str], applies: bool
) -> None:
    wrong = with_value(frame, "jobs_wan", 2, 3464.0)
    suite = replace(SUITE, only_with=("dim_reports",))
    other = replace(SUITE, table_name="fct_other", pins=None)
    of_reports = Suite("s", "dim_reports", ("report_id",), only_with=("dim_reports",), pins=PINS)
    frames = {
        "fct_jobs": wrong,
        "fct_other": frame,
        "dim_reports": pd.DataFrame({"report_id": reports, "is_pinned": False}),
    }
    results = run_suites([suite, other, of_reports], frames, FIGURES)
    needing = {"fct_jobs", "dim_reports"} if applies else set()
    assert set(results["table_name"]) == {"fct_other"} | needing
    assert list(results.loc[~results["is_success"], "figure_id"]) == ["total_jobs"] * applies


@pytest.mark.parametrize(
    ("published", "built", "is_success"),
    [
        ("3463", 3462.5, True),
        ("3463", 3462.4999, False),
        ("3463", 3463.4999, True),
        ("3463", 3463.5, False),
        ("372.9", 372.85, True),
        ("372.9", 372.8499, False),
        ("372.9", 372.95, False),
        ("372.90", 372.91, False),
        ("1.475", 1.47510, True),
        ("1.475", 1.4760, False),
        ("-0.0000024", -0.00000235, True),
        ("-0.0000024", -0.000002349, False),
        ("-0.0000024", -0.00000245, False),
        ("-2.4e-6", -0.0000024, True),
        ("0.0", 0.0499, True),
        ("0.0", -0.05, False),
        ("0.0", 0.05, False),
    ],
)
def test_pin_compares_at_published_precision(
    frame: pd.DataFrame, published: str, built: float, is_success: bool
) -> None:
    result = pinned(with_value(frame, "jobs_wan", 2, built), value=published)

    assert result.is_success == is_success


@pytest.mark.parametrize(
    ("comparator", "built", "is_success"),
    [
        ("about", 3463.4, True),
        ("about", 3464.0, False),
        ("over", 3463.1, True),
        ("over", 3463.0, False),
        ("up_to", 3463.0, True),
        ("up_to", 3463.1, False),
    ],
)
def test_pin_obeys_the_comparator(
    frame: pd.DataFrame, comparator: str, built: float, is_success: bool
) -> None:
    result = pinned(with_value(frame, "jobs_wan", 2, built), comparator=comparator)

    assert result.is_success == is_success
    assert f"report publishes {comparator} 3463 wan_jobs" in result.message


@pytest.mark.parametrize(
    ("pins", "text"),
    [
        (replace(PINS, column="nowhere"), "an error: KeyError: 'nowhere'"),
        (replace(PINS, rows="nowhere"), "an error: KeyError: 'nowhere'"),
        (replace(PINS, column="component_id"), "an error: ValueError: "),
        (replace(PINS, column="conf_low"), "no value"),
    ],
)
def test_pin_without_a_number_fails(frame: pd.DataFrame, pins: Pins, text: str) -> None:
    failure = only_failure(replace(SUITE, pins=pins), frame)

    assert failure.observed.startswith(text)


def test_pin_on_a_figure_that_nobody_published_fails(frame: pd.DataFrame) -> None:
    failure = only_failure(SUITE, with_value(frame, "figure_id", 2, "other"))

    assert failure.observed == "no such figure in the ledger"
    assert failure.message.startswith("r other: fct_jobs.jobs_wan: ")


def test_infinite_pinned_value_fails_where_the_bound_alone_would_pass(frame: pd.DataFrame) -> None:
    result = pinned(with_value(frame, "jobs_wan", 2, np.inf), comparator="over")

    assert not result.is_success
    assert result.observed == "inf"


@pytest.mark.parametrize(
    ("value", "comparator", "reason"),
    [
        ("", "equal", "published value '' is not a plain decimal number"),
        ("3,463", "equal", "published value '3,463' is not a plain decimal number"),
        ("nan", "equal", "published value 'nan' is not a plain decimal number"),
        ("1234567890.12345", "equal", "published value '1234567890.12345' has too many digits"),
        ("3463", "roughly", "comparator 'roughly' is unknown"),
    ],
)
def test_pin_on_an_unusable_figure_fails(
    frame: pd.DataFrame, value: str, comparator: str, reason: str
) -> None:
    result = pinned(frame, value, comparator)

    assert not result.is_success
    assert reason in result.message


@pytest.mark.parametrize("built", ["372.8499", "372.8500", "372.9499", "372.9500"])
def test_decimals_compare_alike_as_doubles_and_as_objects(frame: pd.DataFrame, built: str) -> None:
    decimals = [Decimal(1), Decimal(2), Decimal(built), Decimal(3)]
    objects = frame.assign(jobs_wan=pd.Series(decimals, dtype=object))
    as_text = duckdb.from_df(frame.assign(jobs_wan=["1", "2", built, "3"]))
    doubles = as_text.project("* replace (jobs_wan::decimal(18, 4) as jobs_wan)")

    from_objects = pinned(objects, value="372.9")
    from_doubles = pinned(doubles.df(), value="372.9")

    assert from_objects == from_doubles
    assert from_doubles.is_success == (Decimal("372.85") <= Decimal(built) < Decimal("372.95"))


def test_integers_with_missing_values_are_numbers(frame: pd.DataFrame) -> None:
    integers = frame.assign(conf_low=pd.array([1900, None, 3463, None], dtype="Int64"))
    at_most = Expectation(
        "expect_column_pair_values_a_to_be_greater_than_b",
        {"column_A": "jobs_wan", "column_B": "conf_low", "or_equal": True},
        "下限",
        "low end",
    )

    failure = only_failure(replace(SUITE, expectations=(at_most,)), integers)

    assert pinned(integers, column="conf_low").is_success
    assert failure.exception is None
    assert failure.observed == ("2 of 4 rows not as expected: [3300.0, None]; [1463.0, None]")


# The figure ledger


def ledger(**columns: list[object]) -> pd.DataFrame:
    rows = {
        "report_id": ["r", "r"],
        "figure_id": ["a", "b"],
        "subject_zh": ["甲", "乙"],
        "subject_en": ["A", "B"],
        "value": ["540", "372.90"],
        "unit": ["wan_jobs", "wan_jobs"],
        "comparator": ["equal", "about"],
    }
    return pd.DataFrame(rows | columns)


def test_ledger_is_read_by_figure() -> None:
    figures = read_figures(ledger(period=["2021", "2021"]))

    assert figures["r", "b"] == Figure("r", "b", "乙", "B", "372.90", "wan_jobs", "about")
    assert str(published_bounds(figures["r", "b"])) == "372.895 <= x < 372.905"


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        (ledger().drop(columns="unit"), "figure ledger has no column 'unit'"),
        (ledger(value=[540, 372.9]), "figure ledger column 'value' must hold text as published"),
        (ledger(figure_id=["a", "a"]), "figure ledger repeats 'r a'"),
    ],
)
def test_bad_ledger_is_refused(frame: pd.DataFrame, reason: str) -> None:
    with pytest.raises(FigureError) as error:
        read_figures(frame)

    assert str(error.value) == reason


# Suites as data

GOOD_SUITE = """\
unique_key: [window_end, component_id]
expectations:
  - type: expect_column_values_to_be_between
    column: jobs_wan
    kwargs: {min_value: 0}
    subject_zh: 不为负
    subject_en: not negative
pins: {column: jobs_wan, rows: is_pinned}
"""


def load_text(folder: Path, text: str) -> Suite:
    (folder / "fct_jobs.yml").write_text(text, encoding="utf-8")
    [suite] = load_suites(folder)
    return suite


def test_suite_is_read_from_yaml_and_runs(tmp_path: Path, frame: pd.DataFrame) -> None:
    suite = load_text(tmp_path, GOOD_SUITE)

    assert suite == replace(SUITE, suite_name="fct_jobs", nullable=())
    assert failures(suite, frame.drop(columns="conf_low")) == []


def test_example_in_the_docs_is_a_suite(tmp_path: Path) -> None:
    assert suite_module.__doc__ is not None
    paragraphs = suite_module.__doc__.split("\n\n")
    example = next(text for text in paragraphs if "unique_key:" in text)

    suite = load_text(tmp_path, textwrap.dedent(example))

    assert (suite.suite_name, suite.table_name) == ("published_marts", "fct_jobs")
    assert len(suite.expectations) == 1
    assert suite.pins == Pins("jobs_wan", "is_pinned")


def test_shipped_suites_can_be_read() -> None:
    suites = load_suites()

    assert all(suite.expectations or suite.pins for suite in suites)


def test_suites_come_in_order_of_their_tables(tmp_path: Path) -> None:
    for name in ("b", "a"):
        (tmp_path / f"{name}.yml").write_text(GOOD_SUITE, encoding="utf-8")

    assert [suite.table_name for suite in load_suites(tmp_path)] == ["a", "b"]


def test_folder_without_suites_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SuiteError, match="no suite found"):
        load_suites(tmp_path)


BETWEEN = "expect_column_values_to_be_between"


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("unique_key: [window_end, component_id]", "", "the suite: unique_key is missing"),
        ("[window_end, component_id]", "[]", "unique_key is empty"),
        ("[window_end, component_id]", "window_end", "unique_key is not a list of columns"),
        ("pins:", "pin:", "the suite: unknown key 'pin'"),
        ("pins:", "expectations:", "line 8: key 'expectations' is repeated"),
        (BETWEEN, "expect_jobs", "expectation 1: unknown expectation type 'expect_jobs'"),
        (
            BETWEEN,
            "expect_table_columns_to_match_set",
            "expectation 1: expect_table_columns_to_match_set is not about rows or values",
        ),
        ("unique_key: [", "only_with: {a: x}\nunique_key: [", "only_with is not a list of tables"),
        ("subject_en: not negative", "subjekt: x", "expectation 1: unknown key 'subjekt'"),
        ("    subject_zh: 不为负\n", "", "expectation 1: subject_zh is missing"),
        ("subject_en: not negative", "subject_en:", "expectation 1: subject_en is not a text"),
        (
            "    column: jobs_wan\n    kwargs",
            "    kwargs",
            f"expectation 1: {BETWEEN}: column field required",
        ),
        (
            "min_value: 0",
            "minimum: 0",
            f"expectation 1: {BETWEEN} takes column, max_value, min_value, strict_max, strict_min,"
            " not 'minimum'",
        ),
        (
            "min_value: 0",
            "min_value: 0, mostly: 0.9",
            f"expectation 1: {BETWEEN} takes column, max_value, min_value, strict_max, strict_min,"
            " not 'mostly'",
        ),
        ("min_value: 0", "min_value:", "expectation 1: min_value is empty"),
        ("min_value: 0", "", f"expectation 1: {BETWEEN} needs min_value or max_value"),
        (
            "min_value: 0",
            "min_value: low",
            f"expectation 1: {BETWEEN}: min_value value is not a valid float",
        ),
        ("{min_value: 0}", "[1]", "expectation 1: kwargs is not a mapping"),
        ("rows: is_pinned", "row: is_pinned", "pins: unknown key 'row'"),
        (", rows: is_pinned", "", "pins: rows is missing"),
        ("column: jobs_wan, rows", "column: 1, rows", "pins: column is not a text"),
        ("{column: jobs_wan, rows: is_pinned}", "[a]", "pins is not a mapping"),
        ("[window_end, component_id]", "[window_end", "line 2: "),
        ("unique_key", "\x07unique_key", "special characters are not allowed"),
    ],
)
def test_bad_suite_is_refused_in_one_line(tmp_path: Path, old: str, new: str, reason: str) -> None:
    assert GOOD_SUITE.count(old) >= 1

    with pytest.raises(SuiteError) as error:
        load_text(tmp_path, GOOD_SUITE.replace(old, new, 1))

    assert str(error.value).startswith("fct_jobs.yml: ")
    assert reason in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "fct_jobs.yml: the suite is not a mapping"),
        ("# 1\nunique_key: [直播]".encode("gb18030"), "fct_jobs.yml: line 2: not UTF-8"),
    ],
)
def test_file_that_is_no_suite_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    (tmp_path / "fct_jobs.yml").write_bytes(content)

    with pytest.raises(SuiteError) as error:
        load_suites(tmp_path)

    assert str(error.value) == reason


# Side effects

QUIET_RUN = """
import socket
attempts = []
def refuse(*arguments, **_):
    attempts.append(arguments)
    raise OSError("no network in this test")
socket.socket.connect = socket.socket.connect_ex = refuse
socket.getaddrinfo = socket.create_connection = refuse

import pandas as pd
from platform_employment.expectations.runner import run_suites
from platform_employment.expectations.suite import Expectation, Suite

kwargs = {"column": "jobs_wan", "min_value": 0}
fine = Expectation("expect_column_values_to_be_between", kwargs, "不为负", "not negative")
nowhere = {"column": "nowhere", "min_value": 0}
error = Expectation("expect_column_values_to_be_between", nowhere, "错误", "error")
frame = pd.DataFrame({"id": [1, 2], "jobs_wan": [1.0, 2.0]})
suites = [Suite("s", "t", ("id",), expectations=(fine, error))]
results = run_suites(suites, {"t": frame}, {})
print(results["is_success"].tolist(), len(attempts))
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

    assert (run.stdout, run.stderr) == ("[True, True, True, False] 0\n", "")
    assert list(folder.iterdir()) == []
    assert list(home.iterdir()) == []
