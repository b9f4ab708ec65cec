"""What a step is calculated from: the graph that verification statuses and traces are read from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from platform_employment.method.dependencies import dependencies
from platform_employment.method.methods import reached

# gmv is built from two disclosures; size was inferred from jobs of the report, which prints gmv
STEPS = {
    "q1": ("", 0),
    "q2": ("", 0),
    "gmv": ("q1 q2 elsewhere", 0),
    "jobs_of_report": ("", 0),
    "size": ("gmv jobs_of_report", 1),
    "jobs": ("gmv size", 2),
    "ratio": ("", 0),
    # another GMV that a later step reads
    "z_gmv": ("q2", 0),
    "total": ("jobs ratio z_gmv", 3),
}
PRINTED = {"f_gmv": "gmv", "f_gmv_again": "gmv", "f_jobs": "jobs"}


def found(step: str, column: str, printed: Mapping[str, str] = PRINTED) -> dict[str, Any]:
    """A column of what a step depends on, by name."""
    table = dependencies(
        [
            {"report_id": "r", "step_id": name, "operands": text, "evaluation_order": order}
            for name, (text, order) in STEPS.items()
        ],
        [
            {"report_id": "r", "figure_id": figure, "link_name": name}
            for figure, name in printed.items()
        ],
    )
    cells = zip(*(table.columns[n] for n in ("step_id", "depends_on_id", column)), strict=True)
    return {on: cell for name, on, cell in cells if name == step}


def test_a_step_depends_on_its_operands_and_theirs() -> None:
    assert set(found("jobs", "is_direct")) == {"jobs", "gmv", "size", "jobs_of_report", "q1", "q2"}
    assert [on for on, is_direct in found("jobs", "is_direct").items() if is_direct] == [
        "gmv",
        "size",
    ]


def test_a_name_is_read_first_by_the_earliest_step() -> None:
    """Disclosures are read where the GMV is that they make up."""
    assert found("total", "first_read_at") == {
        "total": None,
        "jobs": 3,
        "ratio": 3,
        "z_gmv": 3,
        "size": 2,
        "gmv": 1,
        "q1": 1,
        "q2": 1,
        "jobs_of_report": 1,
    }
    assert found("gmv", "first_read_at") == {"gmv": None, "q1": None, "q2": None}


@pytest.mark.parametrize(
    ("step", "printed", "ends"),
    [
        ("total", PRINTED, {"jobs", "ratio", "q2"}),
        # gmv is printed, and jobs_of_report is reached through size
        ("jobs", PRINTED, {"gmv", "jobs_of_report"}),
        # the step itself is no end, though it is printed
        ("gmv", PRINTED, {"q1", "q2"}),
        ("total", {}, {"q1", "q2", "jobs_of_report", "ratio"}),
        ("q1", {}, {"q1"}),
    ],
)
def test_the_ends_are_printed_numbers_or_have_no_operands(
    step: str, printed: Mapping[str, str], ends: set[str]
) -> None:
    assert {on for on, is_end in found(step, "is_end", printed).items() if is_end} == ends


def test_an_end_names_the_first_figure_that_prints_it() -> None:
    assert found("jobs", "printed_figure_id")["gmv"] == "f_gmv"
    assert found("gmv", "printed_figure_id")["gmv"] is None


def test_what_is_reached_stops_at_ends_but_for_the_start() -> None:
    operands = {"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": ["e"]}
    assert reached(["a"], operands) == {"a", "b", "c", "d", "e"}
    assert reached(["a"], operands, ["a", "d"]) == {"a", "b", "c", "d"}
    assert reached(["b", "e"], operands, ["d"]) == {"b", "d", "e"}
