"""Run suites with Great Expectations on pandas frames: one row per expectation.

Great Expectations passes an empty suite and an empty frame, and ignores missing values, without a
word. So a success is believed only if the expectation came back without an exception and looked
at one row at least; everything else is a failed row.

Frames come from DuckDB's `.df()`. There DECIMAL becomes float64, the nearest double, and NULL and
NaN both become missing; columns of Python Decimal objects are brought to the same form. Decimals
of up to 15 significant digits compare as their doubles do.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

import great_expectations as gx
import pandas as pd
from great_expectations.core.batch_definition import BatchDefinition
from great_expectations.core.expectation_validation_result import ExpectationValidationResult
from great_expectations.data_context.types.base import (
    DataContextConfig,
    InMemoryStoreBackendDefaults,
    ProgressBarsConfig,
)
from great_expectations.datasource.fluent.interfaces import Batch
from great_expectations.expectations.registry import get_expectation_impl

from platform_employment.expectations.evaluation import (
    MAX_FAILING_KEYS,
    Check,
    Outcome,
    key_columns,
    plain,
    plan_checks,
)
from platform_employment.expectations.figures import Figure, FigureKey, read_figures
from platform_employment.expectations.suite import Suite, load_suites

_MAX_SAMPLES = 3
_NULLNESS = {"expect_column_values_to_be_null", "expect_column_values_to_not_be_null"}


@dataclass(frozen=True)
class Result:
    """One row of the results; `failing_keys` is a JSON list of at most `MAX_FAILING_KEYS` keys.

    `unexpected_count` counts rows; it is 0 where an expectation is about the table as a whole.
    """

    suite_name: str
    table_name: str
    expectation_type: str
    column_name: str | None
    report_id: str | None
    figure_id: str | None
    subject_zh: str
    subject_en: str
    expected: str
    observed: str
    is_success: bool
    evaluated_rows: int
    unexpected_count: int
    failing_keys: str
    message: str
    exception: str | None


def int_expectations__results(tables: Mapping[str, Any]) -> pd.DataFrame:
    """One row per expectation; a suite without a table, or the reverse, is a failed row."""
    frames = {name: relation.df() for name, relation in tables.items()}
    figures = read_figures(frames.pop("figure_ledger"))
    return run_suites(load_suites(), frames, figures)


def run_suites(
    suites: Sequence[Suite],
    frames: Mapping[str, pd.DataFrame],
    figures: Mapping[FigureKey, Figure],
) -> pd.DataFrame:
    """Run each suite on the frame of its table and give the results, columns as in `Result`.

    `frames` is by table name, `figures` as in `read_figures`. No suite at all, a suite without a
    frame and a frame without a suite are failed rows; a suite that is only for a build with some
    table is passed over where that has no rows.
    """
    results: list[Result] = []
    batches = new_batch_definition()
    for suite in suites:
        if any(frames[name].empty for name in suite.only_with if name in frames):
            continue
        if suite.table_name in frames:
            results += run_suite(suite, frames[suite.table_name], figures, batches)
        else:
            results.append(_unusable(suite.suite_name, suite.table_name, "no such table was given"))
    for table_name in sorted(frames.keys() - {suite.table_name for suite in suites}):
        results.append(_unusable(table_name, table_name, "no suite"))
    if not results:
        results.append(_unusable("none", "none", "no suite"))
    texts = [column.name for column in fields(Result) if "str" in str(column.type)]
    return pd.DataFrame([asdict(result) for result in results]).astype(dict.fromkeys(texts, "str"))


def run_suite(
    suite: Suite,
    frame: pd.DataFrame,
    figures: Mapping[FigureKey, Figure],
    batches: BatchDefinition[Any] | None = None,
) -> list[Result]:
    """Run one suite on one frame; the results that hold for every table come first.

    `batches` is where Great Expectations takes frames from; without it a new one is made.
    """
    if not suite.expectations and not suite.pins:
        return [_unusable(suite.suite_name, suite.table_name, "an empty suite")]
    try:
        frame, checks = plan_checks(suite, frame, figures)
    except Exception as error:  # a frame nobody thought of is a failed row, like all other errors
        text = _error_text(error)
        return [_unusable(suite.suite_name, suite.table_name, f"an error: {text}", text)]
    keys = key_columns(frame, suite.unique_key)
    outcomes = _outcomes(checks, frame, keys, batches or new_batch_definition())
    return [_result(suite, check, outcome) for check, outcome in zip(checks, outcomes, strict=True)]


def new_batch_definition() -> BatchDefinition[Any]:
    """Make an in-memory context that reports to nobody, and the batch definition to reuse in it."""
    context = gx.get_context(
        mode="ephemeral",
        project_config=DataContextConfig(
            store_backend_defaults=InMemoryStoreBackendDefaults(),
            progress_bars=ProgressBarsConfig(globally=False),
            analytics_enabled=False,
        ),
    )
    asset = context.data_sources.add_pandas("frames").add_dataframe_asset("frame")
    return asset.add_batch_definition_whole_dataframe("whole frame")


def _outcomes(
    checks: Sequence[Check],
    frame: pd.DataFrame,
    keys: Sequence[str],
    batches: BatchDefinition[Any],
) -> list[Outcome]:
    """Give the outcome of each check; one that did not come back has failed."""
    try:
        results = _evaluate(checks, frame, keys, batches)
        found = {n: _outcome(checks[n], result, frame, keys) for n, result in results.items()}
        reason = "Great Expectations gave no result"
    except Exception as error:  # whatever goes wrong in there is a failed row
        found = {}
        reason = _error_text(error)
    outcomes = []
    for position, check in enumerate(checks):
        if check.failure is not None:
            outcomes.append(check.failure)
        elif position in found:
            outcomes.append(found[position])
        else:
            outcomes.append(Outcome(observed=f"an error: {reason}", exception=reason))
    return outcomes


def _evaluate(
    checks: Sequence[Check],
    frame: pd.DataFrame,
    keys: Sequence[str],
    batches: BatchDefinition[Any],
) -> dict[int, ExpectationValidationResult]:
    """Evaluate all checks at once, then those that failed again, to learn the failing keys.

    Asking for keys costs half as much again, and is rarely needed.
    """
    batch = batches.get_batch({"dataframe": frame})
    asked = {n: check for n, check in enumerate(checks) if check.failure is None}
    found = _validate(batch, asked, {"result_format": "BASIC"})
    failed = {n: check for n, check in asked.items() if n in found and not found[n].success}
    if failed and keys:
        found |= _validate(
            batch,
            failed,
            {
                "result_format": "SUMMARY",
                "unexpected_index_column_names": list(keys),
                "partial_unexpected_count": MAX_FAILING_KEYS,
                "return_unexpected_index_query": False,
            },
        )
    return found


def _validate(
    batch: Batch, checks: Mapping[int, Check], result_format: dict[str, Any]
) -> dict[int, ExpectationValidationResult]:
    """Validate checks on a batch; results come in an order of their own, hence the positions."""
    suite = gx.ExpectationSuite(
        name="suite",
        expectations=[
            get_expectation_impl(check.type)(**check.kwargs, meta={"position": position})
            for position, check in checks.items()
        ],
    )
    results = batch.validate(suite, result_format=result_format).results
    return {
        result.expectation_config.meta["position"]: result
        for result in results
        if result.expectation_config is not None
    }


def _outcome(
    check: Check,
    result: ExpectationValidationResult,
    frame: pd.DataFrame,
    keys: Sequence[str],
) -> Outcome:
    exception = _exception(result)
    if exception is not None:
        return Outcome(observed=f"an error: {exception}", exception=exception)
    column = check.kwargs.get("column")
    has_column = column is not None and check.type not in _NULLNESS
    evaluated = int(frame[column].notna().sum()) if has_column else len(frame)
    # Only an expectation that looks at rows, one by one, says how many elements there were.
    is_about_rows = "element_count" in result.result
    unexpected = int(result.result["unexpected_count"]) if is_about_rows else 0
    entries = result.result.get("partial_unexpected_index_list", [])
    if check.pinned_value is not None:
        observed = check.pinned_value
    elif is_about_rows:
        observed = _rows_observed(result.result, evaluated, unexpected)
    else:
        observed = _table_observed(result.result)
    return Outcome(
        observed=observed,
        is_success=bool(result.success) and evaluated > 0 and unexpected == 0,
        evaluated_rows=evaluated,
        unexpected_count=unexpected,
        failing_keys=[{name: entry[name] for name in keys} for entry in entries],
    )


def _rows_observed(found: Mapping[str, Any], evaluated: int, unexpected: int) -> str:
    if evaluated == 0:
        return "no value to look at"
    if unexpected == 0:
        return f"{evaluated} of {evaluated} rows as expected"
    samples = dict.fromkeys(str(plain(value)) for value in found["partial_unexpected_list"])
    shown = "; ".join(list(samples)[:_MAX_SAMPLES])
    return f"{unexpected} of {evaluated} rows not as expected: {shown}"


def _table_observed(found: Mapping[str, Any]) -> str:
    """Give the one value that was observed, or how two sets of values differ."""
    if "partial_missing_list" in found:
        unexpected = plain(found["partial_unexpected_list"])
        return f"unexpected {unexpected}, missing {plain(found['partial_missing_list'])}"
    return str(plain(found.get("observed_value")))


def _exception(result: ExpectationValidationResult) -> str | None:
    """Give the first exception's text: one per expectation, or one per metric it needed."""
    info = result.exception_info
    if "raised_exception" in info:
        return _one_line(info["exception_message"]) if info["raised_exception"] else None
    return next((_one_line(entry["exception_message"]) for entry in info.values()), None)


def _result(suite: Suite, check: Check, outcome: Outcome) -> Result:
    return Result(
        suite_name=suite.suite_name,
        table_name=suite.table_name,
        expectation_type=check.type,
        column_name=check.column,
        report_id=check.report_id,
        figure_id=check.figure_id,
        subject_zh=check.subject_zh,
        subject_en=check.subject_en,
        expected=check.expected,
        observed=outcome.observed,
        is_success=outcome.is_success,
        evaluated_rows=outcome.evaluated_rows,
        unexpected_count=outcome.unexpected_count,
        failing_keys=json.dumps(plain(outcome.failing_keys), ensure_ascii=False),
        message=_one_line(check.message(outcome.observed)),
        exception=outcome.exception,
    )


def _unusable(
    suite_name: str, table_name: str, observed: str, exception: str | None = None
) -> Result:
    """Give the failed row of a suite that can't be run."""
    subject, expected = "the table is checked", "a table and a suite that checks it"
    return Result(
        suite_name=suite_name,
        table_name=table_name,
        expectation_type="run_suite",
        column_name=None,
        report_id=None,
        figure_id=None,
        subject_zh="表有检查",
        subject_en=subject,
        expected=expected,
        observed=observed,
        is_success=False,
        evaluated_rows=0,
        unexpected_count=0,
        failing_keys="[]",
        message=f"{table_name}: {subject}: expected {expected}, observed {observed}",
        exception=exception,
    )


def _error_text(error: Exception) -> str:
    return _one_line(f"{type(error).__name__}: {error}")


def _one_line(text: str) -> str:
    return " ".join(text.split())
