"""Validate the suites with Great Expectations: one row per expectation.

Great Expectations passes an empty suite and an empty frame, and ignores missing values, without a
word. So a success counts only where the expectation looked at one value at least.

Frames come from DuckDB: DECIMAL becomes the nearest double, NULL a missing value.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import great_expectations as gx
import pandas as pd
from great_expectations.core.expectation_validation_result import ExpectationValidationResult
from great_expectations.data_context.types.base import (
    DataContextConfig,
    InMemoryStoreBackendDefaults,
    ProgressBarsConfig,
)

SUITES = Path(__file__).with_name("suites")
FIGURES = "aud_figure_reconciliation"
MAX_FAILING_KEYS = 20
_MAX_SAMPLES = 3
_TEXTS = (
    *("suite_name", "table_name", "expectation_type", "column_name", "report_id", "figure_id"),
    *("subject_zh", "subject_en", "expected", "observed", "failing_keys", "message", "exception"),
)

Row = dict[str, Any]


def int_expectations__results(tables: Mapping[str, Any]) -> pd.DataFrame:
    """Return one row per expectation.

    tables: DuckDB relations by the name of the mart. A suite without a table is a failed row.
    """
    frames = {name: relation.df() for name, relation in tables.items()}
    return run_suites(read_suites(), frames)


def read_suites(folder: Path = SUITES) -> list[gx.ExpectationSuite]:
    """Return the suites of a folder, by name."""
    return [
        gx.ExpectationSuite(**json.loads(path.read_text(encoding="utf-8")))
        for path in sorted(folder.glob("*.json"))
    ]


def run_suites(
    suites: list[gx.ExpectationSuite], frames: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """Return the results of all suites and of all pinned figures; without any, a failed row."""
    validator = _Validator()
    rows: list[Row] = []
    for suite in suites:
        frame = frames.get(suite.name)
        meta = suite.meta or {}
        if frame is None:
            rows.append(_unusable(suite.name, "no such table was given"))
        elif frame.empty and meta.get("may_be_empty"):
            continue
        else:
            rows += validator.rows(suite, frame, meta["key"])
    if FIGURES in frames:
        rows += _figure_rows(validator, frames[FIGURES])
    rows = rows or [_unusable("none", "no suite")]
    return pd.DataFrame(rows).astype(dict.fromkeys(_TEXTS, "str"))


class _Validator:
    """Validates frames in a context that keeps nothing and reports to no one."""

    def __init__(self) -> None:
        context = gx.get_context(
            mode="ephemeral",
            project_config=DataContextConfig(
                store_backend_defaults=InMemoryStoreBackendDefaults(),
                progress_bars=ProgressBarsConfig(globally=False),
                analytics_enabled=False,
            ),
        )
        asset = context.data_sources.add_pandas("marts").add_dataframe_asset("mart")
        self._batches = asset.add_batch_definition_whole_dataframe("whole")

    def rows(self, suite: gx.ExpectationSuite, frame: pd.DataFrame, key: list[str]) -> list[Row]:
        """Return a row for each expectation of a suite, in their order."""
        expectations = [expectation.configuration for expectation in suite.expectations]
        for number, configuration in enumerate(expectations):
            configuration.meta = {**(configuration.meta or {}), "number": number}
        numbered = gx.ExpectationSuite(name=suite.name, expectations=list(expectations))
        batch = self._batches.get_batch(batch_parameters={"dataframe": frame})
        results = batch.validate(
            numbered,
            result_format={
                "result_format": "SUMMARY",
                "unexpected_index_column_names": key,
                "partial_unexpected_count": MAX_FAILING_KEYS,
                "return_unexpected_index_query": False,
            },
        ).results
        by_number = {
            result.expectation_config.meta["number"]: result
            for result in results
            if result.expectation_config is not None and result.expectation_config.meta
        }
        return [
            _row(suite.name, configuration, by_number.get(number), frame, key)
            for number, configuration in enumerate(expectations)
        ]


def _row(
    table: str,
    configuration: Any,
    result: ExpectationValidationResult | None,
    frame: pd.DataFrame,
    key: list[str],
) -> Row:
    kwargs = {name: value for name, value in configuration.kwargs.items() if value is not None}
    column = kwargs.pop("column", None)
    words = configuration.type.removeprefix("expect_").replace("_", " ")
    arguments = ", ".join(f"{name}={value}" for name, value in kwargs.items() if value != [])
    expected = f"{words} ({arguments})" if arguments else words
    found = result.result if result else {}
    evaluated = int(found.get("element_count", 0)) - int(found.get("missing_count") or 0)
    unexpected = int(found.get("unexpected_count", 0))
    exception = _exception(result)
    if exception:
        observed = f"an error: {exception}"
    elif evaluated == 0:
        observed = "no value to look at"
    elif unexpected == 0:
        observed = f"{evaluated} of {evaluated} rows as expected"
    else:
        samples = dict.fromkeys(map(str, found["partial_unexpected_list"]))
        shown = "; ".join(list(samples)[:_MAX_SAMPLES])
        observed = f"{unexpected} of {evaluated} rows not as expected: {shown}"
    failing = [
        {name: str(entry[name]) for name in key if name in frame.columns}
        for entry in found.get("partial_unexpected_index_list") or ()
    ]
    subject = configuration.meta["subject_en"]
    place = f"{table}.{column}" if column else table
    is_success = bool(result and result.success) and evaluated > 0 and not exception
    return {
        "suite_name": table,
        "table_name": table,
        "expectation_type": configuration.type,
        "column_name": column,
        "report_id": None,
        "figure_id": None,
        "subject_zh": configuration.meta["subject_zh"],
        "subject_en": subject,
        "expected": expected,
        "observed": observed,
        "is_success": is_success,
        "evaluated_rows": evaluated,
        "unexpected_count": unexpected,
        "failing_keys": json.dumps(failing, ensure_ascii=False),
        "message": _one_line(f"{place}: {subject}: expected {expected}, observed {observed}"),
        "exception": exception,
    }


def _figure_rows(validator: _Validator, figures: pd.DataFrame) -> Iterator[Row]:
    """Yield a row for each pinned figure, with all of them as columns of one row of a frame."""
    pinned = figures[figures["is_pinned"].fillna(False).astype(bool)]
    if pinned.empty:
        return
    records: list[Row] = [dict(zip(pinned.columns, row, strict=True)) for row in pinned.values]
    built = [float(record["warehouse_value"]) for record in records]
    frame = pd.DataFrame([{f"figure {number}": value for number, value in enumerate(built)}])
    suite = gx.ExpectationSuite(
        name=FIGURES,
        expectations=[
            {
                "type": "expect_column_values_to_be_between",
                "kwargs": {"column": f"figure {number}", **figure_bounds(figure)},
                "meta": {"subject_zh": figure["subject_zh"], "subject_en": figure["subject_en"]},
            }
            for number, figure in enumerate(records)
        ],
    )
    rows = validator.rows(suite, frame, [])
    for row, figure, value in zip(rows, records, built, strict=True):
        comparator = "" if figure["comparator"] == "equal" else f"{figure['comparator']} "
        published = f"{comparator}{figure['published_value']:g} {figure['unit']}"
        keys = {"report_id": figure["report_id"], "figure_id": figure["figure_id"]}
        observed = f"{value:.12g}" if math.isfinite(value) else "no value"
        place = f"{figure['report_id']} {figure['figure_id']} {figure['subject_zh']}"
        # an open range would let an infinite value pass
        is_success = row["is_success"] and math.isfinite(value)
        yield (
            row
            | keys
            | {
                "column_name": "warehouse_value",
                "is_success": is_success,
                "expected": f"{published}: {_interval(figure_bounds(figure))}",
                "observed": observed,
                "failing_keys": "[]" if is_success else json.dumps([keys]),
                "message": _one_line(
                    f"{place}: report publishes {published}, this build gives {observed}"
                ),
            }
        )


def figure_bounds(figure: Mapping[str, Any]) -> dict[str, float | bool]:
    """Return the bounds of the values that round to a published one, as kwargs of `between`.

    Rounding is half up, away from zero for negative numbers, as in DuckDB and Excel: with the
    tolerance h of a positive published p, p - h <= x < p + h.
    """
    published, half = float(figure["published_value"]), float(figure["tolerance"])
    match figure["comparator"]:
        case "over":
            return {"min_value": published, "strict_min": True}
        case "at_least":
            return {"min_value": published}
        case "up_to":
            return {"max_value": published}
    return {
        "min_value": published - half,
        "max_value": published + half,
        "strict_min": published <= 0,
        "strict_max": published >= 0,
    }


def _interval(bounds: Mapping[str, float | bool]) -> str:
    """Return the bounds as an inequality, such as 372.85 <= x < 372.95."""
    text = "x"
    if "min_value" in bounds:
        text = f"{bounds['min_value']:.12g} {'<' if bounds.get('strict_min') else '<='} {text}"
    if "max_value" in bounds:
        text = f"{text} {'<' if bounds.get('strict_max') else '<='} {bounds['max_value']:.12g}"
    return text


def _exception(result: ExpectationValidationResult | None) -> str | None:
    """Return the text of the first exception: one per expectation, or one per metric it needed."""
    if result is None:
        return "Great Expectations gave no result"
    info = result.exception_info or {}
    if "raised_exception" in info:
        return _one_line(info["exception_message"]) if info["raised_exception"] else None
    return next((_one_line(entry["exception_message"]) for entry in info.values()), None)


def _unusable(table: str, observed: str) -> Row:
    subject, expected = "the table is checked", "a table and a suite that checks it"
    return dict.fromkeys(("column_name", "report_id", "figure_id", "exception")) | {
        "suite_name": table,
        "table_name": table,
        "expectation_type": "run_suite",
        "subject_zh": "表有检查",
        "subject_en": subject,
        "expected": expected,
        "observed": observed,
        "is_success": False,
        "evaluated_rows": 0,
        "unexpected_count": 0,
        "failing_keys": "[]",
        "message": f"{table}: {subject}: expected {expected}, observed {observed}",
    }


def _one_line(text: str) -> str:
    return " ".join(text.split())
