"""Suites as data: one YAML file per table, named after the table, read into frozen dataclasses.

    unique_key: [platform_id, window_end, component_id]
    nullable: [conf_low, conf_high]         # optional: columns in which a value may be missing
    suite: published_marts                  # optional: name of a group, else the table's name
    only_with: [dim_reports]                # optional: passed over when one of these has no rows
    expectations:
      - type: expect_column_values_to_be_between
        column: jobs_wan
        kwargs: {min_value: 0}
        subject_zh: 就业不为负
        subject_en: jobs are not negative
    pins: {column: jobs_wan, rows: is_pinned}   # optional

A pin says that a row has in `column` the value that the figure ledger gives for its `report_id`
and `figure_id`, at the precision it was published; each row for which `rows` is true has one, so
neither the number nor the figure is typed again. `only_with` is for tables that a build may be
without: reports, for one, are data.
What holds for every table is not written down either: it has rows, `unique_key` is unique, and
values are present and finite.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import yaml
from great_expectations.compatibility.pydantic import ValidationError
from great_expectations.exceptions.exceptions import ExpectationNotFoundError
from great_expectations.expectations.registry import get_expectation_impl

SUITE_FOLDER = Path(__file__).parent / "suites"

# Not those on the set of columns, which contracts hold and the runner adds to, nor on queries.
_ABOUT_VALUES = (
    "expect_column_",
    "expect_compound_columns_",
    "expect_multicolumn_",
    "expect_select_column_values_",
    "expect_table_row_count_",
)
# The first two let rows fail or go unseen, the others are set while running.
_REFUSED_KWARGS = {"mostly", "row_condition", "condition_parser", "batch_id", "table"}


class SuiteError(ValueError):
    """A suite cannot be used; the message is one line that names the file."""


@dataclass(frozen=True)
class Expectation:
    """One Great Expectations expectation; `kwargs` include the column, the subjects say why."""

    type: str
    kwargs: Mapping[str, Any]
    subject_zh: str
    subject_en: str


@dataclass(frozen=True)
class Pins:
    """Each row for which `rows` is true has in `column` the published value of its figure."""

    column: str
    rows: str


@dataclass(frozen=True)
class Suite:
    """What is expected of one table beyond what holds for all; `unique_key` is not empty."""

    suite_name: str
    table_name: str
    unique_key: tuple[str, ...]
    nullable: tuple[str, ...] = ()
    expectations: tuple[Expectation, ...] = ()
    pins: Pins | None = None
    only_with: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Raise SuiteError for a suite without a key."""
        if not self.unique_key:
            raise SuiteError("unique_key is empty")


def load_suites(folder: Path = SUITE_FOLDER) -> list[Suite]:
    """Read every `<table>.yml` of a folder, in order of table name.

    Raises SuiteError for a folder without suites and for a file that is not UTF-8, is not YAML,
    repeats or misses a key or has an unknown one, names an unknown expectation type, or gives an
    expectation arguments that it refuses or that leave it nothing to check.
    """
    paths = sorted(folder.glob("*.yml"))
    if not paths:
        raise SuiteError(f"{folder}: no suite found")
    return [_read_suite(path) for path in paths]


def _read_suite(path: Path) -> Suite:
    try:
        document = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
        entries = _mapping(
            document,
            "the suite",
            {"unique_key"},
            {"suite", "nullable", "expectations", "pins", "only_with"},
        )
        return Suite(
            suite_name=_text(entries.get("suite", path.stem), "suite"),
            table_name=path.stem,
            unique_key=_names(entries["unique_key"], "unique_key"),
            nullable=_names(entries.get("nullable", ()), "nullable"),
            expectations=tuple(
                _read_expectation(entry, f"expectation {number}")
                for number, entry in enumerate(_list(entries, "expectations"), start=1)
            ),
            pins=_read_pins(entries["pins"]) if "pins" in entries else None,
            only_with=_names(entries.get("only_with", ()), "only_with", "tables"),
        )
    except UnicodeDecodeError as error:
        line_number = error.object.count(b"\n", 0, error.start) + 1
        raise SuiteError(f"{path.name}: line {line_number}: not UTF-8") from error
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
        raise SuiteError(f"{path.name}: {line}{error.problem}") from error
    except yaml.YAMLError as error:
        raise SuiteError(f"{path.name}: {' '.join(str(error).split())}") from error
    except SuiteError as error:
        raise SuiteError(f"{path.name}: {error}") from error


def _read_expectation(entry: object, label: str) -> Expectation:
    required = {"type", "subject_zh", "subject_en"}
    entries = _mapping(entry, label, required, {"column", "kwargs"})
    expectation_type = _text(entries["type"], f"{label}: type")
    given = _mapping(entries.get("kwargs", {}), f"{label}: kwargs", set(), None)
    kwargs = {name: _with_datetimes(value) for name, value in given.items()}
    if "column" in entries:
        kwargs["column"] = _text(entries["column"], f"{label}: column")
    _check_arguments(expectation_type, kwargs, label)
    return Expectation(
        type=expectation_type,
        kwargs=kwargs,
        subject_zh=_text(entries["subject_zh"], f"{label}: subject_zh"),
        subject_en=_text(entries["subject_en"], f"{label}: subject_en"),
    )


def _check_arguments(expectation_type: str, kwargs: Mapping[str, Any], label: str) -> None:
    """Refuse what Great Expectations would refuse later, or would pass without checking."""
    try:
        implementation = get_expectation_impl(expectation_type)
    except ExpectationNotFoundError as error:
        raise SuiteError(f"{label}: unknown expectation type {expectation_type!r}") from error
    if not expectation_type.startswith(_ABOUT_VALUES):
        raise SuiteError(f"{label}: {expectation_type} is not about rows or values of the table")
    known = {*implementation.domain_keys, *implementation.success_keys} - _REFUSED_KWARGS
    for name, value in kwargs.items():
        if name not in known:
            raise SuiteError(
                f"{label}: {expectation_type} takes {', '.join(sorted(known))}, not {name!r}"
            )
        if value is None or value == []:
            raise SuiteError(f"{label}: {name} is empty")
    if "min_value" in known and not kwargs.keys() & {"min_value", "max_value"}:
        raise SuiteError(f"{label}: {expectation_type} needs min_value or max_value")
    try:
        implementation(**kwargs)
    except ValidationError as error:
        first = error.errors()[0]
        field = " ".join(str(part) for part in first["loc"] if part != "__root__")
        raise SuiteError(f"{label}: {expectation_type}: {field} {first['msg']}") from error


def _read_pins(entry: object) -> Pins:
    entries = _mapping(entry, "pins", {"column", "rows"}, set())
    return Pins(**{name: _text(value, f"pins: {name}") for name, value in entries.items()})


def _mapping(
    value: object, label: str, required: set[str], optional: set[str] | None
) -> dict[str, Any]:
    """Check a mapping's keys; `optional` None allows any."""
    if not isinstance(value, dict):
        raise SuiteError(f"{label} is not a mapping")
    for key in value:
        if not isinstance(key, str):
            raise SuiteError(f"{label}: key {key!r} is not a text")
        if optional is not None and key not in required | optional:
            raise SuiteError(f"{label}: unknown key {key!r}")
    for key in sorted(required - value.keys()):
        raise SuiteError(f"{label}: {key} is missing")
    return value


def _list(entries: Mapping[str, Any], key: str) -> list[Any]:
    value = entries.get(key, [])
    if not isinstance(value, list):
        raise SuiteError(f"{key} is not a list")
    return value


def _names(value: object, label: str, of: str = "columns") -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(name, str) for name in value):
        raise SuiteError(f"{label} is not a list of {of}")
    return tuple(value)


def _text(value: object, label: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise SuiteError(f"{label} is not a text")
    return " ".join(value.split())


def _with_datetimes(value: object) -> Any:
    """Turn dates into datetimes, as a DATE column arrives in pandas."""
    if isinstance(value, list):
        return [_with_datetimes(item) for item in value]
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime.combine(value, time.min)
    return value


class _Loader(yaml.SafeLoader):
    """Safe loader that refuses a repeated key, of which YAML would keep the last."""

    def compose_mapping_node(self, anchor: Any) -> yaml.MappingNode:
        node = super().compose_mapping_node(anchor)
        seen: set[str] = set()
        for key, _ in node.value:
            if str(key.value) in seen:
                raise yaml.MarkedYAMLError(
                    problem=f"key {key.value!r} is repeated", problem_mark=key.start_mark
                )
            seen.add(str(key.value))
        return node
