"""The methods that ship: worked by hand, and so that an exchanged operator or unit is noticed.

A method has a folder in fixtures/, with a folder for each case: inputs.csv, and steps.csv with the
value of every step calculated by hand.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from small_methods import central

from platform_employment.method.formula import parse
from platform_employment.method.methods import Method, Row, read_methods

SEEDS = Path(__file__).parents[3] / "seeds"
FIXTURES = Path(__file__).parent / "fixtures"
EXCHANGED = {"+": "-", "-": "+", "*": "/", "/": "*", "**": "*", "min": "max", "max": "min"}

Values = dict[str, dict[str, Decimal]]


def seed(name: str) -> list[Row]:
    with (SEEDS / name).open(encoding="utf-8", newline="") as file:
        return [{"line": line} | row for line, row in enumerate(csv.DictReader(file), 2)]


TABLES = [
    seed(name)
    for name in (
        "method/inputs.csv",
        "method/steps.csv",
        "method/components.csv",
        "reference/units.csv",
    )
]
METHODS, FINDINGS = read_methods(*TABLES)
CASES = sorted(path.parent for path in FIXTURES.glob("*/*/steps.csv"))


def name_of(case: Path) -> str:
    return f"{case.parent.name}/{case.name}"


def cells(path: Path, key: str) -> Values:
    values: Values = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            values.setdefault(row[key], {})[row["element_id"]] = Decimal(row["value"])
    return values


def worked_out(method: Method, inputs: Values) -> tuple[Values, Mapping[str, str]]:
    plan = method.plan(inputs)
    found, wrong = central(method, plan, inputs)
    return {step.name: dict(found[step.name]) for step in plan.steps if step.name in found}, wrong


def test_shipped_methods_have_no_finding_and_a_case_each() -> None:
    assert [str(finding) for finding in FINDINGS] == []
    assert {case.parent.name for case in CASES} == set(METHODS)


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_every_step_is_what_was_worked_out_by_hand(case: Path) -> None:
    found, wrong = worked_out(METHODS[case.parent.name], cells(case / "inputs.csv", "input_name"))
    assert wrong == {}
    assert found == cells(case / "steps.csv", "step_id")


def exchanged(text: str) -> list[str]:
    """The formula with one operator exchanged, in all ways."""
    pieces = re.findall(r"\w+|\*\*|\S", text)
    return [
        " ".join([*pieces[:place], EXCHANGED[piece], *pieces[place + 1 :]])
        for place, piece in enumerate(pieces)
        if piece in EXCHANGED
    ]


MUTANTS = [
    (method.method_id, name, text)
    for method in METHODS.values()
    for name, step in method.steps.items()
    for text in exchanged(step.formula.text)
]


@pytest.mark.parametrize(("method_id", "name", "text"), MUTANTS, ids=str)
def test_an_exchanged_operator_changes_a_value_worked_out_by_hand(
    method_id: str, name: str, text: str
) -> None:
    method = METHODS[method_id]
    step = replace(method.steps[name], formula=parse(text, is_limited=False))
    mutant = replace(method, steps={**method.steps, name: step}, _plans={})
    assert any(
        worked_out(mutant, cells(case / "inputs.csv", "input_name"))
        != (cells(case / "steps.csv", "step_id"), {})
        for case in CASES
        if case.parent.name == method_id
    )


def test_an_operator_can_be_exchanged_in_every_kind_of_formula() -> None:
    assert exchanged("a * min(1, b) ** 2") == [
        "a / min ( 1 , b ) ** 2",
        "a * max ( 1 , b ) ** 2",
        "a * min ( 1 , b ) * 2",
    ]
    assert len(MUTANTS) >= 20


def wrong_units() -> list[tuple[int, int, str]]:
    """Each row of inputs and steps that a shipped method uses, with a unit that is not its own."""
    used = {name for method in METHODS.values() for name in [*method.inputs, *method.steps]}
    return [
        (table, number, wrong)
        for table, key in ((0, "input_name"), (1, "step_id"))
        for number, row in enumerate(TABLES[table])
        if row[key] in used
        for wrong in ("scale", "dimension")
    ]


@pytest.mark.parametrize(("table", "number", "wrong"), wrong_units())
def test_a_wrong_unit_is_refused(table: int, number: int, wrong: str) -> None:
    """Ten times the unit, or the unit per metre: every one is noticed by the algebra."""
    units = {str(row["unit"]): row for row in TABLES[3]}
    row = TABLES[table][number]
    unit = units[str(row["unit"])]
    changed = {
        "scale": {"scale": str(Decimal(str(unit["scale"])) * 10)},
        "dimension": {"dimension": f"{unit['dimension']} metres^-1".removeprefix("1 ")},
    }[wrong]
    tables = [list(rows) for rows in TABLES]
    tables[3].append({**unit, "unit": "wrong", "line": len(TABLES[3]) + 2, **changed})
    tables[table][number] = {**row, "unit": "wrong"}
    _, findings = read_methods(*tables)
    assert findings
