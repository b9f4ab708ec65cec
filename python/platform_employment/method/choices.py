"""Decisions of a method and their options, read from rows, and all that is wrong with them.

An option sets inputs of its method and settings of the warehouse, `name=value` with a space
between. The value of an input is a number, or `low`, `central` or `high`: that end of the range
which the tables give. A setting says which rows of a table are taken, as in SETTINGS. A scenario
names the options by which it differs from the report, `decision=option` with a space between.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from platform_employment.errors import UserError
from platform_employment.method.formula import ALONE, NAME
from platform_employment.method.methods import Finding, Line, Method, Row, guess, line_of, text_of
from platform_employment.settings import pairs

CHOICES, SCENARIOS = "method/choices.csv", "reference/scenarios.csv"
ENDS = ("low", "central", "high")
# what topic models of the chain, such as int_chain__input_output_inputs, can be asked for
SETTINGS = {
    "coefficient_source": r"published|fitted|estimator",
    "mean_turnover_source": r"implied|sample",
    "estimator": r"[a-z_]+",
    "table_year": r"[0-9]{4}",
    "table_id": r"\S+",
    "ratio_kind": r"use|output|jobs",
    "import_convention": r"as_home_made|domestic|import_shares|all_flows",
    "demand": r"\S+",
    "control_total": r"given|let_go",
}
MOST_DECISIONS = 12
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_OPTION = re.compile(r"[a-z0-9][a-z0-9_]*")


@dataclass(frozen=True, eq=False)
class Option:
    """One way to decide; a row of choices.csv.

    requires: for each other decision that it depends on, the options with which it goes; sets:
    values as written, by the name of an input or a setting; platform_id: empty for every platform;
    provenance: of the numbers that it sets.
    """

    decision: str
    name: str
    is_report: bool
    is_defensible: bool
    requires: Mapping[str, frozenset[str]]
    sets: Mapping[str, str]
    platform_id: str
    provenance: str
    line: Line


Decisions = Mapping[str, Mapping[str, Option]]  # options by decision and name, in their order


def of_platform(decisions: Decisions, platform_id: str) -> dict[str, dict[str, Option]]:
    """The decisions with the options that a platform has."""
    return {
        decision: {n: o for n, o in options.items() if o.platform_id in ("", platform_id)}
        for decision, options in decisions.items()
    }


def combination(decisions: Decisions, text: str) -> dict[str, Option]:
    """The options that a scenario takes: those that it names, the report's in all else."""
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
    rows: Sequence[Row], methods: Mapping[str, Method], scenarios: Sequence[Row] = ()
) -> tuple[dict[str, dict[str, dict[str, Option]]], list[Finding]]:
    """Read the decisions of all methods.

    Args:
        rows: of choices.csv, cells as text, each with the "line" of its file; methods: by
            method_id, those without a finding; scenarios: rows whose `choices` are judged too.

    Returns:
        The decisions by `method_id`, in the order of `sort_order` and lines, and all findings.
    """
    reader = _Reader()
    of_methods: dict[str, dict[str, dict[str, Option]]] = {}
    names: dict[tuple[str, str], tuple[str, str]] = {}
    for row in sorted(rows, key=lambda row: (int(text_of(row, "sort_order") or 0), line_of(row))):
        if method := methods.get(text_of(row, "method_id")):
            option = reader.option(row, method)
            decisions = of_methods.setdefault(method.method_id, {})
            decisions.setdefault(option.decision, {}).setdefault(option.name, option)
            named = text_of(row, "decision_zh"), text_of(row, "decision_en")
            if names.setdefault((method.method_id, option.decision), named) != named:
                reader.find(option, "another name of the decision than in its other rows")
    for method_id, decisions in of_methods.items():
        reader.decisions(methods[method_id], decisions)
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

    def option(self, row: Row, method: Method) -> Option:
        """A row, what it sets judged against the method."""
        requires = pairs(text_of(row, "requires"))
        option = Option(
            text_of(row, "decision_id"),
            text_of(row, "option_id"),
            text_of(row, "is_report") == "true",
            text_of(row, "is_defensible") == "true",
            {decision: frozenset(names.split("|")) for decision, names in requires.items()},
            pairs(text_of(row, "sets")),
            text_of(row, "platform_id"),
            text_of(row, "provenance"),
            line_of(row),
        )
        if not NAME.fullmatch(option.decision) or not _OPTION.fullmatch(option.name):
            self.find(option, "a name is a-z, 0-9 and _")
        if len(text_of(row, "sets").split()) != len(option.sets):
            self.find(option, "sets a name twice")
        for name, value in option.sets.items():
            self.value(option, method, name, value)
        return option

    def value(self, option: Option, method: Method, name: str, value: str) -> None:
        known = method.inputs.get(name)
        if known is None and name in SETTINGS:
            if not re.fullmatch(SETTINGS[name], value):
                self.find(option, f"{name} is one of {SETTINGS[name]}, not {value!r}")
        elif known is None:
            near = guess(name, [*method.inputs, *SETTINGS])
            self.find(option, f"sets no input or setting {near}")
        elif not _NUMBER.fullmatch(value) and value not in ENDS:
            self.find(option, f"{name} is a number or one of {', '.join(ENDS)}, not {value!r}")
        elif value not in ENDS and known.element_set != ALONE:
            self.find(option, f"{name} has a value for each {known.element_set}: set an end of it")
        elif value not in ENDS and not option.provenance:
            self.find(option, f"{name} is set to a number, whose provenance is empty")

    def decisions(self, method: Method, decisions: Decisions) -> None:
        """What the options of a method say together."""
        method_id = method.method_id
        setting: dict[str, str] = {}
        if len(decisions) > MOST_DECISIONS:
            first = _first(decisions)
            self.find(
                first, f"{method_id} has {len(decisions)} decisions, at most {MOST_DECISIONS}"
            )
        for decision, options in decisions.items():
            reports = [option for option in options.values() if option.is_report]
            if len(reports) != 1:
                lines = tuple(sorted(option.line for option in reports or options.values()))
                what = f"{len(reports)} options of {decision} are the report's: one is"
                self.findings.append(Finding(CHOICES, lines, f"{method_id}: {what}"))
            inputs = {name for option in options.values() for name in option.sets}
            inputs &= method.inputs.keys()
            for option in options.values():
                for name in sorted(inputs - option.sets.keys()):
                    self.find(option, f"leaves {name} open, which another option sets")
                for name in option.sets:
                    other = setting.setdefault(name, decision)
                    if other != decision:
                        self.find(option, f"{name} is set by the decision {other} too")
                self.requires(option, decisions)

    def requires(self, option: Option, decisions: Decisions) -> None:
        for decision, names in option.requires.items():
            if decision == option.decision or decision not in decisions:
                known = [name for name in decisions if name != option.decision]
                self.find(option, f"requires no other decision {guess(decision, known)}")
            else:
                for name in sorted(names - decisions[decision].keys()):
                    near = guess(name, decisions[decision])
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


def _wrong_choices(text: str, decisions: Decisions) -> Iterator[str]:
    """What is wrong with the names of a text of choices."""
    seen: set[str] = set()
    for part in text.split():
        decision, equals, name = part.partition("=")
        if not equals:
            yield f"{part!r}: write decision=option"
        elif decision not in decisions:
            yield f"no decision {guess(decision, decisions)}"
        elif name not in decisions[decision]:
            yield f"no option of {decision} {guess(name, decisions[decision])}"
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


def settings(options: Iterable[Option]) -> dict[str, str]:
    """What options set, all together."""
    return {name: value for option in options for name, value in option.sets.items()}


def is_number(value: str) -> bool:
    """Whether an option sets a number and not an end or a code."""
    return _NUMBER.fullmatch(value) is not None


def _first(decisions: Decisions) -> Option:
    return next(iter(next(iter(decisions.values())).values()))
