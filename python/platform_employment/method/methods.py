"""Methods read from rows: inputs, steps, components, and all that is wrong with them at once.

The names in the formulas say everything else: the order of evaluation, what a step depends on, what
is used by nothing. A component with parts is a step that the engine writes: their sum.
"""

from __future__ import annotations

import keyword
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import Self

from platform_employment.errors import did_you_mean, nearest
from platform_employment.method.formula import (
    FUNCTIONS,
    NAME,
    SCALAR,
    Formula,
    FormulaError,
    parse,
)
from platform_employment.method.units import Unit, compare_units, elements_of, read_unit, unit_of

INPUTS, STEPS = "method/inputs.csv", "method/steps.csv"
COMPONENTS, UNITS = "method/components.csv", "reference/units.csv"
MUST_BE = ("any", "positive", "not_negative", "share")
# the largest method is refused in one line before it is read: docs/reference/formulas.md
MAX_STEPS, MAX_COMPONENTS, MAX_DEPTH, MAX_PARTS, MAX_DECIMALS = 300, 200, 10, 60, 10
# the role of a step that no other needs: what a report prints of its result, such as its growth
CHECK = "check"

# what a step estimates: docs/reference/terms.md
STAGES = ("gross", "once", "fte", "net")

Row = Mapping[str, object]


class Line(int):
    """A line of a file, whose header is line 1; file: empty where only the table is known."""

    file: str

    def __new__(cls, number: int, file: str = "") -> Self:
        """Make the line."""
        line = super().__new__(cls, number)
        line.file = file
        return line

    def __eq__(self, other: object) -> bool:
        """Report lines of two files apart."""
        return int(self) == other and self.file == getattr(other, "file", self.file)

    __hash__ = int.__hash__


@dataclass(frozen=True)
class Finding:
    """What is wrong with rows of a table, in one line."""

    table: str
    lines: tuple[Line, ...]
    message: str

    def __str__(self) -> str:
        """`method/steps.csv line 4: what is wrong`, with the file where it is known."""
        files: dict[str, list[str]] = {}
        for line in self.lines:
            files.setdefault(line.file or self.table, []).append(str(line))
        places = [
            f"{file} {'line' if len(lines) == 1 else 'lines'} {', '.join(lines)}"
            for file, lines in files.items()
        ]
        return f"{', '.join(places)}: {self.message}"


@dataclass(frozen=True)
class Input:
    """A quantity that a method takes from elsewhere; a row of inputs.csv."""

    name: str
    unit: str
    element_set: str
    role: str
    value_constraint: str
    is_carried: bool
    line: Line


@dataclass(frozen=True)
class Step:
    """A formula with its declared unit; a row of steps.csv, or the sum of a component's parts.

    is_rounding: its decimals are part of the method, as where a report multiplies by a rounded
    ratio; decimals of other steps are for print.
    """

    name: str
    component_id: str
    formula: Formula
    decimals: int | None
    unit: str
    element_set: str
    role: str
    value_constraint: str
    can_be_overridden: bool
    is_rounding: bool
    stage: str
    table: str
    line: Line


@dataclass(frozen=True)
class Component:
    """A part of the total; a row of components.csv."""

    name: str
    parent: str
    sort_order: int
    layer: str
    unit_counted: str
    line: Line


@dataclass(frozen=True)
class Plan:
    """What a method calculates where some of its steps are given.

    steps: in the order of evaluation, checks among them, without those that are given or that only
    a given one needs; inputs: the names that are read, given steps among them; rests_on: those
    that each step, given step and input depends on, sorted.
    """

    steps: tuple[Step, ...]
    inputs: tuple[str, ...]
    rests_on: Mapping[str, tuple[str, ...]]

    def varied(self, name: str, inputs: Iterable[str]) -> tuple[str, ...]:
        """The ones of some inputs that a step depends on."""
        return tuple(sorted(set(self.rests_on[name]) & set(inputs)))


@dataclass(frozen=True)
class Method:
    """A method whose rows have no finding. `steps` are in the order of evaluation."""

    method_id: str
    inputs: Mapping[str, Input]
    steps: Mapping[str, Step]
    components: Mapping[str, Component]
    root: str
    _plans: dict[frozenset[str], Plan] = field(default_factory=dict, repr=False, compare=False)

    def children(self, component: str) -> list[str]:
        """The parts of a component in their order."""
        return [c.name for c in _sorted(self.components.values()) if c.parent == component]

    def plan(self, given: Iterable[str] = ()) -> Plan:
        """What is calculated where these steps are given."""
        key = frozenset(given) & {
            name for name, step in self.steps.items() if step.can_be_overridden
        }
        if key not in self._plans:
            self._plans[key] = self._make_plan(key)
        return self._plans[key]

    def _make_plan(self, given: frozenset[str]) -> Plan:
        operands = {n: s.formula.names for n, s in self.steps.items() if n not in given}
        checks = [step.name for step in self.steps.values() if step.role == CHECK]
        needed = reached([self.root, *checks], operands)
        steps = [s for n, s in self.steps.items() if n in needed and n not in given]
        inputs = sorted(needed - {step.name for step in steps})
        rests_on = {name: {name} for name in inputs}
        for step in steps:
            rests_on[step.name] = set().union(*(rests_on[name] for name in step.formula.names))
        return Plan(
            tuple(steps), tuple(inputs), {name: tuple(sorted(on)) for name, on in rests_on.items()}
        )


def reached(
    start: Collection[str], operands: Mapping[str, Iterable[str]], ends: Collection[str] = ()
) -> set[str]:
    """Return some names and all that they are calculated from.

    Args:
        start: the names; operands: by name, without a row for one that is not calculated; ends:
            names beyond which nothing is followed, except from the start.
    """
    found: set[str] = set()
    queue = list(start)
    while queue:
        name = queue.pop()
        if name not in found:
            found.add(name)
            if name not in ends or name in start:
                queue += operands.get(name, ())
    return found


def read_methods(
    inputs: Sequence[Row],
    steps: Sequence[Row],
    components: Sequence[Row],
    units: Sequence[Row],
) -> tuple[dict[str, Method], list[Finding]]:
    """Read all methods of the tables.

    Args:
        inputs, steps, components, units: rows of the four tables, cells as text, each with the
            "line" of its file where the header is line 1, and optionally the "file".

    Returns:
        The methods without a finding by `method_id`, and all findings in the order of tables and
        lines.
    """
    reader = _Reader(inputs, units)
    rows: dict[str, tuple[list[Row], list[Row]]] = {}
    for place, table in enumerate((steps, components)):
        for row in table:
            rows.setdefault(text_of(row, "method_id"), ([], []))[place].append(row)
    methods = {}
    for method_id, (its_steps, its_components) in rows.items():
        before = len(reader.findings)
        if reader.is_too_large(method_id, its_steps, its_components):
            continue
        method = reader.method(method_id, its_steps, its_components)
        if method and len(reader.findings) == before and not reader.is_shared_wrong:
            methods[method_id] = method
    order = [INPUTS, STEPS, COMPONENTS, UNITS]
    findings = sorted(
        set(reader.findings), key=lambda f: (order.index(f.table), f.lines, f.message)
    )
    return methods, findings


class _Reader:
    """Collects findings while it reads."""

    def __init__(self, inputs: Sequence[Row], units: Sequence[Row]) -> None:
        self.findings: list[Finding] = []
        self.units: dict[str, Unit] = {}
        for row in units:
            try:
                unit = read_unit(text_of(row, "dimension"), text_of(row, "scale"))
            except FormulaError as error:
                self.find(UNITS, row, f"{text_of(row, 'unit')}: {error}")
            else:
                self.units[text_of(row, "unit")] = unit
        self.inputs: dict[str, Input] = {}
        for row in inputs:
            name = text_of(row, "input_name")
            self.check_name(INPUTS, row, name, name, self.inputs)
            self.check_unit(INPUTS, row, name)
            self.inputs.setdefault(
                name,
                Input(
                    name,
                    text_of(row, "unit"),
                    text_of(row, "element_set") or SCALAR,
                    text_of(row, "role"),
                    self.value_constraint(INPUTS, row, name),
                    text_of(row, "is_carried") == "true",
                    line_of(row),
                ),
            )
        self.is_shared_wrong = bool(self.findings)

    def find(self, table: str, at: Row | Step | Component | Input, message: str) -> None:
        line = line_of(at) if isinstance(at, Mapping) else at.line
        self.findings.append(Finding(table, (line,), message))

    def check_name(self, table: str, row: Row, name: str, shown: str, known: Iterable[str]) -> None:
        if name in FUNCTIONS or keyword.iskeyword(name):
            self.find(table, row, f"{shown}: {name!r} is a reserved word")
        elif not NAME.fullmatch(name):
            self.find(table, row, f"{shown}: a name is a-z, 0-9 and _, at most 40, a letter first")
        elif name in known:
            self.find(table, row, f"{shown}: is there twice")

    def check_unit(self, table: str, row: Row, shown: str) -> None:
        unit = text_of(row, "unit")
        if unit not in self.units:
            self.find(table, row, f"{shown}: no unit {did_you_mean(unit, self.units)}")

    def value_constraint(self, table: str, row: Row, shown: str) -> str:
        value_constraint = text_of(row, "value_constraint") or "any"
        if value_constraint not in MUST_BE:
            self.find(table, row, f"{shown}: value_constraint is one of {', '.join(MUST_BE)}")
        return value_constraint

    def is_too_large(
        self, method_id: str, step_rows: Sequence[Row], component_rows: Sequence[Row]
    ) -> bool:
        """Refuse a method with too many rows, before anything walks over them."""
        before = len(self.findings)
        for table, rows, what, most in (
            (STEPS, step_rows, "steps", MAX_STEPS),
            (COMPONENTS, component_rows, "components", MAX_COMPONENTS),
        ):
            if len(rows) > most:
                message = f"{method_id}: {len(rows)} {what}, at most {most}: make two methods"
                self.find(table, rows[most], message)
        return len(self.findings) > before

    def method(
        self, method_id: str, step_rows: Sequence[Row], component_rows: Sequence[Row]
    ) -> Method | None:
        self.broken: set[str] = set()
        components = self.components(method_id, component_rows)
        steps: dict[str, Step] = {}
        for row in step_rows:
            step = self.step(method_id, row, steps)
            steps.setdefault(step.name, step)
        root = self.tree(method_id, components, steps)
        if root is not None:
            steps |= self.subtotals(method_id, components, steps)
        self.names(method_id, steps, components)
        self.unused(method_id, steps)
        self.control_totals(method_id, steps)
        order = self.order(method_id, {s.name: (s, s.formula.names) for s in steps.values()})
        for step in steps.values():
            self.operands(method_id, step, steps)
        for component in components.values():
            self.counted(method_id, component, steps)
        if root is None:
            return None
        used = {name for step in steps.values() for name in (step.name, *step.formula.names)}
        inputs = {name: given for name, given in self.inputs.items() if name in used}
        return Method(method_id, inputs, {n: steps[n] for n in order}, components, root)

    def step(self, method_id: str, row: Row, known: Mapping[str, Step]) -> Step:
        name = text_of(row, "step_id")
        shown = f"{method_id}.{name}"
        self.check_name(STEPS, row, name, shown, known)
        self.check_unit(STEPS, row, shown)
        decimals = text_of(row, "decimals")
        if decimals not in ("", *map(str, range(MAX_DECIMALS + 1))):
            self.find(STEPS, row, f"{shown}: decimals is empty or 0 to {MAX_DECIMALS}")
            decimals = ""
        can_be_overridden = text_of(row, "can_be_overridden") == "true"
        is_rounding = text_of(row, "is_rounding") == "true"
        if is_rounding and not decimals:
            self.find(STEPS, row, f"{shown}: is_rounding needs decimals")
        stage = text_of(row, "stage") or STAGES[0]
        if stage not in STAGES:
            self.find(STEPS, row, f"{shown}: stage is one of {', '.join(STAGES)}")
        element_set = text_of(row, "element_set") or SCALAR
        given = self.inputs.get(name)
        if given and not can_be_overridden:
            self.find(
                STEPS, row, f"{shown}: is an input too; only can_be_overridden lets one replace it"
            )
        elif given and (given.unit, given.element_set) != (text_of(row, "unit"), element_set):
            self.find(
                STEPS, row, f"{shown}: the input of this name has another unit or element set"
            )
        try:
            formula = parse(text_of(row, "formula"))
        except FormulaError as error:
            self.find(STEPS, row, f"{shown}: {error}")
            self.broken.add(name)
            formula = parse("1")
        return Step(
            name,
            text_of(row, "component_id"),
            formula,
            int(decimals) if decimals else None,
            text_of(row, "unit"),
            element_set,
            text_of(row, "role"),
            self.value_constraint(STEPS, row, shown),
            can_be_overridden,
            is_rounding,
            stage,
            STEPS,
            line_of(row),
        )

    def components(self, method_id: str, rows: Sequence[Row]) -> dict[str, Component]:
        components: dict[str, Component] = {}
        for row in rows:
            name = text_of(row, "component_id")
            self.check_name(COMPONENTS, row, name, f"{method_id}.{name}", components)
            sort_order = text_of(row, "sort_order")
            components.setdefault(
                name,
                Component(
                    name,
                    text_of(row, "parent_component_id"),
                    int(sort_order) if sort_order.isascii() and sort_order.isdigit() else 0,
                    text_of(row, "layer"),
                    text_of(row, "unit_counted"),
                    line_of(row),
                ),
            )
        return components

    def tree(
        self,
        method_id: str,
        components: Mapping[str, Component],
        steps: Mapping[str, Step],
    ) -> str | None:
        """The component that adds up all others; None where the components are no tree."""
        before = len(self.findings)
        for component in components.values():
            shown = f"{method_id}.{component.name}"
            if component.parent and component.parent not in components:
                near = did_you_mean(component.parent, components)
                self.find(COMPONENTS, component, f"{shown}: no component {near}")
        parents = {
            c.name: (c, [c.parent] if c.parent in components else []) for c in components.values()
        }
        self.order(method_id, parents)
        roots = [c for c in components.values() if not c.parent]
        if len(self.findings) == before and len(roots) != 1:
            lines = tuple(sorted(c.line for c in roots)) or tuple(
                sorted(s.line for s in steps.values())
            )
            message = f"{method_id}: {len(roots)} components without a parent: one adds up all"
            self.findings.append(Finding(COMPONENTS if roots else STEPS, lines, message))
        is_tree = len(self.findings) == before
        if is_tree:
            self.depth(method_id, components, self.order(method_id, parents))
        for component in components.values():
            shown = f"{method_id}.{component.name}"
            parts = sum(c.parent == component.name for c in components.values())
            own = steps.get(component.name)
            if parts > MAX_PARTS:
                self.find(COMPONENTS, component, f"{shown}: {parts} parts, at most {MAX_PARTS}")
            if parts and own:
                self.find(own.table, own, f"{shown}: has parts, whose sum it is, and needs no step")
                is_tree = False
            elif not parts and not (own and own.component_id == component.name):
                self.find(COMPONENTS, component, f"{shown}: has neither parts nor a step")
        for step in steps.values():
            shown = f"{method_id}.{step.name}"
            if step.component_id and step.component_id not in components:
                near = did_you_mean(step.component_id, components)
                self.find(step.table, step, f"{shown}: no component {near}")
            elif step.component_id != (step.name if step.name in components else ""):
                self.find(step.table, step, f"{shown}: the step of a component has its name")
        return roots[0].name if is_tree else None

    def depth(
        self, method_id: str, components: Mapping[str, Component], parents_first: Iterable[str]
    ) -> None:
        """Refuse a tree of components with too many levels."""
        depths = {"": 0}
        for name in parents_first:
            depths[name] = depths[components[name].parent] + 1
        deepest = max(components.values(), key=lambda c: depths[c.name])
        if depths[deepest.name] > MAX_DEPTH:
            shown = f"{method_id}.{deepest.name}"
            message = f"{shown}: {depths[deepest.name]} levels deep, at most {MAX_DEPTH}"
            self.find(COMPONENTS, deepest, message)

    def subtotals(
        self,
        method_id: str,
        components: Mapping[str, Component],
        steps: Mapping[str, Step],
    ) -> dict[str, Step]:
        """The steps that the engine writes: each component with parts is their sum."""
        made: dict[str, Step] = {}
        depth_first = [c.name for c in components.values()]
        while depth_first:
            name = depth_first.pop()
            parts = [c.name for c in _sorted(components.values()) if c.parent == name]
            waiting = [part for part in parts if part not in made and part not in steps]
            waiting = [p for p in waiting if any(c.parent == p for c in components.values())]
            if waiting:
                depth_first += [name, *waiting]
            elif parts and name not in made:
                first = made.get(parts[0]) or steps.get(parts[0])
                made[name] = Step(
                    name,
                    name,
                    parse(" + ".join(parts), is_limited=False),
                    None,
                    first.unit if first else "",
                    SCALAR,
                    "",
                    "any",
                    False,
                    False,
                    first.stage if first else STAGES[0],
                    COMPONENTS,
                    components[name].line,
                )
                if name in self.inputs:
                    self.find(COMPONENTS, components[name], f"{method_id}.{name}: is an input too")
        return made

    def names(
        self, method_id: str, steps: Mapping[str, Step], components: Mapping[str, Component]
    ) -> None:
        known = {*steps, *self.inputs, *components}
        for step in steps.values():
            for name in step.formula.names:
                if name not in known:
                    near = did_you_mean(name, sorted(known))
                    self.find(step.table, step, f"{method_id}.{step.name}: no name {near}")
            if not step.formula.names and step.name not in self.broken:
                message = "names no input: a separate number is an input with unit and source"
                self.find(step.table, step, f"{method_id}.{step.name}: {message}")
            for name in step.formula.exponents:
                if name in steps:
                    message = f"the exponent {name} is a step: an exponent is 2, 3 or an input"
                    self.find(step.table, step, f"{method_id}.{step.name}: {message}")

    def unused(self, method_id: str, steps: Mapping[str, Step]) -> None:
        used = {name for step in steps.values() for name in step.formula.names if name != step.name}
        unknown = used - steps.keys() - self.inputs.keys()
        for step in steps.values():
            # a misspelt name states so itself
            is_meant = nearest(step.name, unknown) or self.broken
            is_read = step.component_id or step.name in used or step.role == CHECK
            if not (is_read or is_meant):
                message = f"{method_id}.{step.name}: used by no step and no component"
                self.find(step.table, step, message)

    def control_totals(self, method_id: str, steps: Mapping[str, Step]) -> None:
        """A control total and the scale that it makes are one choice: a second has no scale."""
        used = {name for step in steps.values() for name in step.formula.names}
        totals = [self.inputs[name] for name in sorted(used & self.inputs.keys())]
        for table, role, rows in (
            (INPUTS, "control total", [i for i in totals if i.role == "control_total"]),
            (STEPS, "scale", [s for s in steps.values() if s.role == "scale"]),
        ):
            if len(rows) > 1:
                names = ", ".join(row.name for row in rows)
                message = f"{method_id}: {names}: a method has one {role} at most"
                self.findings.append(Finding(table, tuple(sorted(r.line for r in rows)), message))

    def order(
        self,
        method_id: str,
        graph: Mapping[str, tuple[Step | Component, Sequence[str]]],
    ) -> list[str]:
        """The names so that each stands after those it needs; every circle is found."""
        needs = {name: [n for n in names if n in graph] for name, (_, names) in graph.items()}
        while True:
            try:
                return list(TopologicalSorter(needs).static_order())
            except CycleError as error:
                circle = error.args[1][:0:-1]
            first = min(range(len(circle)), key=lambda i: graph[circle[i]][0].line)
            circle = circle[first:] + circle[:first]
            rows = [graph[name][0] for name in circle]
            table = (
                STEPS if any(getattr(r, "table", COMPONENTS) == STEPS for r in rows) else COMPONENTS
            )
            lines = {r.line for r in rows if getattr(r, "table", COMPONENTS) == table}
            path = " -> ".join([*circle, circle[0]])
            message = f"{method_id}: {path} goes in a circle"
            self.findings.append(Finding(table, tuple(sorted(lines)), message))
            needs[circle[0]] = [name for name in needs[circle[0]] if name not in circle]

    def operands(self, method_id: str, step: Step, steps: Mapping[str, Step]) -> None:
        """Units and element sets of a step."""
        known = {n: steps.get(n) or self.inputs.get(n) for n in (step.name, *step.formula.names)}
        operands = {name: operand for name, operand in known.items() if operand}
        units = {n: self.units[o.unit] for n, o in operands.items() if o.unit in self.units}
        if len(units) < len(known) or step.name in self.broken:
            return
        shown = f"{method_id}.{step.name}"
        try:
            given = elements_of(step.formula, {n: o.element_set for n, o in operands.items()})
        except FormulaError as error:
            self.find(step.table, step, f"{shown}: {error}")
        else:
            if given != step.element_set:
                message = f"gives a value for each {given}, {step.element_set} is declared"
                if given == SCALAR:
                    message = f"gives one value, {step.element_set} is declared"
                self.find(step.table, step, f"{shown}: {message}")
            if step.component_id and step.element_set != SCALAR:
                self.find(step.table, step, f"{shown}: a component is one value: sum it first")
        try:
            wrong = compare_units(unit_of(step.formula, units), units[step.name])
        except FormulaError as error:
            wrong = str(error)
        if wrong:
            self.find(step.table, step, f"{shown}: {wrong}")

    def counted(self, method_id: str, component: Component, steps: Mapping[str, Step]) -> None:
        step = steps.get(component.name)
        unit = self.units.get(step.unit) if step else None
        is_found = any((f.table, f.lines) == (COMPONENTS, (component.line,)) for f in self.findings)
        if unit and not is_found and unit.base != component.unit_counted:
            message = f"counts {component.unit_counted}, its step gives {unit.base}"
            self.find(COMPONENTS, component, f"{method_id}.{component.name}: {message}")


def text_of(row: Row, column: str) -> str:
    """A cell; an empty one is null in a database."""
    cell = row.get(column)
    return cell.strip() if isinstance(cell, str) else ""


def line_of(row: Row) -> Line:
    """The line of a row, with its file where that is known."""
    return Line(int(str(row["line"])), str(row.get("file", "")))


def _sorted(components: Iterable[Component]) -> list[Component]:
    return sorted(components, key=lambda c: (c.sort_order, c.name))
