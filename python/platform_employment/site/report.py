"""What a report page shows of one report, without words: parts, states, changes, comparisons."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from platform_employment.errors import UserError
from platform_employment.method.formula import FUNCTIONS, SCALAR
from platform_employment.quantities import Unit, digits_of
from platform_employment.site.changes import WAN, Change, changes_of
from platform_employment.site.rows import Cell, Rows, cell_of, grouped
from platform_employment.warehouse import Row
from platform_employment.words import (
    WEIGHTS,
    BilingualText,
    owner_of,
    owners_of,
    sentence,
)

_ARTICLE = re.compile("^(?:United|Netherlands)")
ALL_DIGITS = 10  # of a computed number, which no source prints
_NAME = re.compile(r"[a-z][a-z0-9_]*")
MAX_CHANGES = 7
MAX_BENCHMARKS = 3
MAX_OTHERS = 2


@dataclass(frozen=True)
class Amount:
    """A number as it is shown: the value in base units, its bound, and how many digits it has."""

    value: Decimal
    unit: Unit | None
    comparator: str = "equal"
    digits: int = ALL_DIGITS
    cell: Cell | None = None

    @property
    def base(self) -> Decimal:
        """The value in the base unit of its dimension."""
        return self.value * self.unit.scale if self.unit else self.value


class Limit(NamedTuple):
    """An end of a part: its value in base units, None for no limit, and the layer it is of."""

    value: Decimal | None
    layer: str


@dataclass(frozen=True)
class Input:
    """A value that a formula uses. `cells`: the seed lines that it goes back to."""

    name: str
    label: BilingualText
    amount: Amount
    status: str
    provenance: str
    cells: tuple[Cell, ...]
    source_id: str | None = None
    figure: Row | None = None
    carried_since: date | None = None


@dataclass(frozen=True)
class Part:
    """A row of the chart of a report: one part of its total, or the total."""

    id: str
    label: BilingualText
    note: BilingualText | None
    amount: Amount
    status: str
    figure: Row | None
    formula: str = ""
    operands: Mapping[str, Amount] = field(default_factory=dict)
    inputs: tuple[Input, ...] = ()
    low: Limit | None = None
    high: Limit | None = None
    problems: tuple[Row, ...] = ()
    sign: int = 1
    carried_since: date | None = None


class Denominator(NamedTuple):
    """Persons employed in the country and year of a report."""

    employed: Decimal
    country: BilingualText
    year: int
    source: BilingualText
    period_kind: str
    cell: Cell | None
    countries: int = 1


class Dispute(NamedTuple):
    """What an independent source has that a total does not agree with."""

    owner: BilingualText
    amount: Amount
    quantity: BilingualText


@dataclass(frozen=True)
class Report:
    """One report with what belongs to it."""

    row: Row
    platform: Row
    source: Row
    method_id: str
    parts: tuple[Part, ...]
    total: Part
    form: str
    arithmetic: str
    denominator: Denominator | None
    changes: tuple[Change, ...]
    together: tuple[Change, ...]
    open_ends: tuple[Change, ...]
    figures: tuple[Row, ...]
    answers: tuple[Row, ...]
    stages: tuple[Row, ...]
    dispute: Dispute | None
    persons_as_jobs: bool
    has_products: bool
    unit_counted: str

    @property
    def id(self) -> str:
        """Its id."""
        return str(self.row["report_id"])

    @property
    def is_checked(self) -> bool:
        """Whether any part of it agrees with a named independent source."""
        return any(part.status == "corroborated" for part in (*self.parts, self.total))

    @property
    def has_method(self) -> bool:
        """Whether a formula leads to its total, and not only a sum or a number as printed."""
        return self.form == "full" or self.has_products

    @property
    def has_lower_limits(self) -> bool:
        """Whether a part is a lower limit, so that the sum has no upper end."""
        return any(part.amount.comparator in {"over", "at_least"} for part in self.parts)


class Reader:
    """Makes the reports of an open warehouse; each table is read once."""

    def __init__(self, rows: Rows, labels: Mapping[tuple[str, str], Row]) -> None:
        """Read what all reports share. `labels`: names of this package by method and id."""
        self.rows, self.labels = rows, labels
        self.units = rows.units()
        self.seeds = rows.seeds()
        self.lines = {cell_of(row): row for rows in self.seeds.values() for row in rows}
        self.ledger_cells = {
            (row["report_id"], row["figure_id"]): row for row in self.seeds.get("figure_ledger", ())
        }
        self.sources = {row["source_id"]: row for row in rows.table("marts.dim_sources")}
        self.platforms = {row["platform_id"]: row for row in rows.table("marts.dim_platforms")}
        self.components = grouped(
            rows.table("marts.dim_components", "method_id, sort_order"), "method_id"
        )
        self.method_steps = {
            (row["method_id"], row["step_id"]): row for row in rows.table("marts.dim_steps")
        }
        self.method_inputs = {row["input_name"]: row for row in rows.table("marts.dim_inputs")}
        self.steps = rows.by_report("marts.fct_steps", "step_id, element_id")
        self.chains = rows.by_report("audit.aud_inputs", "input_name, element_id")
        self.layers = rows.by_report("marts.fct_uncertainty", "layer, definition_id")
        figures = rows.table("audit.aud_figure_reconciliation", "chapter, section, figure_id")
        self.figures = grouped([self._figure(row) for row in figures], "report_id")
        self.traces = rows.table("audit.aud_traces", "report_id, figure_id, step_number")
        self.findings = grouped(self._findings(), "report_id")
        self.definitions = {
            (row["method_id"], row["definition_id"]): row
            for row in rows.table("marts.dim_definitions", "method_id, sort_order")
        }
        self.facts = {row["fact_id"]: row for row in rows.table("marts.dim_facts")}
        self.comparisons: dict[tuple[str, str], list[Row]] = defaultdict(list)
        self.of_facts: dict[str, list[Row]] = defaultdict(list)
        comparisons = rows.table("marts.fct_comparisons")
        for row in sorted(comparisons, key=lambda c: list(WEIGHTS).index(c["weight"])):
            self.comparisons[row["report_id"], row["figure_id"]].append(row)
            for fact in row["fact_ids"].split():
                self.of_facts[fact].append(row)
        self.answers = grouped(
            rows.table("marts.fct_report_answers", "report_id, sort_order"), "report_id"
        )
        self.stages = grouped(
            [
                {**row, "cell": self._stage_cell(row["report_id"])}
                for row in rows.table("marts.fct_stages", "report_id, stage_order")
                if row["option_set"] == "default" and row["part"] == SCALAR
            ],
            "report_id",
        )
        self.benchmarks = rows.table("marts.fct_benchmarks", "sort_order, report_id")
        self.employment = rows.table("marts.fct_denominators", "country, year")
        self.shares = {row["report_id"]: row for row in rows.table("marts.fct_report_shares")}

    def reports(self) -> list[Report]:
        """Return all reports, the default one first; none where a build has no such table."""
        if not self.rows.has("marts.dim_reports"):
            return []
        query = """
            select reports.*, scenarios.method_id
            from marts.dim_reports as reports
            inner join marts.dim_scenarios as scenarios using (platform_id, scenario_id)
            order by is_default desc, sort_order, report_id
        """
        return [self._report(row) for row in self.rows.read(query)]

    def freshness(self, report: Report) -> list[Row]:
        """Return the recurring series on the platform of a report."""
        rows = self.rows.table("audit.aud_source_freshness", "sort_order")
        return [row for row in rows if row["platform_id"] == report.row["platform_id"]]

    def problems(self, figure: Row) -> list[Row]:
        """Return the findings that move a printed number, the most serious first."""
        return [
            row
            for row in self.findings.get(figure["report_id"], ())
            if row["severity"] in {"serious", "moderate"}
            and figure["figure_id"] in (row["affected_figure_ids"] or "").split()
        ]

    def comparator_of(self, cell: Cell | None) -> str:
        """Return the comparator of a seed line, by default `equal`."""
        return str((self.lines.get(cell) or {}).get("comparator") or "equal")

    def label_of(self, method: str, name: str) -> Row | None:
        """Return the label that this package gives a step or an input, if it gives one."""
        return self.labels.get((method, name)) or self.labels.get(("*", name))

    def status(self, figure: Row | None) -> str:
        """Return the verification status of a ledger row.

        Raises:
            UserError: it is corroborated and no independent comparison tests the number, so that
                it would be drawn as checked.
        """
        if figure is None:
            return "unchecked"
        found = str(figure.get("verification_status") or "unchecked")
        if found == "corroborated" and not self._is_tested(figure):
            raise UserError(
                f"{figure['report_id']} {figure['figure_id']}: corroborated without an independent"
                " comparison that agrees; look at its owner_kind in marts.fct_comparisons and run"
                " dbt build again"
            )
        return found

    def _is_tested(self, figure: Row) -> bool:
        """Whether data of an independent owner tests a number, wherever it is printed."""
        return any(
            row["is_independent"] and row["weight"] == "test" and row["verdict"] == "agrees"
            for other in self.figures[figure["report_id"]]
            if other["number_id"] == figure["number_id"]
            for row in self.comparisons.get((other["report_id"], other["figure_id"]), ())
        )

    def _figure(self, row: Row) -> Row:
        """A ledger row with its printed text, its line and its status."""
        seed = self.ledger_cells.get((row["report_id"], row["figure_id"]), {})
        printed = row.get("printed") or seed.get("printed")
        return {
            **row,
            "printed": printed,
            "place": row.get("place") or seed.get("place"),
            "state": row.get("state") or seed.get("state"),
            "digits": _printed_digits(printed, seed.get("value") or f"{row['published_value']:f}"),
            "cell": cell_of(seed),
        }

    def _findings(self) -> list[Row]:
        order = "list_position(['serious', 'moderate', 'minor', 'note'], severity), sort_order"
        return self.rows.table("audit.aud_method_findings", order)

    def _report(self, row: Row) -> Report:
        report_id, method = row["report_id"], row["method_id"]
        figures = self.figures.get(report_id, [])
        layers = self.layers.get(report_id, [])
        steps = {(s["step_id"], s["element_id"]): s for s in self.steps.get(report_id, [])}
        root = next(c for c in self.components[method] if c["parent_component_id"] is None)
        make = _Parts(self, report_id, method, figures, steps, layers)
        total = make.part(root["component_id"], SCALAR, is_total=True)
        parts = make.parts(root["component_id"], total.status)
        total = make.summed(total, parts)
        own = [layer for layer in layers if layer["component_id"] == root["component_id"]]
        is_full = any(layer["layer"] in {"assumptions", "choices"} for layer in own)
        form = "full" if is_full else "short" if len(parts) > 1 else "one"
        changes = sorted(
            changes_of(self, row, method, own),
            key=lambda c: c.distance(total.amount.base),
            reverse=True,
        )
        bounded = [change for change in changes if None not in (change.low, change.high)]
        single = [change for change in bounded if change.kind != "together"]
        rounding = [change for change in single if change.kind == "rounding"]
        others = [change for change in single if change.kind != "rounding"]
        shown = others[: MAX_CHANGES - len(rounding)] + rounding
        return Report(
            row=row,
            platform=self.platforms[row["platform_id"]],
            source=self.sources.get(row["source_id"], {}),
            method_id=method,
            parts=parts,
            total=total,
            form=form,
            arithmetic=make.arithmetic(parts, total),
            denominator=self._denominator(row),
            changes=tuple(sorted(shown, key=single.index)),
            together=tuple(c for c in bounded if c.kind == "together"),
            open_ends=tuple(c for c in changes if c not in bounded),
            figures=tuple(figures),
            answers=tuple(self.answers.get(report_id, ())),
            stages=tuple(self.stages.get(report_id, ())),
            dispute=self._dispute(total.figure),
            persons_as_jobs=root["unit_counted"] == "jobs"
            and any(
                i.amount.unit and i.amount.unit.dimension == "persons"
                for part in parts
                for i in part.inputs
            ),
            has_products=len(parts) > 1
            and total.status != "circular"
            and any(re.search("[*/]", part.formula) for part in parts),
            unit_counted=root["unit_counted"],
        )

    def _stage_cell(self, report_id: str) -> Cell | None:
        """The first line of the parts that the stages of a report start from."""
        for row in self.seeds.get("stage_parts", ()):
            if row["report_id"] == report_id:
                return cell_of(row)
        return None

    def _dispute(self, figure: Row | None) -> Dispute | None:
        """What speaks against a total: an independent comparison that tests it and differs."""
        if figure is None:
            return None
        for row in self.comparisons.get((figure["report_id"], figure["figure_id"]), ()):
            if row["is_independent"] and row["weight"] == "test" and row["verdict"] != "agrees":
                fact = self.facts[row["fact_ids"].split()[0]]
                return Dispute(
                    owner_of(fact),
                    Amount(row["fact_value"], self.units[figure["unit"]]),
                    BilingualText(fact["quantity_zh"], fact["quantity_en"]),
                )
        return None

    def employed(self, country: str, year: int) -> Denominator | None:
        """Return employment of one country in a year, which a benchmark is set next to."""
        for row in self.employment:
            if (row["country"], row["year"]) == (country, year):
                return Denominator(
                    row["employed_persons_wan"] * WAN,
                    BilingualText(row["country_zh"], _ARTICLE.sub(r"the \g<0>", row["country_en"])),
                    year,
                    owner_of(self.sources[row["source_id"]]),
                    row["period_kind"],
                    next(
                        (
                            cell_of(seed)
                            for seed in self.seeds.get("denominators", ())
                            if (seed["country"], seed["year"]) == (country, str(year))
                        ),
                        None,
                    ),
                )
        return None

    def share_in_country(self, report: Report, part: Part) -> Decimal | None:
        """Return a part in one of several countries as a share of the employment there."""
        base = report.denominator
        if base is None or part.figure is None:
            return None
        sources = {row["source_id"] for row in self.employment if row["year"] == base.year}
        for row in self.comparisons.get((report.id, part.figure["figure_id"]), ()):
            if any(self.facts[fact]["source_id"] in sources for fact in row["fact_ids"].split()):
                return Decimal(row["figure_value"] / row["fact_value"])
        return None

    def _denominator(self, report: Row) -> Denominator | None:
        """Employment of the country and year of a report; never another year's."""
        share = self.shares.get(report["report_id"])
        if share is None or share["employed_persons_wan"] is None:
            return None
        countries = share["country"].split()
        cells = [
            cell_of(row)
            for row in self.seeds.get("denominators", ())
            if row["country"] in countries and row["year"] == str(share["year"])
        ]
        sources = [self.sources.get(name, {}) for name in share["source_ids"].split()]
        # a sum names its members
        names = [_ARTICLE.sub(r"the \g<0>", name) for name in share["country_en"].split(", ")]
        country = BilingualText(
            share["country_zh"], " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
        )
        return Denominator(
            share["employed_persons_wan"] * WAN,
            country,
            share["year"],
            owners_of(row for row in sources if row),
            share["period_kind"],
            cells[0] if cells else None,
            len(countries),
        )


def _printed_digits(printed: str | None, value: str) -> int:
    """Return how many digits a number is printed with: of the phrase, if it has this number."""
    first = re.search(r"\d[\d,]*(?:\.\d+)?", printed or "")
    bare = [re.sub(r"\D", "", text).strip("0") for text in (first[0] if first else "", value)]
    return digits_of(printed or "") if bare[0] == bare[1] else digits_of(value)


class _Parts:
    """The parts of one report."""

    def __init__(
        self,
        reader: Reader,
        report_id: str,
        method: str,
        figures: Sequence[Row],
        steps: Mapping[tuple[str, str], Row],
        layers: Sequence[Row],
    ) -> None:
        self.reader, self.report_id, self.method = reader, report_id, method
        self.steps, self.layers = steps, layers
        self.components = {c["component_id"]: c for c in reader.components[method]}
        self.linked: dict[tuple[str, str], Row] = {}
        for figure in figures:
            if figure["relation"] == "steps":
                key = (figure["name"], figure["element_id"])
                held = self.linked.get(key)
                if held is None or self._order(figure) < self._order(held):
                    self.linked[key] = figure

    @staticmethod
    def _order(figure: Row) -> tuple[bool, bool]:
        return figure["restates_figure_id"] is not None, figure["headline_order"] is None

    def children(self, component: str) -> list[str]:
        return [c for c, row in self.components.items() if row["parent_component_id"] == component]

    def _is_linked(self, component: str) -> bool:
        return (component, SCALAR) in self.linked or any(
            self._is_linked(child) for child in self.children(component)
        )

    def parts(self, root: str, status: str) -> tuple[Part, ...]:
        """The parts that the report prints or that follow from them, in the order of the tree."""
        leaves = list(self._expanded(root))
        if len(leaves) > 1:
            return tuple(self.part(leaf, SCALAR, of=status) for leaf in leaves)
        terms = list(self._terms(leaves[0], 1))
        if len(terms) > 1:
            return tuple(
                self.part(name, element, of=status, sign=sign) for name, element, sign in terms
            )
        return (self.part(leaves[0], SCALAR, of=status),)

    def _expanded(self, component: str) -> Iterator[str]:
        children = self.children(component)
        if children and any(self._is_linked(child) or self._has_input(child) for child in children):
            for child in children:
                yield from self._expanded(child)
        else:
            yield component

    def _has_input(self, component: str) -> bool:
        step = self.reader.method_steps.get((self.method, component))
        return step is not None and any(
            (n, SCALAR) in self.linked for n in self._names(step["formula"])
        )

    @staticmethod
    def _names(formula: str | None) -> list[str]:
        names = dict.fromkeys(_NAME.findall(formula or ""))
        return [name for name in names if name not in FUNCTIONS]

    def _terms(self, name: str, sign: int) -> Iterator[tuple[str, str, int]]:
        """The linked terms that a step adds and takes off."""
        step = self.reader.method_steps.get((self.method, name))
        elements = sorted(
            (e for n, e in self.steps if n == name and e != SCALAR),
            key=lambda e: (self.linked.get((name, e)) or {}).get("headline_order") or 99,
        )
        if elements:
            yield from ((name, element, sign) for element in elements)
        elif step is None:
            yield name, SCALAR, sign
        elif match := re.fullmatch(r"sum\((\w+)\)", step["formula"] or ""):
            yield from self._terms(match[1], sign)
        elif step["formula"] and not re.search(r"[*/(]", step["formula"]):
            signs = re.findall(r"([+-]?)\s*(\w+)", step["formula"])
            for mark, operand in signs:
                yield from self._terms(operand, -sign if mark == "-" else sign)
        else:
            yield name, SCALAR, sign

    def part(
        self, name: str, element: str, *, of: str = "", sign: int = 1, is_total: bool = False
    ) -> Part:
        figure = self.linked.get((name, element))
        step = self.steps[name, element]
        unit = self.reader.units.get(step["unit"])
        label = self.label(name, element, figure)
        status = self._status(name, figure, of)
        formula, operands, inputs = self._formula(name, element)
        # a bound stays with the value wherever it is shown
        comparator = figure["comparator"] if figure else "equal"
        if comparator == "equal" and not is_total:
            comparator = next(
                (
                    i.amount.comparator
                    for i in inputs
                    if i.amount.comparator != "equal"
                    and i.amount.base == step["value"] * (unit.scale if unit else 1)
                ),
                comparator,
            )
        if figure is not None:
            inputs = tuple(
                self._bounded(given, step["value"], unit, comparator) for given in inputs
            )
        digits = figure["digits"] if figure else ALL_DIGITS
        low, high = self._ends(name, comparator)
        note = self.reader.label_of(self.method, name) or {}
        return Part(
            id=name if element == SCALAR else f"{name}-{element}",
            label=label,
            note=BilingualText(note["note_zh"], note["note_en"]) if note.get("note_zh") else None,
            amount=Amount(
                step["value"], unit, comparator, digits, figure["cell"] if figure else cell_of(step)
            ),
            status=status,
            figure=figure,
            formula=formula,
            operands=operands,
            inputs=inputs,
            low=low,
            high=high,
            problems=tuple(self.reader.problems(figure)) if figure else (),
            sign=sign,
            carried_since=step.get("carried_since"),
        )

    @staticmethod
    def _bounded(given: Input, value: Decimal, unit: Unit | None, comparator: str) -> Input:
        """Return an input that has the value of its part with the bound of the part."""
        same = given.amount.base == value * (unit.scale if unit else 1)
        if not same or given.amount.comparator != "equal":
            return given
        return replace(given, amount=replace(given.amount, comparator=comparator))

    def _ends(self, component: str, comparator: str) -> tuple[Limit | None, Limit | None]:
        """The lowest and the highest end among all layers; rounding alone is no range."""
        layers = [
            row
            for row in self.layers
            if row["component_id"] == component
            and row["layer"] != "coverage"
            and not row["invalid_draws"]
        ]
        if comparator != "about" and all(row["layer"] == "rounding" for row in layers):
            return None, None

        def end(row: Row, column: str) -> Limit:
            value = row[column]
            return Limit(None if value is None else value * WAN, row["layer"])

        lows = [end(row, "low_wan") for row in layers]
        highs = [end(row, "high_wan") for row in layers]
        return (
            min(lows, key=lambda one: (one.value is not None, one.value or 0), default=None),
            max(highs, key=lambda one: (one.value is None, one.value or 0), default=None),
        )

    @staticmethod
    def summed(total: Part, parts: Sequence[Part]) -> Part:
        """The total with the sum of the parts that are shown as its formula."""
        if len(parts) <= 1:
            return total
        terms = [(" - " if part.sign < 0 else " + ") + part.id.replace("-", "__") for part in parts]
        return replace(
            total,
            formula="".join(terms).removeprefix(" + "),
            operands={part.id.replace("-", "__"): part.amount for part in parts},
            inputs=(),
        )

    def label(self, name: str, element: str, figure: Row | None) -> BilingualText:
        """The name of a step: ours where a label is given, else the one of the warehouse."""
        own = self.reader.label_of(self.method, name)
        if own and element == SCALAR:
            return BilingualText(own["name_zh"], own["name_en"])
        if element != SCALAR and figure:
            return BilingualText(figure["subject_zh"], figure["subject_en"])
        known = (
            self.components.get(name)
            or self.reader.method_steps.get((self.method, name))
            or self.reader.method_inputs.get(name)
            or {"name_zh": name, "name_en": name}
        )
        suffix = "" if element == SCALAR else f" · {element}"
        return BilingualText(known["name_zh"] + suffix, sentence(known["name_en"]) + suffix)

    def _status(self, name: str, figure: Row | None, of: str) -> str:
        if figure is not None:
            return self.reader.status(figure)
        if of == "circular":  # worked back from the total
            return "circular"
        return "arithmetic"

    def _formula(self, name: str, element: str) -> tuple[str, dict[str, Amount], tuple[Input, ...]]:
        """The formula of a step, its operands, and the inputs that are listed under it."""
        step = self.reader.method_steps.get((self.method, name))
        if step is None or element != SCALAR:
            return "", {}, tuple(self._inputs([name], element))
        formula, names = step["formula"] or "", self._names(step["formula"])
        if len(names) == 1 and formula == names[0]:  # a step that passes a value on
            return self._formula(names[0], SCALAR)
        hidden = [
            n
            for n in names
            if n in self.components and not self._is_linked(n) and (name, SCALAR) in self.linked
        ]
        if hidden:  # parts that only this project assumes
            value = self.steps[name, SCALAR]["value"]
            given = [
                n
                for (n, e), s in self.steps.items()
                if e == SCALAR
                and s["is_input"]
                and s["value"] == value
                and (self.reader.method_inputs.get(n) or {}).get("role")
                in {"control_total", "reference"}
            ]
            return "", {}, tuple(self._inputs(given, SCALAR))
        if match := re.fullmatch(r"sum\((\w+)\)", formula):
            elements = [e for n, e in self.steps if n == match[1]]
            text = " + ".join(f"{match[1]}__{e}" for e in elements)
            operands = {f"{match[1]}__{e}": self._amount(match[1], e) for e in elements}
            return text, operands, tuple(i for e in elements for i in self._inputs([match[1]], e))
        if any((n, SCALAR) not in self.steps for n in names):
            return "", {}, tuple(self._inputs(self._leaves(names), None))
        return (
            formula,
            {n: self._amount(n, SCALAR) for n in names},
            tuple(self._inputs(names, SCALAR)),
        )

    def _leaves(self, names: Iterable[str]) -> list[str]:
        found: dict[str, None] = {}
        for name in names:
            step = self.reader.method_steps.get((self.method, name))
            rows = [s for (n, _), s in self.steps.items() if n == name]
            if step is None or any(row["is_input"] for row in rows):
                found[name] = None
            else:
                found |= dict.fromkeys(self._leaves(self._names(step["formula"])))
        return list(found)

    def _figure_of(self, name: str, element: str) -> Row | None:
        """The ledger row of a step, or of the one that it only passes on or rounds."""
        figure = self.linked.get((name, element))
        step = self.reader.method_steps.get((self.method, name))
        if figure is None and step and _NAME.fullmatch(step["formula"] or ""):
            return self._figure_of(step["formula"], element)
        return figure

    def _amount(self, name: str, element: str) -> Amount:
        step = self.steps[name, element]
        figure = self._figure_of(name, element)
        chain = self._chain(name, element)
        comparator = figure["comparator"] if figure else "equal"
        if comparator == "equal" and chain and chain["low"] is not None and chain["high"] is None:
            comparator = "over"
        elif comparator == "equal" and chain:
            comparator = self.reader.comparator_of(cell_of(chain))
        digits = ALL_DIGITS
        if figure:
            digits = figure["digits"]
        elif step["is_input"]:
            digits = digits_of(f"{step['value'].normalize():f}")
        return Amount(
            step["value"],
            self.reader.units.get(step["unit"]),
            comparator,
            digits,
            figure["cell"] if figure else cell_of(step),
        )

    def _chain(self, name: str, element: str) -> Row | None:
        return next(
            (
                row
                for row in self.reader.chains.get(self.report_id, ())
                if row["input_name"] == name and row["element_id"] == element
            ),
            None,
        )

    def _inputs(self, names: Iterable[str], element: str | None) -> Iterator[Input]:
        for name in names:
            keys = [e for n, e in self.steps if n == name] if element is None else [element]
            for key in keys:
                if (name, key) not in self.steps:
                    continue
                step = self.steps[name, key]
                figure = self._figure_of(name, key)
                yield Input(
                    name=name,
                    label=self.label(name, key, figure),
                    amount=self._amount(name, key),
                    status=self._input_status(name, step, figure),
                    provenance=step["input_provenance"],
                    cells=tuple(self._cells(name, key)),
                    source_id=step["source_id"],
                    figure=figure,
                    carried_since=step.get("carried_since"),
                )

    def _input_status(self, name: str, step: Row, figure: Row | None) -> str:
        if figure is not None:
            return self.reader.status(figure)
        if not step["is_input"]:
            leaves = self._leaves([name])
            if any(self._rests_on_own_result(leaf) for leaf in leaves):
                return "circular"
            provenances = {self._provenance(leaf) for leaf in leaves}
            return "assumed" if provenances & {"assumed", "synthetic"} else "arithmetic"
        if step["input_provenance"] in {"assumed", "synthetic", "borrowed"}:
            return "assumed"
        return "taken_as_printed"

    def _provenance(self, name: str) -> str:
        return next((s["input_provenance"] for (n, _), s in self.steps.items() if n == name), "")

    def _rests_on_own_result(self, name: str) -> bool:
        """Whether an input is a printed result of the calculation that it goes into."""
        known = self.reader.method_inputs.get(name) or {}
        value = next((s["value"] for (n, _), s in self.steps.items() if n == name), None)
        return known.get("role") == "reference" and any(
            step["value"] == value and self.reader.status(figure) == "circular"
            for (n, e), figure in self.linked.items()
            if (step := self.steps.get((n, e))) is not None
        )

    def _cells(self, name: str, element: str) -> Iterator[Cell]:
        seen: set[Cell] = set()
        figure = self.linked.get((name, element))
        leaves = [name] if self.steps[name, element]["is_input"] else self._leaves([name])
        for leaf in leaves:
            for (other, _), step in self.steps.items():
                if other != leaf:
                    continue
                found = [cell_of(step)]
                if found == [None]:  # built from several disclosures
                    found = [
                        cell_of(row)
                        for row in self.reader.traces
                        if row["report_id"] == self.report_id
                        and row["seed_line"]
                        and f"+{row['step_id']}"
                        in ((self._chain(leaf, SCALAR) or {}).get("reference") or "").split()
                    ]
                for cell in found:
                    if cell and cell not in seen:
                        seen.add(cell)
                        yield cell
                if element != SCALAR and leaf == name:
                    break
        if figure and figure["cell"] and figure["cell"] not in seen:
            yield figure["cell"]

    def arithmetic(self, parts: Sequence[Part], total: Part) -> str:
        """Return what can be recomputed: sum, product, remainder, backwards or nothing."""
        if len(parts) <= 1:
            return "nothing"
        if total.status == "circular":
            return "backwards"
        formulas = [part.formula for part in parts]
        if any("/" in formula for formula in formulas):
            return "backwards"
        if any("-" in formula for formula in formulas):
            return "remainder"
        printed = {name for name, _ in self.linked}
        if any("*" in f and set(self._names(f)) <= printed for f in formulas):
            return "product"
        return "sum"
