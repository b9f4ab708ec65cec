"""Decisions of a method and their options, read from rows, with every error in them.

An option is rows: `method/overlays.csv` has the values that inputs take where it is taken, and
models write their options, such as `table=2018`, into `int_inputs__rows`. A scenario names
the options by which it differs from the report, `decision=option` with a space between.

Options of the layer `choices` exclude each other and are combined with the ones of other decisions.
An option of the layer `coverage` is another meaning of a component: its row in `overlays.csv` is a
factor on the component, and nothing is combined with it.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from math import prod

from platform_employment.errors import UserError, did_you_mean
from platform_employment.method.formula import NAME, SCALAR
from platform_employment.method.methods import Finding, Line, Method, Row, line_of, text_of
from platform_employment.settings import pairs

CHOICES, SCENARIOS = "method/choices.csv", "reference/scenarios.csv"
OVERLAYS = "method/overlays.csv"
# a scenario and the sample that it names are options too, of no decision
SCENARIO, SAMPLE = "scenario", "sample"
COVERAGE = "coverage"  # the layer of options that are factors on components
MAX_DECISIONS, MAX_OPTIONS, MAX_COMBINATIONS = 12, 60, 2_000_000
_OPTION = re.compile(r"[a-z0-9][a-z0-9_]*")


@dataclass(frozen=True, eq=False)
class Option:
    """One way to decide; a row of choices.csv.

    requires: for each other decision that it depends on, the options with which it goes;
    keeps_base: inputs that another option of the decision replaces have their base value under it;
    platform_id: empty for every platform.
    """

    decision: str
    name: str
    is_report: bool
    is_defensible: bool
    requires: Mapping[str, frozenset[str]]
    keeps_base: bool
    platform_id: str
    line: Line

    @property
    def text(self) -> str:
        """`decision=option`, as rows of inputs name it."""
        return f"{self.decision}={self.name}"


Decisions = Mapping[str, Mapping[str, Option]]  # options by decision and name, in their order


def of_platform(decisions: Decisions, platform_id: str) -> dict[str, dict[str, Option]]:
    """The decisions with the options that a platform has."""
    return {
        decision: {n: o for n, o in options.items() if o.platform_id in ("", platform_id)}
        for decision, options in decisions.items()
    }


def combination(decisions: Decisions, text: str) -> dict[str, Option]:
    """The options that a scenario takes: those that it names, the report's in everything else."""
    named = pairs(text)
    return {
        decision: options[named[decision]] if decision in named else _of_report(options)
        for decision, options in decisions.items()
    }


def agree(options: Iterable[Option]) -> bool:
    """Whether options, one a decision, have what they require."""
    taken = {option.decision: option for option in options}
    return all(
        decision not in taken or taken[decision].name in allowed
        for option in taken.values()
        for decision, allowed in option.requires.items()
    )


def read_choices(
    rows: Sequence[Row],
    methods: Mapping[str, Method],
    scenarios: Sequence[Row] = (),
    overlays: Sequence[Row] | None = None,
) -> tuple[dict[str, dict[str, dict[str, Option]]], list[Finding]]:
    """Read the decisions of all methods.

    Args:
        rows: of choices.csv, cells as text, each with the "line" of its file; methods: by
            method_id, those without a finding; scenarios: rows whose `choices` are judged too;
            overlays: rows of overlays.csv, which are judged where they are given.

    Returns:
        The decisions by `method_id`, in the order of `sort_order` and lines, and all findings.
    """
    reader = _Reader()
    of_methods: dict[str, dict[str, dict[str, Option]]] = {}
    factors: dict[str, dict[str, Option]] = {}
    names: dict[tuple[str, str], tuple[str, str]] = {}
    for row in sorted(rows, key=lambda row: (int(text_of(row, "sort_order") or 0), line_of(row))):
        if method := methods.get(text_of(row, "method_id")):
            option = reader.option(row)
            if text_of(row, "layer") == COVERAGE:
                factors.setdefault(method.method_id, {})[option.text] = option
                continue
            decisions = of_methods.setdefault(method.method_id, {})
            decisions.setdefault(option.decision, {}).setdefault(option.name, option)
            named = text_of(row, "decision_zh"), text_of(row, "decision_en")
            if names.setdefault((method.method_id, option.decision), named) != named:
                reader.find(option, "another name of the decision than in its other rows")
    for method_id, decisions in of_methods.items():
        reader.decisions(methods[method_id], decisions)
    if overlays is not None:
        for method_id, method in methods.items():
            of_coverage = factors.get(method_id, {})
            own = [row for row in overlays if text_of(row, "method_id") == method_id]
            of_components = [row for row in own if text_of(row, "options") in of_coverage]
            of_inputs = [row for row in own if text_of(row, "options") not in of_coverage]
            reader.overlays(method, of_methods.get(method_id, {}), of_inputs)
            reader.factors(method, of_coverage, of_components)
    for row in scenarios:
        if text_of(row, "method_id") in methods:
            reader.scenario(row, of_methods.get(text_of(row, "method_id"), {}))
    return of_methods, sorted(set(reader.findings), key=lambda f: (f.table, f.lines, f.message))


def _of_report(options: Mapping[str, Option]) -> Option:
    return next(option for option in options.values() if option.is_report)


class _Reader:
    """Collects findings while it reads."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []

    def find(self, option: Option, message: str) -> None:
        shown = f"{option.decision}={option.name}"
        self.findings.append(Finding(CHOICES, (option.line,), f"{shown}: {message}"))

    def option(self, row: Row) -> Option:
        """Return the option of a row."""
        requires = pairs(text_of(row, "requires"))
        option = Option(
            text_of(row, "decision_id"),
            text_of(row, "option_id"),
            text_of(row, "is_report") == "true",
            text_of(row, "is_defensible") == "true",
            {decision: frozenset(names.split("|")) for decision, names in requires.items()},
            text_of(row, "keeps_base") == "true",
            text_of(row, "platform_id"),
            line_of(row),
        )
        if not NAME.fullmatch(option.decision) or not _OPTION.fullmatch(option.name):
            self.find(option, "a name is a-z, 0-9 and _")
        return option

    def decisions(self, method: Method, decisions: Decisions) -> None:
        """Judge the options of a method together."""
        method_id = method.method_id
        if len(decisions) > MAX_DECISIONS:
            first = _first(decisions)
            self.find(first, f"{method_id} has {len(decisions)} decisions, at most {MAX_DECISIONS}")
        platforms = {o.platform_id for options in decisions.values() for o in options.values()}
        for platform_id in sorted(platforms):
            sizes = {d: len(its) for d, its in of_platform(decisions, platform_id).items()}
            if prod(sizes.values()) > MAX_COMBINATIONS:
                shown = " x ".join(f"{size} ({decision})" for decision, size in sizes.items())
                message = f"{shown} options are {prod(sizes.values())} combinations"
                self.findings.append(
                    Finding(
                        CHOICES,
                        (_first(decisions).line,),
                        f"{method_id}: {message}, at most {MAX_COMBINATIONS}: leave options out",
                    )
                )
                break
        for decision, options in decisions.items():
            if len(options) > MAX_OPTIONS:
                option = list(options.values())[MAX_OPTIONS]
                self.find(option, f"{len(options)} options of {decision}, at most {MAX_OPTIONS}")
            reports = [option for option in options.values() if option.is_report]
            if len(reports) != 1:
                lines = tuple(sorted(option.line for option in reports or options.values()))
                what = f"{len(reports)} options of {decision} are the report's: one is"
                self.findings.append(Finding(CHOICES, lines, f"{method_id}: {what}"))
            for option in options.values():
                self.requires(option, decisions)

    def find_overlay(self, row: Row, message: str) -> None:
        """Add what is wrong with a row of overlays.csv."""
        shown = f"{text_of(row, 'options')}: {text_of(row, 'input_name')}"
        self.findings.append(Finding(OVERLAYS, (line_of(row),), f"{shown}: {message}"))

    def overlays(self, method: Method, decisions: Decisions, rows: Sequence[Row]) -> None:
        """Judge the rows of overlays.csv of a method: names, values, and rows that collide."""
        replaced: dict[str, list[Row]] = {}
        for row in rows:
            if message := self.overlay(method, decisions, row):
                self.find_overlay(row, message)
            else:
                replaced.setdefault(text_of(row, "input_name"), []).append(row)
        for name, its in replaced.items():
            for one, other in itertools.combinations(its, 2):
                both = text_of(one, "options"), text_of(other, "options")
                platforms = {text_of(row, "platform_id") for row in (one, other)} - {""}
                is_of_one = len(platforms) <= 1
                if both[0] != both[1] and is_of_one and _go_together(*both):
                    lines = tuple(sorted((line_of(one), line_of(other))))
                    message = f"{name} has two values where {both[0]} and {both[1]} are taken"
                    remedy = "put both options in one row, or join the decisions"
                    self.findings.append(Finding(OVERLAYS, lines, f"{message}: {remedy}"))
            # an option of several decisions at once leaves the others their base value
            replacing = {text_of(row, "options") for row in its}
            for options in decisions.values():
                if any(option.text in replacing for option in options.values()):
                    for option in options.values():
                        if option.text not in replacing and not option.keeps_base:
                            self.find(
                                option,
                                f"has no value for {name}, which another option replaces: add it "
                                f"to {OVERLAYS} or set keeps_base",
                            )

    def factors(self, method: Method, options: Mapping[str, Option], rows: Sequence[Row]) -> None:
        """Judge the options of the layer coverage: each is one factor on a component."""
        for text, option in options.items():
            its = [row for row in rows if text_of(row, "options") == text]
            if len(its) != 1:
                self.find(option, f"has {len(its)} rows in {OVERLAYS}: write one with its factor")
            if option.is_report or option.keeps_base or option.requires or option.platform_id:
                self.find(
                    option,
                    "an option of coverage is never the report's, keeps no base, requires nothing "
                    "and is of every platform",
                )
        for row in rows:
            if message := self.factor(method, row):
                self.find_overlay(row, message)

    def factor(self, method: Method, row: Row) -> str | None:
        """Return what is wrong with one row of overlays.csv for an option of coverage."""
        name = text_of(row, "input_name")
        if name not in method.components:
            return f"{method.method_id} has no component {did_you_mean(name, method.components)}"
        if text_of(row, "element_id") != SCALAR or text_of(row, "platform_id"):
            return f"a factor is of every platform and of the element {SCALAR!r}"
        if not _is_range_of_factors(row):
            return "low, central and high rise from 0 to 1 at most"
        return _without_provenance(row)

    def overlay(self, method: Method, decisions: Decisions, row: Row) -> str | None:
        """Return what is wrong with one row of overlays.csv."""
        platform_id = text_of(row, "platform_id")
        own = of_platform(decisions, platform_id) if platform_id else decisions
        for part in text_of(row, "options").split():
            if message := _unknown_option(part, own):
                return message
        name, element = text_of(row, "input_name"), text_of(row, "element_id")
        if name not in method.inputs:
            return f"{method.method_id} reads no input {did_you_mean(name, method.inputs)}"
        element_set = method.inputs[name].element_set
        if (element_set == SCALAR) != (element == SCALAR):
            return f"its element is one of {element_set}, not {element!r}"
        return _without_provenance(row)

    def requires(self, option: Option, decisions: Decisions) -> None:
        for decision, names in option.requires.items():
            if decision == option.decision or decision not in decisions:
                known = [name for name in decisions if name != option.decision]
                self.find(option, f"requires no other decision {did_you_mean(decision, known)}")
            else:
                for name in sorted(names - decisions[decision].keys()):
                    near = did_you_mean(name, decisions[decision])
                    self.find(option, f"requires no option of {decision} {near}")

    def scenario(self, row: Row, decisions: Decisions) -> None:
        """The choices of a scenario."""
        text = text_of(row, "choices")
        own = of_platform(decisions, text_of(row, "platform_id"))
        messages = list(_wrong_choices(text, own))
        if not messages and all(any(o.is_report for o in opts.values()) for opts in own.values()):
            messages = list(_not_together(text, own))
        shown = text_of(row, "scenario_id")
        self.findings += [
            Finding(SCENARIOS, (line_of(row),), f"{shown}: {message}") for message in messages
        ]


def _without_provenance(row: Row) -> str | None:
    """Return that a row has a value whose provenance is empty, where it is so."""
    has_value = any(text_of(row, end) for end in ("low", "central", "high"))
    if has_value and not text_of(row, "provenance"):
        return "has a value, whose provenance is empty"
    return None


def _is_range_of_factors(row: Row) -> bool:
    """Whether low, central and high of a row rise within 0 to 1."""
    try:
        low, central, high = (Decimal(text_of(row, end)) for end in ("low", "central", "high"))
    except InvalidOperation:
        return False
    return 0 <= low < central < high <= 1


def _wrong_choices(text: str, decisions: Decisions) -> Iterator[str]:
    """What is wrong with the names of a text of choices."""
    seen: set[str] = set()
    for part in text.split():
        decision, equals, name = part.partition("=")
        if not equals:
            yield f"{part!r}: write decision=option"
        elif decision not in decisions:
            yield f"no decision {did_you_mean(decision, decisions)}"
        elif name not in decisions[decision]:
            yield f"no option of {decision} {did_you_mean(name, decisions[decision])}"
        elif decision in seen:
            yield f"{decision} is decided twice"
        seen.add(decision)


def _not_together(text: str, decisions: Decisions) -> Iterator[str]:
    """What the options that a text of choices takes lack."""
    taken = combination(decisions, text)
    for option in taken.values():
        for decision, names in option.requires.items():
            if decision in taken and taken[decision].name not in names:
                wanted = "|".join(sorted(names))
                yield f"{option.decision}={option.name} requires {decision}={wanted}"


def chosen(decisions: Decisions, text: str) -> dict[str, Option]:
    """The options that a text of choices takes.

    Raises:
        UserError: it names what is not there, or options that do not go together.
    """
    wrong = list(_wrong_choices(text, decisions)) or list(_not_together(text, decisions))
    if wrong:
        raise UserError("; ".join(wrong))
    return combination(decisions, text)


def _unknown_option(text: str, decisions: Decisions) -> str | None:
    """Return what is wrong with `decision=option`; a scenario and a sample have no decision."""
    decision, equals, name = text.partition("=")
    known = [*decisions, SCENARIO, SAMPLE]
    if not equals:
        return f"{text!r}: write decision=option"
    if decision not in known:
        return f"no decision {did_you_mean(decision, known)}"
    if decision in decisions and name not in decisions[decision]:
        return f"no option of {decision} {did_you_mean(name, decisions[decision])}"
    return None


def _go_together(one: str, other: str) -> bool:
    """Return whether two lists of options can both be taken: no decision has two options."""
    taken = {*one.split(), *other.split()}
    return len({option.partition("=")[0] for option in taken}) == len(taken)


def _first(decisions: Decisions) -> Option:
    return next(iter(next(iter(decisions.values())).values()))
