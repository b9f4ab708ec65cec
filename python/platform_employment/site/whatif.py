"""What the sliders of a report page need: its inputs, its method as a script, and controls."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from markupsafe import Markup

from platform_employment.formatting import DIGITS
from platform_employment.method.evaluate import run
from platform_employment.method.formula import SCALAR
from platform_employment.method.methods import Method, read_methods
from platform_employment.method.render import javascript
from platform_employment.quantities import printed_digits
from platform_employment.site.report import Amount, Reader, Report
from platform_employment.site.rows import cell_of, plain
from platform_employment.site.writer import Writer
from platform_employment.warehouse import Row
from platform_employment.words import STATES, BilingualText, sentence

MAX_CONTROLS = 8
_ASSUMED = BilingualText(
    "滑轨为本项目假设的区间。", "The track is the range that this project assumes."
)
_TWICE = BilingualText("滑轨从零到两倍。", "The track runs from zero to twice the value.")


@dataclass(frozen=True)
class Control:
    """A slider. `printed`: how its value is in the report, shown while it is not moved."""

    id: str
    kind: str
    label: BilingualText
    note: BilingualText
    mark: str
    low: Any
    high: Any
    value: Any
    printed: str
    unit: str


@dataclass(frozen=True)
class WhatIf:
    """The what-if of one page. `inputs`: how many inputs the method has here."""

    controls: Sequence[Control]
    inputs: int
    data: Markup
    script: Markup


@cache
def table(name: str) -> tuple[Row, ...]:
    """Return the rows of a CSV of this package."""
    text = (files(__package__) / name).read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def methods(reader: Reader) -> dict[str, Method]:
    """Return the methods of a warehouse, which has accepted them all."""

    def text(rows: Iterable[Row]) -> list[dict[str, Any]]:
        return [
            {name: _text(value) for name, value in row.items()}
            | {"line": row.get("seed_line") or 2, "file": row.get("seed") or ""}
            for row in rows
        ]

    # a sum over the children of a component has no row in steps.csv
    own = [
        row
        for row in reader.method_steps.values()
        if not str(row["seed"]).endswith("components.csv")
    ]
    components = [row for rows in reader.components.values() for row in rows]
    found, findings = read_methods(
        text(reader.method_inputs.values()),
        text(own),
        text(components),
        text(reader.rows.table("marts.dim_units")),
    )
    assert not findings, findings
    return found


def _text(value: Any) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def what_if(w: Writer, reader: Reader, report: Report, method: Method) -> WhatIf:
    """Return the what-if of a report in a language."""
    chain = reader.chains[report.id]
    steps = {(s["step_id"], s["element_id"]): s for s in reader.steps[report.id]}
    used = set(method.plan({row["input_name"] for row in chain}).inputs)
    inputs: dict[str, Any] = {}
    fields: list[list[Any]] = []
    for row in chain:
        if row["central"] is None:
            continue
        name, element, value = row["input_name"], row["element_id"], plain(row["central"])
        if element == SCALAR:
            inputs[name] = value
        else:
            inputs.setdefault(name, {})[element] = value
        known = reader.method_inputs.get(name) or reader.method_steps[report.method_id, name]
        unit = reader.units.get(known["unit"])
        own = reader.labels.get((report.method_id, name))
        status = (
            "assumed"
            if row["provenance"] in {"assumed", "synthetic", "borrowed"}
            else "taken_as_printed"
        )
        if name in used:
            cell = cell_of(row)
            fields.append(
                [
                    name if element == SCALAR else f"{name}/{element}",
                    w.t((own or known)["name_zh"], (own or known)["name_en"]),
                    STATES[status].mark,
                    w.t(unit.zh, unit.en) if unit else "",
                    w.href(w.cell_path(cell)) if cell else "",
                    cell.line if cell else 0,
                ]
            )
    controls = list(_controls(w, reader, report, method, steps))[:MAX_CONTROLS]
    base = report.denominator
    script = compact(javascript(method))
    data = {
        "language": w.language,
        "inputs": inputs,
        "fields": fields if len(fields) > len(controls) else [],
        "parts": [part.id for part in report.parts],
        "root": report.total.id,
        "overlap": _under(reader, report, "several_platforms"),
        "controls": [
            {"id": c.id, "kind": c.kind, "value": c.value, "unit": c.unit} for c in controls
        ],
        "total": plain(report.total.amount.value),
        "printed": w.amount(report.total.amount, None),
        "employed": plain(base.employed) if base else None,
        "country": w.of(base.country) if base else "",
        "year": base.year if base else None,
        "platform": report.row["platform_id"],
        "window_end": report.row["window_end"].isoformat(),
        "scenario": report.row["scenario_id"],
        "units": {
            name: row["unit"] for name, row in {**reader.method_inputs}.items() if name in inputs
        },
    }
    return WhatIf(
        controls,
        len(fields),
        Markup(as_json(data)),
        Markup(f'"use strict";\nconst METHOD = {script.strip()};\n'.replace("</", "<\\/")),
    )


def _controls(
    w: Writer,
    reader: Reader,
    report: Report,
    method: Method,
    steps: Mapping[tuple[str, str], Row],
) -> Iterable[Control]:
    """The sliders of a method: rows of controls.csv, else its inputs by their effect."""
    rows = [row for row in table("controls.csv") if row["method_id"] == report.method_id]
    for row in rows or list(_by_effect(reader, report, method)):
        name = row["control"]
        own = reader.labels.get((report.method_id, name))
        if row["kind"] == "overlap":
            label = (
                BilingualText(own["name_zh"], own["name_en"]) if own else BilingualText(name, name)
            )
            value, unit_name, status, printed = 0, "share", "assumed", "0%"
        else:
            step = steps.get((name, SCALAR))
            if step is None:
                continue
            known = reader.method_inputs.get(name) or reader.method_steps[report.method_id, name]
            label = BilingualText((own or known)["name_zh"], sentence((own or known)["name_en"]))
            value, unit_name = plain(step["value"]), step["unit"]
            given = _input(report, name)
            is_ours = step["input_provenance"] in {"assumed", "synthetic"}
            status = given.status if given else "assumed" if is_ours else "taken_as_printed"
            amount = given.amount if given else Amount(step["value"], reader.units.get(unit_name))
            digits = printed_digits(amount.value, DIGITS + 1)
            printed = w.amount(amount, None if given and given.figure else digits)
        yield Control(
            name,
            row["kind"],
            label,
            BilingualText(row["note_zh"], row["note_en"]),
            STATES[status].mark,
            row["low"],
            row["high"],
            value,
            printed,
            unit_name,
        )


def _by_effect(reader: Reader, report: Report, method: Method) -> Iterator[Row]:
    """The inputs that move the total, those with the largest effect first.

    A track is the assumed range of an input, or runs from zero to twice its value.
    """
    chain = [row for row in reader.chains[report.id] if row["central"] is not None]
    given: dict[str, dict[str, Decimal]] = {}
    for row in chain:
        given.setdefault(row["input_name"], {})[row["element_id"]] = Decimal(repr(row["central"]))
    total = report.total.amount.value
    found = []
    for row in chain:
        if row["element_id"] != SCALAR or row["central"] == 0:
            continue
        is_range = row["uncertainty_kind"] == "assumption" and row["low"] < row["high"]
        ends = (row["low"], row["high"]) if is_range else (0.0, 2 * row["central"])
        effect = Decimal(0)
        for end in ends:
            changed = {**given, row["input_name"]: {SCALAR: Decimal(repr(end))}}
            value = run(method, changed).values.get(method.root, {}).get(SCALAR, total)
            effect = max(effect, abs(value - total))
        if effect:
            note = _ASSUMED if is_range else _TWICE
            found.append(
                (
                    effect,
                    {
                        "control": row["input_name"],
                        "kind": "input",
                        "low": f"{ends[0]:g}",
                        "high": f"{ends[1]:g}",
                        "note_zh": note.zh,
                        "note_en": note.en,
                    },
                )
            )
    found.sort(key=lambda one: one[0], reverse=True)
    return (row for _, row in found)


def _input(report: Report, name: str) -> Any:
    for part in report.parts:
        for given in part.inputs:
            if given.name == name or (
                name == "ratio_of_use" and given.name == "supply_chain_ratio"
            ):
                return given
    return None


def _under(reader: Reader, report: Report, definition: str) -> list[str]:
    """The parts that a definition of overlap covers."""
    row = reader.definitions.get((report.method_id, definition))
    if row is None:
        return []
    parents = {
        c["component_id"]: c["parent_component_id"] for c in reader.components[report.method_id]
    }

    def is_under(part: str) -> bool:
        return part == row["component_id"] or (
            parents.get(part) is not None and is_under(str(parents[part]))
        )

    return [part.id for part in report.parts if is_under(part.id)]


def compact(script: str) -> str:
    """Return a script without indents and lines of comment, which a page need not carry."""
    lines = (line.strip() for line in script.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//")) + "\n"


def as_json(data: Any) -> str:
    """Return JSON that can be embedded in a script element: nothing in it ends one."""
    text = json.dumps(
        data, ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=plain
    )
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
