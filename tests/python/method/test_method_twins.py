"""SQL in DuckDB, JavaScript in node and the printed calculation give what the evaluator gives."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from formula_trees import Tree, numbers, trees
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from small_methods import small_method
from test_shipped_methods import CASES, METHODS, Values, cells, name_of, worked_out

from platform_employment.method.evaluate import evaluate
from platform_employment.method.formula import FormulaError, parse
from platform_employment.method.methods import Method, read_methods
from platform_employment.method.render import calculation, javascript, printed

NODE = shutil.which("node")

SMALL: Values = {
    "gmv": {"-": Decimal("6168")},
    "b0": {"-": Decimal("7.823")},
    "b1": {"-": Decimal("0.059")},
    "b2": {"-": Decimal("-0.0000024")},
    "turnover": {"-": Decimal("148.655317")},
    "ratio": {"-": Decimal("1.475")},
    "creators": {"small": Decimal(1600), "large": Decimal("8.5")},
    "share": {"large": Decimal("0.9"), "small": Decimal("0.016")},
    "share_factor": {"-": Decimal("1.25")},
    "members": {"small": Decimal(2), "large": Decimal(15)},
    "members_factor": {"-": Decimal("1.1")},
    "organisations": {"mcn": Decimal(8000), "guild": Decimal(400)},
    "staff": {"guild": Decimal("206.75"), "mcn": Decimal(35)},
    "staff_factor": {"-": Decimal("0.7")},
    "persons_per_wan": {"-": Decimal(10000)},
    "with_income": {"-": Decimal(2000)},
    "jobs_per_creator": {"-": Decimal(1)},
}
GIVEN = {name: value for name, value in SMALL.items() if not name.startswith("b")}
GIVEN["productivity"] = {"-": Decimal("16.54")}

RUNS = [
    pytest.param(small_method(), SMALL, id="small"),
    pytest.param(small_method(), GIVEN, id="small, productivity given"),
    *(
        pytest.param(METHODS[c.parent.name], cells(c / "inputs.csv", "input_name"), id=name_of(c))
        for c in CASES
    ),
]


def in_node(programs: Sequence[tuple[Method, Values, bool]]) -> list[dict[str, Any]]:
    """The steps of methods by their JavaScript, in one start of node."""
    calls = [
        f"({javascript(method)})({json.dumps(flat(values))}, {json.dumps(is_rounded)})"
        for method, values, is_rounded in programs
    ]
    program = f"console.log(JSON.stringify([{','.join(calls)}]))"
    assert NODE
    found = subprocess.run(
        [NODE, "-"], input=program, capture_output=True, text=True, check=False, timeout=60
    )
    assert found.returncode == 0, found.stderr
    results: list[dict[str, Any]] = json.loads(found.stdout)
    return results


def flat(values: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Numbers, or objects by element."""
    return {
        name: float(value["-"]) if "-" in value else {e: float(x) for e, x in value.items()}
        for name, value in values.items()
    }


needs_node = pytest.mark.skipif(NODE is None, reason="no node runs the JavaScript")


@needs_node
@pytest.mark.parametrize(("method", "inputs"), RUNS)
def test_javascript_gives_every_step(method: Method, inputs: Values) -> None:
    found, _ = worked_out(method, inputs)
    [twin] = in_node([(method, inputs, True)])
    for name, value in flat(found).items():
        assert twin[name] == pytest.approx(value, rel=1e-12), name


@pytest.mark.parametrize(("method", "inputs"), RUNS)
def test_the_printed_calculation_is_one_of_the_value(method: Method, inputs: Values) -> None:
    """Read by the evaluator again, with names instead of the numbers that it does not take."""
    found, _ = worked_out(method, inputs)
    for step in method.plan(inputs).steps:
        texts = calculation(step, {**inputs, **found})
        assert texts.keys() == found[step.name].keys()
        for element, text in texts.items():
            value = numbers_worked_out(text)
            half = 0.0 if step.decimals is None else 0.5 * 10.0**-step.decimals
            expected = pytest.approx(float(found[step.name][element]), rel=1e-9, abs=half)
            assert float(value) == expected, text


def numbers_worked_out(text: str) -> Decimal:
    """The value of a calculation: its numbers become inputs."""
    pieces = text.replace("(", " ( ").replace(")", " ) ").replace(",", " , ").split()
    names: dict[str, dict[str, Decimal]] = {}
    for place, piece in enumerate(pieces):
        is_whole_power = pieces[place - 1] == "**" and piece in ("2", "3")
        if piece.lstrip("-")[:1].isdigit() and not is_whole_power:
            name = f"n{len(names)}"
            names[name] = {"-": Decimal(piece)}
            pieces[place] = name
    return Decimal(evaluate(parse(" ".join(pieces), is_limited=False), names, Decimal)["-"])


def test_the_calculation_of_a_sum_is_written_out() -> None:
    method = small_method()
    found, _ = worked_out(method, SMALL)
    values = {**SMALL, **found}
    assert calculation(method.steps["creator_teams"], values) == {
        "-": "(8.5 * 15 + 32 * 2) * 1.1",
    }
    assert calculation(method.steps["teams"], values)["large"] == "8.5 * min(1, 0.9 * 1.25)"
    assert calculation(method.steps["productivity"], values) == {
        "-": "7.823 + 0.059 * 148.655317 + (-0.0000024) * 148.655317 ** 2"
    }
    assert calculation(method.steps["total"], values)["-"].count(" + ") == 3


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0", "0"),
        ("-0.0000024", "-0.0000024"),
        ("1E+4", "10000"),
        ("6168.000", "6168"),
        ("0.00000000004", "0"),
        ("-0.00000000004", "0"),
        ("16.540627535131", "16.5406275351"),
        ("120", "120"),
    ],
)
def test_numbers_are_printed_in_full_and_without_zeros_at_the_end(value: str, text: str) -> None:
    assert printed(Decimal(value)) == text


# formulas that no one would write


def method_of(formulas: Sequence[str]) -> Method:
    """A method of plain numbers, with a part for each formula of a, b and c."""
    parts = [f"part_{number}" for number in range(len(formulas))]
    method_id = {"method_id": "made"}
    unit = {"unit": "number", "element_set": "-", "line": 2}
    methods, findings = read_methods(
        [{"input_name": name, **unit} for name in "abc"],
        [
            {**method_id, **unit, "step_id": part, "component_id": part, "formula": formula}
            for part, formula in zip(parts, formulas, strict=True)
        ],
        [
            {**method_id, "component_id": part, "parent_component_id": parent, "line": 2}
            | {"unit_counted": "1"}
            for part, parent in [("total", ""), *((part, "total") for part in parts)]
        ],
        [{"unit": "number", "dimension": "1", "scale": "1", "line": 2}],
    )
    assert not findings
    return methods["made"]


def has_a_name(tree: Tree) -> bool:
    """Of the size that a step may have, and with a name in it."""
    try:
        return bool(parse(tree.text).names)
    except FormulaError:
        return False


PLAIN = trees("+-*/").filter(has_a_name)
MADE = st.lists(st.tuples(PLAIN, numbers("-1e3", "1e3")), min_size=20, max_size=30)
# each example is a query or a start of node: making a failure smaller would take minutes
FEW = settings(max_examples=4, deadline=None, phases=[Phase.generate])


def twins_agree(
    made: list[tuple[Tree, dict[str, Decimal]]], duplicate_options: Sequence[Any]
) -> None:
    for (tree, values), twin in zip(made, duplicate_options, strict=True):
        formula = parse(tree.text)
        floats = {name: {"-": np.float64(x)} for name, x in values.items()}
        value = float(evaluate(formula, floats, np.float64)["-"])
        if not np.isfinite(value):
            continue
        try:
            exact = {name: Fraction(float(x)) for name, x in values.items()}
            error = float(2 * tree.value(exact, Fraction(1, 2**51)).error)
        except ArithmeticError:  # nearly zero below a line: no one can say how near they are
            continue
        assert twin == pytest.approx(value, rel=0, abs=error), tree.text


@needs_node
@given(MADE)
@FEW
def test_javascript_agrees_on_formulas_that_nobody_would_write(
    made: list[tuple[Tree, dict[str, Decimal]]],
) -> None:
    method = method_of([tree.text for tree, _ in made])
    found = in_node(
        [(method, {name: {"-": x} for name, x in values.items()}, False) for _, values in made]
    )
    twins_agree(made, [found[n][f"part_{n}"] for n in range(len(made))])


@needs_node
def test_javascript_works_out_many_draws_at_once() -> None:
    method = small_method()
    draws = [1.0, 1.1, 1.4]
    one = [{**SMALL, "members_factor": {"-": Decimal(str(x))}} for x in draws]
    singly = in_node([(method, values, False) for values in one])
    program = (
        f"const all = ({javascript(method)})({{...{json.dumps(flat(SMALL))},"
        f" members_factor: Float64Array.from({draws})}}, false);"
        "console.log(JSON.stringify([[...all.total], all.gmv, all.merchants]))"
    )
    assert NODE
    found = subprocess.run(
        [NODE, "-"], input=program, capture_output=True, text=True, check=True, timeout=60
    )
    assert json.loads(found.stdout) == [
        [values["total"] for values in singly],
        6168,
        singly[0]["merchants"],
    ]
    assert len({values["total"] for values in singly}) == 3


@needs_node
def test_javascript_leaves_out_what_lacks_an_input() -> None:
    missing = {name: value for name, value in SMALL.items() if name not in {"share", "gmv"}}
    [found] = in_node([(small_method(), missing, True)])
    assert "total" not in found
    assert "creator_teams" not in found
    assert "institutions" in found


@needs_node
@pytest.mark.parametrize("ends", ["05", "15", "25", "35", "45", "55", "65", "75", "85", "95"])
def test_a_half_is_rounded_up_in_javascript(ends: str) -> None:
    value = Decimal(f"1.000{ends}") * 3
    method = method_of(["a * b"])
    method.steps["part_0"].__dict__["decimals"] = 4
    numbers = {"a": Decimal(f"1.000{ends}"), "b": Decimal(3), "c": Decimal(1)}
    [found] = in_node([(method, {name: {"-": x} for name, x in numbers.items()}, True)])
    assert found["part_0"] == float(value.quantize(Decimal("1e-4"), "ROUND_HALF_UP"))


@needs_node
def test_a_root_and_nested_sums_have_twins() -> None:
    texts = ["smaller_root(a, b, c)", "smaller_root(c, -b, a)", "max(a, -b) - (b - c) / (a / b)"]
    values = {"a": Decimal(-3), "b": Decimal("0.5"), "c": Decimal("0.001")}
    method = method_of(texts)
    cell = {name: {"-": x} for name, x in values.items()}
    found, _ = worked_out(method, cell)
    [script] = in_node([(method, cell, True)])
    for part in ("part_0", "part_1", "part_2"):
        assert script[part] == pytest.approx(float(found[part]["-"]), rel=1e-12)
