"""What an estimate would be with other values of its inputs, and how far it may then be off."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from platform_employment.command_help import add_command
from platform_employment.errors import UserError, did_you_mean
from platform_employment.explain import options, scenario
from platform_employment.formatting import DIGITS, between, computed, plain, table_lines
from platform_employment.method.formula import SCALAR
from platform_employment.validation.cells import INPUT_VALUE, Rejection
from platform_employment.validation.judge import typed
from platform_employment.warehouse import (
    IS_CHAIN,
    Chain,
    Row,
    Warehouse,
    add_arguments,
    as_json,
    asked_warehouse,
    estimate_line,
    label,
    unit_of,
)
from platform_employment.words import LAYER_LABELS

if TYPE_CHECKING:
    from platform_employment.method.methods import Method
    from platform_employment.method.uncertainty import Limits

Cell = tuple[str, str]  # name of an input or a step that may be given, and element
Ends = tuple[Decimal | None, Decimal | None]
_AS_PRINTED = Decimal("0.0001")
# of a scenario that is recalculated
_LAYERS = ("rounding", "assumptions", "undisclosed", "sampling")


@dataclass(frozen=True)
class Estimate:
    """The inputs of a chain and what its method makes of them.

    Attributes
    ----------
    inputs
        Rows of `aud_inputs` by name and element.
    jobs
        Of each component, in 10 thousand, as the marts print them.
    limits
        Of each component by layer; None where a draw has no value. An end is missing where nothing
        bounds it.
    """

    method: Method
    inputs: Mapping[Cell, Row]
    jobs: Mapping[str, Decimal]
    limits: Mapping[tuple[str, str], Ends | None]


def read_method(warehouse: Warehouse, method_id: str) -> Method:
    """The method as the dimensions have it.

    Raises:
        UserError: it is not one; the text has all that is wrong.
    """
    from platform_employment.method.methods import read_methods  # noqa: PLC0415  loads numpy

    components = warehouse.rows("select * from marts.dim_components where method_id = ?", method_id)
    sums = {row["component_id"] for row in components if not row["is_leaf"]}
    steps = warehouse.rows("select * from marts.dim_steps where method_id = ?", method_id)
    tables = [
        [
            {"file": row.get("seed", ""), "line": row.get("seed_line", 0)}
            | {column: _cell(cell) for column, cell in row.items()}
            for row in table
        ]
        for table in (
            warehouse.rows("select * from marts.dim_inputs"),
            [row for row in steps if row["step_id"] not in sums],
            components,
            warehouse.rows("select * from marts.dim_units"),
        )
    ]
    methods, findings = read_methods(*tables)
    if findings:
        raise UserError("; ".join(map(str, findings)))
    return methods[method_id]


def read_inputs(warehouse: Warehouse, chain: Chain) -> dict[Cell, Row]:
    """The inputs of an estimate that have a value."""
    rows = warehouse.rows(f"select * from audit.aud_inputs where {IS_CHAIN}", *chain)
    return {
        (row["input_name"], row["element_id"]): row for row in rows if row["central"] is not None
    }


def estimate(method: Method, inputs: Mapping[Cell, Row]) -> Estimate:
    """Calculate  every component, with the limits that can be had from the inputs alone.

    These are printing, assumptions and what the report leaves open; delta method and bootstrap are
    of a fit.

    Raises:
        UserError: a value is not what it must be, or a formula has no value.
    """
    from platform_employment.method.evaluate import Uncertain, run  # noqa: PLC0415
    from platform_employment.method.uncertainty import limits  # noqa: PLC0415

    plan = method.plan({name for name, _ in inputs})
    used = {cell: row for cell, row in sorted(inputs.items()) if cell[0] in plan.inputs}
    given = _centrals(used)
    calculated = run(method, given, plan=plan)
    values = calculated.values
    if wrong := calculated.problems:
        raise UserError("; ".join(f"{name}: {what}" for name, what in wrong.items()))
    if method.root not in values:
        between = ", ".join(n for n in plan.inputs if n not in given)
        raise UserError(f"no central value: only the two ends of {between} are known; --set it")
    uncertain = {
        cell: Uncertain(
            row["low"],
            row["central"],
            float("inf") if row["high"] is None else row["high"],
            row["distribution"],
            row["uncertainty_kind"],
            row["stream"],
        )
        for cell, row in used.items()
        if row["low"] is not None and (row["high"] is None or row["low"] < row["high"])
    }
    floats = {name: {e: float(value) for e, value in its.items()} for name, its in given.items()}
    found = limits(method, plan, floats, uncertain)
    return Estimate(
        method,
        inputs,
        {name: _printed(values[name][SCALAR]) for name in method.components},
        {(at.component, at.layer): _ends(at) for at in found if at.input_name is None},
    )


def changed(method: Method, inputs: Mapping[Cell, Row], choices: Sequence[str]) -> dict[Cell, Row]:
    """The inputs with other values, each held: not varied.

    Args:
        choices: texts such as `gmv=7000` and `tier_creators.over_10m=0.1`.

    Raises:
        UserError: a choice names nothing that may be set, or has no number.
    """
    known = dict(inputs)
    for choice in choices:
        cell = _cell_of(choice)
        row = known.get(cell) or _given(method, inputs, cell[0])
        if row is None:
            raise UserError(_refusal(method, inputs, *cell))
        known[cell] = row | {
            "element_id": cell[1],
            "central": _number(choice),
            "low": None,
            "high": None,
            "distribution": None,
            "uncertainty_kind": None,
            "provenance": "assumed",
        }
    used = method.plan({name for name, _ in known}).inputs
    for choice in choices:
        name, _ = _cell_of(choice)
        if name not in used:
            raise UserError(f"{name}: nothing of this estimate depends on it")
    return known


def without_control_totals(
    method: Method, inputs: Mapping[Cell, Row], choices: Sequence[str]
) -> dict[str, Row]:
    """The scales to a control total that hide what is set, held at what they are.

    A total that is given makes no difference between one tier and another: who moves a tier or an
    institution asks what they would add up to without it. What is also counted elsewhere, such as
    the creators, leaves the total where it is.
    """
    from platform_employment.method.evaluate import run  # noqa: PLC0415  loads numpy

    plan = method.plan({name for name, _ in inputs})
    names = {_cell_of(choice)[0] for choice in choices}
    scales = [
        s for s in plan.steps if s.role == "scale" and s.can_be_overridden and s.name not in names
    ]
    free = {}
    for scale in scales:
        parts, steps = {scale.name}, plan.steps
        for step in steps:  # in the order of evaluation
            if not parts.isdisjoint(step.formula.names):
                parts.add(step.name)
        others = [c for c in method.components if c not in parts]
        hidden = {
            name
            for name in names & set(plan.rests_on[scale.name])
            if name not in scale.formula.names
            and not any(name in plan.rests_on[other] for other in others)
        }
        if hidden:
            found = run(method, _centrals(inputs), plan=plan).values
            free[scale.name] = next(iter(inputs.values())) | {
                "input_name": scale.name,
                "element_id": SCALAR,
                "stream": scale.name,
                "central": float(found[scale.name][SCALAR]),
                **dict.fromkeys(("low", "high", "distribution", "uncertainty_kind", "seed")),
                "provenance": "assumed",
            }
    return free


def _centrals(inputs: Mapping[Cell, Row]) -> dict[str, dict[str, Decimal]]:
    """The central value of each input and element, in the digits that it has."""
    values: dict[str, dict[str, Decimal]] = {}
    for (name, element), row in inputs.items():
        values.setdefault(name, {})[element] = Decimal(repr(float(row["central"])))
    return values


def _cell_of(choice: str) -> Cell:
    """The input or step that a choice sets, and the element of it."""
    name, _, element = choice.partition("=")[0].strip().partition(".")
    return name, element or SCALAR


def _given(method: Method, inputs: Mapping[Cell, Row], name: str) -> Row | None:
    """A row for a step that may be given and is calculated, made after any other."""
    step = method.steps.get(name)
    if step is None or not step.can_be_overridden or step.element_set != SCALAR:
        return None
    return next(iter(inputs.values())) | {"input_name": name, "stream": name, "seed": None}


def _refusal(method: Method, inputs: Mapping[Cell, Row], name: str, element: str) -> str:
    elements = sorted(e for n, e in inputs if n == name)
    if elements == [SCALAR]:
        return f"{name} is one value and has no element {element!r}"
    if elements:
        wanted = "" if element == SCALAR else f"; no {did_you_mean(element, elements)}"
        listed = ", ".join(elements)
        return f"{name} has a value for each of {listed}: --set {name}.{elements[0]}=…{wanted}"
    givable = [step.name for step in method.steps.values() if step.can_be_overridden]
    if name in method.steps:
        instead = ", ".join(method.steps[name].formula.names)
        may = f"; only {', '.join(givable)} may be given" if givable else ""
        return f"{name} is calculated from {instead}: set one of them{may}"
    if name in method.inputs:
        return f"{name} has no value in this estimate"
    return f"no input {did_you_mean(name, sorted({*givable, *(n for n, _ in inputs)}))}"


def _number(choice: str) -> float:
    name, equals, text = choice.partition("=")
    if not equals:
        raise UserError(f"{choice!r}: write name=number, such as {name.strip() or 'gmv'}=1.5")
    number = typed(INPUT_VALUE, text.strip())
    if isinstance(number, Rejection):
        raise UserError(f"{choice!r}: {number.message}; {number.remedy}")
    assert isinstance(number, Decimal)  # a decimal that is required
    return float(number)


def _cell(cell: object) -> str:
    """A cell as it is in a seed."""
    if isinstance(cell, bool):
        return str(cell).lower()
    return "" if cell is None else str(cell)


def _printed(number: Decimal) -> Decimal:
    return number.quantize(_AS_PRINTED, rounding=ROUND_HALF_UP)


def _ends(limit: Limits) -> Ends | None:
    if limit.invalid:
        return None
    low, high = (
        None if end is None else _printed(Decimal(repr(end))) for end in (limit.low, limit.high)
    )
    return low, high


def compare(before: Estimate, after: Estimate, components: Sequence[Row]) -> list[Row]:
    """A row per component: jobs and limits before and after, and their difference."""

    def ends(of: Estimate, component: str) -> Row:
        return {
            name: of.limits[component, name] for name in _LAYERS if (component, name) in of.limits
        }

    return [
        {
            "component_id": row["component_id"],
            "name_zh": row["name_zh"],
            "name_en": row["name_en"],
            "before": before.jobs[row["component_id"]],
            "after": after.jobs[row["component_id"]],
            "difference": after.jobs[row["component_id"]] - before.jobs[row["component_id"]],
            "limits_before": ends(before, row["component_id"]),
            "limits_after": ends(after, row["component_id"]),
        }
        for row in components
    ]


def save(
    warehouse: Warehouse,
    chain: Chain,
    inputs: Mapping[Cell, Row],
    choices: Sequence[str],
    folder: Path,
    name: str | None = None,
    *,
    is_without_control_totals: bool = False,
) -> str:
    """Write the choices as a scenario of own data, and give its name.

    Two tables are calculated: the scenario, as the one that was asked about except its name, and
    the values, with all elements of an input that is set, as the ones of one period belong
    together.

    Raises:
        UserError: the scenario has no place or no new name, or what is set is a step.
    """
    scenario_id = scenario.new_name(warehouse, chain, folder, name)
    scenarios = scenario.scenarios_of(warehouse, chain)
    units = {
        row["input_name"]: row["unit"] for row in warehouse.rows("select * from marts.dim_inputs")
    }
    names = {_cell_of(choice)[0] for choice in choices}
    for step in sorted(names - units.keys()):
        raise UserError(f"{step} is a step: to save it, give it a row in method/inputs.csv first")
    (assumptions,) = warehouse.rows(
        "select max_by(source_id, places) as source_id from"
        " (select source_id, count(*) as places from audit.aud_inputs"
        " where provenance = 'assumed' group by source_id)"
    )
    what = f"what if {', '.join(choices)}"
    own = {"provenance": "assumed", "source_id": assumptions["source_id"]}
    own |= dict.fromkeys(("name_zh", "name_en", "description_zh", "description_en"), what)
    own["scenario_id"] = scenario_id
    if is_without_control_totals:
        known = scenarios[chain.scenario_id]
        own["choices"] = _without_total(warehouse, known["method_id"], known["choices"] or "")
    saved = scenarios[chain.scenario_id] | own
    values = [
        {
            "platform_id": chain.platform_id,
            "scenario_id": scenario_id,
            "period_start": row["window_start"],
            "period_end": chain.window_end,
            "input_name": row["input_name"],
            "element_id": row["element_id"],
            **{end: _digits(row[end]) for end in ("low", "central", "high")},
            "comparator": None,
            "distribution": row["distribution"] if row["low"] is not None else None,
            "uncertainty_kind": row["uncertainty_kind"] if row["low"] is not None else None,
            "unit": units[row["input_name"]],
            # that it is disclosed follows from the source
            "provenance": row["provenance"].replace("disclosed", "published"),
            "source_id": row["source_id"] or own["source_id"],
            "rationale_zh": what,
            "rationale_en": what,
        }
        for (name, _), row in sorted(inputs.items())
        if name in names
    ]
    scenario.write(
        folder,
        {
            scenario.SCENARIOS: [{column: saved[column] for column in scenario.COLUMNS}],
            scenario.VALUES: values,
        },
    )
    return scenario_id


def _without_total(warehouse: Warehouse, method_id: str, choices: str) -> str:
    """The choices of a scenario with the first option that removes a control total."""
    rows = warehouse.rows(
        "select decision_id, option_id from marts.dim_choices where method_id = ?"
        # it takes the total away
        " and exists (select 1 from marts.dim_inputs where role = 'control_total'"
        " and concat(' ', sets, ' ') like concat('% ', input_name, '= %'))"
        " order by sort_order limit 1",
        method_id,
    )
    for row in rows:
        others = [c for c in choices.split() if not c.startswith(f"{row['decision_id']}=")]
        return " ".join([*others, f"{row['decision_id']}={row['option_id']}"])
    raise UserError("no option removes the control total: add one to method/choices.csv")


def _digits(number: float | None) -> str:
    return "" if number is None else plain(Decimal(repr(float(number))))


def render(found: Row, language: str | None, digits: int | None = DIGITS) -> str:
    """Return the comparison as text; digits: of computed numbers, None for full precision."""
    is_zh = language == "zh"
    lines = [
        f"{'若' if is_zh else 'what if'} {one['name']} = {one['after']} "
        f"({one['before'] or '-'}) {unit_of(one, language)}"
        for one in found["set"]
    ]
    if found["report"]:
        report = found["report"]
        lines.append(f"{label(report, 'title', language)} [{report['report_id']}]")
    lines.append(estimate_line(found["estimate"], language))
    layers = [
        layer
        for layer in _LAYERS
        if any(layer in row["limits_after"] for row in found["components"])
    ]
    header = ("component", "before", "after", "difference", *layers)
    if is_zh:
        header = ("部分", "原值", "新值", "差", *(LAYER_LABELS[layer].zh for layer in layers))
    table = [
        header,
        *(
            (
                row["component_id"],
                *(computed(row[n], digits=digits) for n in ("before", "after", "difference")),
                *(
                    between(ends[0], ends[1], digits)
                    if (ends := row["limits_after"].get(layer))
                    else ""
                    for layer in layers
                ),
            )
            for row in found["components"]
        ),
    ]
    names = ["", *(label(row, "name", language) for row in found["components"])]
    lines.append("")
    whole = [(*row, name) for row, name in zip(table, names, strict=True)]
    lines += table_lines(whole, right=range(1, len(header)))
    lines.append("")
    if found["without_control_totals"]:
        freed = (
            "不再按公布的总量缩放"
            if is_zh
            else "not imposed, no longer scaled to the published total"
        )
        lines.append(f"bottom up: {freed}: {', '.join(found['without_control_totals'])}")
    if found["set"] and found["derived"]:
        stays = (
            "其余输入不变，推算的也不重算"
            if is_zh
            else "all other inputs are unchanged, including derived ones"
        )
        lines.append(f"{stays}: {', '.join(found['derived'])}")
    return "\n".join(lines)


def answer(
    warehouse: Warehouse, chain: Chain, report: Row | None, choices: Sequence[str]
) -> tuple[Row, dict[Cell, Row]]:
    """The estimate with the choices next to the one without, and the inputs with them."""
    inputs = read_inputs(warehouse, chain)
    method = read_method(warehouse, next(iter(inputs.values()))["method_id"])
    before = estimate(method, inputs)
    known = changed(method, inputs, choices)
    totals = without_control_totals(method, inputs, choices)
    known |= {(name, SCALAR): before_scale for name, before_scale in totals.items()}
    after = estimate(method, known)
    units = {row["unit"]: row for row in warehouse.rows("select * from marts.dim_units")}
    components = warehouse.rows(
        "select * from marts.dim_components where method_id = ? order by sort_order, component_id",
        method.method_id,
    )
    moved = list(dict.fromkeys(map(_cell_of, choices)))
    used = method.plan({name for name, _ in known}).inputs
    found = {
        "report": report,
        "estimate": warehouse.estimate(chain),
        "method_id": method.method_id,
        "set": [
            {
                "name": name if element == SCALAR else f"{name}.{element}",
                "before": _digits(inputs[name, element]["central"])
                if (name, element) in inputs
                else None,
                "after": _digits(known[name, element]["central"]),
                **{
                    f"unit_{code}": units[(method.inputs.get(name) or method.steps[name]).unit][
                        f"name_{code}"
                    ]
                    for code in ("zh", "en")
                },
            }
            for name, element in moved
        ],
        "components": compare(before, after, components),
        "without_control_totals": sorted(totals),
        "derived": sorted(
            {n for (n, e), row in known.items() if row["provenance"] == "derived" and n in used}
        ),
    }
    return found, known


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `what-if`."""
    parser = add_command(
        subparsers,
        "what-if",
        "calculate an estimate with other values of its inputs",
        "Calculates an estimate again with other values of inputs and prints what that changes."
        " The values that you set are fixed; all other inputs keep their values.",
        [
            "what-if gmv=7000",
            "what-if tier_creators.over_10m=0.1 --window 2024q4",
            "what-if --option ratio=jobs --option imports=domestic --option demand=goods",
        ],
    )
    parser.add_argument(
        "changes",
        metavar="NAME=VALUE",
        nargs="*",
        help="an input, or a step that can be overridden; NAME.ELEMENT for one of several",
    )
    parser.add_argument(
        "--set",
        dest="choices",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        help="the same as NAME=VALUE",
    )
    parser.add_argument(
        "--option",
        dest="options",
        metavar="DECISION=OPTION",
        action="append",
        default=[],
        help="another option of a decision that the method leaves open, instead of NAME=VALUE",
    )
    parser.add_argument(
        "--full", action="store_true", help="print computed numbers with all their digits"
    )
    add_arguments(parser)
    parser.add_argument(
        "--save",
        metavar="DIR",
        type=Path,
        help="write an inputs folder with this scenario, named after the folder",
    )
    parser.add_argument(
        "--name",
        metavar="ID",
        help="name of the scenario; adds it to an existing inputs folder",
    )
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    arguments.choices = [*arguments.changes, *arguments.choices]
    if arguments.save and not arguments.choices + arguments.options:
        raise UserError("--save writes the values that you set: add NAME=VALUE")
    if arguments.name and not arguments.save:
        raise UserError("--name names the scenario that --save writes: add --save DIR")
    if arguments.choices and arguments.options:
        raise UserError("NAME=VALUE and --option cannot be combined: use one of them")
    with asked_warehouse(arguments) as warehouse:
        report = warehouse.report(arguments.report)
        chain = warehouse.chain(report, arguments.scenario, arguments.window)
        if arguments.options:
            return _choose(arguments, warehouse, chain, report)
        found, inputs = answer(warehouse, chain, report, arguments.choices)
        if arguments.save:
            save(
                warehouse,
                chain,
                inputs,
                arguments.choices,
                arguments.save,
                arguments.name,
                is_without_control_totals=bool(found["without_control_totals"]),
            )
    if arguments.json:
        print(json.dumps(found, ensure_ascii=False, indent=2, default=as_json))
    else:
        print(render(found, arguments.lang, None if arguments.full else DIGITS))
        if arguments.save:
            print(f"PLATFORM_EMPLOYMENT_INPUTS={arguments.save} dbt build")
    return 0


def _choose(
    arguments: argparse.Namespace, warehouse: Warehouse, chain: Chain, report: Row | None
) -> int:
    """Print the combination with other options, and save it as a scenario."""
    found = options.answer(warehouse, chain, report, arguments.options)
    if arguments.save:
        options.save(warehouse, chain, found, arguments.options, arguments.save, arguments.name)
    if arguments.json:
        print(json.dumps(found, ensure_ascii=False, indent=2, default=as_json))
        return 0
    print(options.render(found, arguments.lang, None if arguments.full else DIGITS))
    if arguments.save:
        print(f"PLATFORM_EMPLOYMENT_INPUTS={arguments.save} dbt build")
    return 0
