"""Where a number comes from: formula, inputs, cells, source, place, status, findings."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from platform_employment.command_help import add_command
from platform_employment.errors import UnknownNameError, UserError, did_you_mean, unknown
from platform_employment.explain.calculations import shortened
from platform_employment.formatting import (
    DIGITS,
    between,
    computed,
    day_of_reading,
    plain,
    quoted,
)
from platform_employment.method.formula import SCALAR
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
from platform_employment.words import COMPARATORS, SEVERITIES, in_languages

_PRINTED_VALUE = re.compile(r"-?\d[\d,]*(\.\d+)?\s*[%万]?")
_NEAREST = 5
_NAME = re.compile(r"[a-z][a-z0-9_]*")
# names in a key of a mart: a component, an estimate, a step of an estimate and its element
_COMPONENT, _ESTIMATE, _STEP = 2, 3, (4, 5)

_FIGURES = """
    select figures.*, statuses.name_zh as status_zh, statuses.name_en as status_en,
        statuses.definition_zh, statuses.definition_en
    from audit.aud_figure_reconciliation as figures
    inner join marts.dim_verification_statuses as statuses using (verification_status)
    where figures.report_id = ?
"""
_STEPS = f"""
    with steps as (select * from marts.fct_steps where {IS_CHAIN})
    select
        steps.step_id, steps.element_id, steps.is_input, steps.is_overridden, steps.component_id,
        known_inputs.role, known_inputs.element_set,
        steps.method_id, coalesce(known_steps.name_zh, known_inputs.name_zh) as name_zh,
        coalesce(known_steps.name_en, known_inputs.name_en) as name_en,
        -- an input without a line is built from several
        case
            when steps.is_input and inputs.seed_line is null then inputs.reference
            else steps.formula
        end as formula,
        steps.calculation, steps.value, inputs.low, inputs.high, steps.unit,
        units.name_zh as unit_zh, units.name_en as unit_en, steps.weakest_provenance,
        kinds.name_zh as provenance_zh, kinds.name_en as provenance_en,
        inputs.is_carried_forward, steps.seed, steps.seed_line, steps.source_id,
        known_steps.seed as formula_seed, known_steps.seed_line as formula_line
    from steps
    left join marts.dim_steps as known_steps
        on steps.method_id = known_steps.method_id and steps.step_id = known_steps.step_id
    left join marts.dim_inputs as known_inputs on steps.step_id = known_inputs.input_name
    left join marts.dim_units as units on steps.unit = units.unit
    left join marts.dim_provenance_kinds as kinds
        on steps.weakest_provenance = kinds.provenance
    left join audit.aud_inputs as inputs
        on steps.platform_id = inputs.platform_id and steps.window_end = inputs.window_end
        and steps.scenario_id = inputs.scenario_id and steps.step_id = inputs.input_name
        and steps.element_id = inputs.element_id
    order by steps.element_id
"""
# a disclosure is no step: it is in the traces of what is built from several
_DISCLOSURES = """
    select distinct
        traces.step_id, traces.element_id, true as is_input, null as component_id,
        traces.name_zh, traces.name_en, null as formula, null as calculation,
        traces.value, traces.unit, units.name_zh as unit_zh, units.name_en as unit_en,
        traces.weakest_provenance, kinds.name_zh as provenance_zh,
        kinds.name_en as provenance_en, traces.seed, traces.seed_line, traces.source_id
    from audit.aud_traces as traces
    inner join marts.dim_reports as reports using (report_id)
    left join marts.dim_units as units on traces.unit = units.unit
    left join marts.dim_provenance_kinds as kinds
        on traces.weakest_provenance = kinds.provenance
    where reports.platform_id = ? and traces.formula is null
"""
_LIMITS = f"""
    select layer, interval_method, limit_type, is_bounded, low_wan, high_wan, varied_inputs
    from marts.fct_uncertainty
    where {IS_CHAIN} and component_id = ? and definition_id = '-'
        and (low_wan is not null or high_wan is not null)
    order by layer != 'rounding', layer, interval_method
"""
_WORDS = {
    "report": "报告",
    "estimate": "估算",
    "place": "位置",
    "wording": "原文",
    "printed": "所载",
    "this build": "本次计算",
    "outside": "外部数据",
    "verification status": "核验情况",
    "note": "备注",
    "limits": "界限",
    "how it is calculated": "由来",
    "findings": "发现",
    "sources": "出处",
}
UNREAD = {
    "wording_zh": "未能读到：数字由下列出处转述",
    "wording_en": "could not be read: the source below tells of the number",
}


class Asked(NamedTuple):
    """What a question is about: a figure of a report, a step of an estimate, or both."""

    report: Row | None
    figure: Row | None = None
    chain: Chain | None = None
    step_id: str = ""
    element_id: str = SCALAR


def answer(
    warehouse: Warehouse,
    question: str,
    report_id: str | None = None,
    scenario_id: str | None = None,
    window: str | None = None,
) -> Row:
    """All that the tables state of a figure, a step, an input or a key.

    Args:
        question: a figure of the ledger; a step or an input, optionally with `.element`; a GMV
            disclosure; a key of the marts, which is `method/component`, the key of an estimate
            `platform/window/scenario` for its total, or that with `/step` and optionally
            `/element`.
        report_id: the report, or the default one; scenario_id, window: another estimate.

    Returns:
        `question`, `report`, `figure`, `estimate`, `steps` from the cells to the number, `limits`
        and `findings`; a missing part is `None` or empty.

    Raises:
        UserError: there is no such thing.
    """
    asked = _asked(warehouse, question, report_id, scenario_id, window)
    steps = _steps(warehouse, asked)
    component = steps[-1]["component_id"] if steps else None
    sources = {row["source_id"]: row for row in warehouse.rows("select * from marts.dim_sources")}
    return {
        "question": question,
        "report": asked.report,
        "figure": asked.figure
        and asked.figure
        | {"source": sources[asked.figure["source_id"]]}
        | ({} if asked.figure["quotation"] else UNREAD),
        "estimate": asked.chain and warehouse.estimate(asked.chain),
        "steps": [step | {"source": sources.get(step["source_id"])} for step in steps],
        "limits": warehouse.rows(_LIMITS, *asked.chain, component)
        if asked.chain and component
        else [],
        "findings": _findings(warehouse, asked),
    }


def _asked(
    warehouse: Warehouse,
    question: str,
    report_id: str | None,
    scenario_id: str | None,
    window: str | None,
) -> Asked:
    key = question.split("/")
    if len(key) in (_ESTIMATE, *_STEP):
        wanted = dict(zip(("platform_id", "window_end", "scenario_id"), key, strict=False))
        chain = warehouse.chain(wanted, None, None)
        step = key[_ESTIMATE:] or [_total(warehouse, chain)]
        return _asked_step(warehouse, Asked(None, None, chain, *step), ())
    if _PRINTED_VALUE.fullmatch(question):
        report_id, question = _figure_of_value(warehouse, question, report_id)
    report = warehouse.report(report_id)
    figures = _figures(warehouse, report)
    if report_id is None and question in _report_ids(warehouse):
        report = warehouse.report(question)
        chain = warehouse.chain(report, scenario_id, window)
        return Asked(report, None, chain, _total(warehouse, chain))
    if report_id is None and question not in figures:
        others = warehouse.rows(
            "select report_id, title_en from audit.aud_figure_reconciliation"
            " inner join marts.dim_reports using (report_id)"
            " where figure_id = ? order by report_id",
            question,
        )
        if len(others) > 1:
            raise UserError(
                f"{question} is a figure of {len(others)} reports. Choose one with --report: "
                + "; ".join(f"{row['report_id']} ({row['title_en']})" for row in others)
            )
        if others:
            report = warehouse.report(others[0]["report_id"])
            figures = _figures(warehouse, report)
    figure = figures.get(question)
    if figure is None:
        chain = warehouse.chain(report, scenario_id, window)
        name, _, element = _step_of(warehouse, chain, question).partition(".")
        asked = Asked(report, None, chain, name, element or SCALAR)
        return _asked_step(warehouse, asked, figures)
    if scenario_id or window:
        advice = f": ask for its step {figure['name']}" if figure["relation"] == "steps" else ""
        raise UserError(f"{question} is of its report's own scenario and window{advice}")
    if figure["relation"] not in ("steps", "disclosures"):
        return Asked(report, figure)
    chain = warehouse.chain(report, None, None)
    return Asked(report, figure, chain, figure["name"], figure["element_id"])


def _report_ids(warehouse: Warehouse) -> set[str]:
    return {row["report_id"] for row in warehouse.rows("select report_id from marts.dim_reports")}


def _figure_of_value(warehouse: Warehouse, question: str, report_id: str | None) -> tuple[str, str]:
    """Return report and figure that print a value such as `3463`, `3,463` or `3463万`.

    The default report counts first. A repeated figure is found at its first place.

    Raises:
        UserError: no report prints the value, or several figures have it.
    """
    value = Decimal(re.sub(r"[^\d.-]", "", question))
    rows = warehouse.rows(
        "select figures.*, reports.title_en, reports.is_default"
        " from audit.aud_figure_reconciliation as figures"
        " inner join marts.dim_reports as reports using (report_id)"
        " where figures.figure_id = figures.number_id and report_id = coalesce(?, report_id)"
        " order by abs(published_value - ?), reports.sort_order, figure_id",
        report_id,
        value,
    )
    found = [row for row in rows if row["published_value"] == value]
    found = [row for row in found if row["is_default"]] or found
    if not found:
        near = list(dict.fromkeys(plain(row["published_value"]) for row in rows))
        raise UnknownNameError(
            f"no figure prints {quoted(question)}. Nearest: {', '.join(near[:_NEAREST])}"
        )
    if len(found) > 1:
        raise UserError(
            f"{question} is printed for {len(found)} figures. Explain one of them: "
            + "; ".join(
                f"{row['figure_id']} --report {row['report_id']} ({row['subject_en']})"
                for row in found
            )
        )
    return found[0]["report_id"], found[0]["figure_id"]


def _figures(warehouse: Warehouse, report: Row | None) -> dict[str, Row]:
    rows = warehouse.rows(_FIGURES, report["report_id"]) if report else []
    return {row["figure_id"]: row for row in rows}


def _step_of(warehouse: Warehouse, chain: Chain, question: str) -> str:
    """The step of a key `method/component`; another question as it is."""
    if question.count("/") + 1 != _COMPONENT:
        return question
    components = {
        f"{row['method_id']}/{row['component_id']}": row["component_id"]
        for row in warehouse.rows(
            f"select distinct method_id, component_id from marts.fct_steps where {IS_CHAIN}"
            " and component_id is not null",
            *chain,
        )
    }
    if question not in components:
        raise unknown("component", question, components)
    return str(components[question])


def _total(warehouse: Warehouse, chain: Chain) -> str:
    """Return the step that is the total of an estimate."""
    ((total,),) = (
        row.values()
        for row in warehouse.rows(
            "select component_id from marts.dim_components join marts.dim_estimates using"
            " (method_id) where estimate_key = ? and parent_component_id is null",
            chain.key,
        )
    )
    return str(total)


def _asked_step(warehouse: Warehouse, asked: Asked, figures: Iterable[str]) -> Asked:
    """The question, if there is such a step, input or disclosure with such an element."""
    assert asked.chain is not None  # a step is one of an estimate
    elements: dict[str, set[str]] = {}
    for row in [
        *warehouse.rows(
            f"select step_id, element_id from marts.fct_steps where {IS_CHAIN}", *asked.chain
        ),
        *warehouse.rows(_DISCLOSURES, asked.chain.platform_id),
    ]:
        elements.setdefault(row["step_id"], set()).add(row["element_id"])
    if asked.step_id not in elements:
        known = sorted({*elements, *figures})
        raise unknown("figure, step or input", asked.step_id, known)
    known = sorted(elements[asked.step_id] - {SCALAR})
    if asked.element_id not in {SCALAR, *known}:
        raise UserError(f"{asked.step_id} has no element {did_you_mean(asked.element_id, known)}")
    return asked


def _steps(warehouse: Warehouse, asked: Asked) -> list[Row]:
    """The steps that lead to what is asked, each after what it reads."""
    if asked.chain is None:
        return []
    disclosures: dict[str, list[Row]] = {}
    for row in warehouse.rows(_DISCLOSURES, asked.chain.platform_id):
        disclosures.setdefault(row["step_id"], []).append(row)
    steps: dict[str, list[Row]] = {}
    for row in warehouse.rows(_STEPS, *asked.chain):
        steps.setdefault(row["step_id"], []).append(row)
    found = list(_leading(asked.step_id, asked.element_id, disclosures | steps, set()))
    return found + _mean_share(asked, found, steps)


def _mean_share(asked: Asked, shares: list[Row], steps: Mapping[str, list[Row]]) -> list[Row]:
    """What a figure of all is built from where each kind of creators has a separate share."""
    share = shares[-1]
    is_mean = asked.figure and asked.element_id == SCALAR != share["element_id"]
    if not is_mean or share["role"] != "share":
        return []
    for name, creators in steps.items():
        of = creators[0]
        if of["is_input"] and (of["role"], of["element_set"]) == ("creators", share["element_set"]):
            weights = {row["element_id"]: row["value"] for row in creators}
            parts = [(row["value"], weights[row["element_id"]]) for row in shares]
            total = sum(weights.values())
            added = " + ".join(f"{plain(value)} * {plain(weight)}" for value, weight in parts)
            mean = {
                "step_id": asked.figure["figure_id"] if asked.figure else "",
                "element_id": SCALAR,
                "component_id": None,
                "formula": f"sum({share['step_id']} * {name}) / sum({name})",
                "calculation": f"({added}) / {plain(total)}",
                "value": sum(value * weight for value, weight in parts) / total,
                "seed": None,
                "seed_line": None,
                "source_id": None,
            }
            kept = {c: share[c] for c in share if c.startswith(("unit", "name", "provenance"))}
            mean["weakest_provenance"] = share["weakest_provenance"]
            return [*creators, mean | kept]
    return []


def _leading(
    name: str, element: str, rows: Mapping[str, list[Row]], seen: set[str]
) -> Iterator[Row]:
    seen.add(name)
    for operand in _NAME.findall(rows[name][0]["formula"] or ""):
        if operand in rows and operand not in seen:
            yield from _leading(operand, element, rows, seen)
    for row in rows[name]:
        if element in (SCALAR, row["element_id"]) or row["element_id"] == SCALAR:
            yield row


def _findings(warehouse: Warehouse, asked: Asked) -> list[Row]:
    """What is found about the figure and about those that are linked to its step."""
    report = asked.report
    own = report and (report["platform_id"], report["window_end"], report["scenario_id"])
    if report is None or asked.chain not in (None, own):
        return []
    linked = warehouse.rows(
        "select figure_id from audit.aud_figure_reconciliation where report_id = ? and name = ?",
        report["report_id"],
        asked.step_id,
    )
    touched = {row["figure_id"] for row in linked}
    if asked.figure:
        touched.add(asked.figure["figure_id"])
    return [
        row
        for row in warehouse.rows(
            "select * from audit.aud_method_findings where report_id = ? order by sort_order",
            report["report_id"],
        )
        if touched.intersection((row["affected_figure_ids"] or "").split())
    ]


def render(found: Row, language: str | None, digits: int | None = DIGITS) -> str:
    """The answer as text for a terminal; digits: of computed numbers, None for all."""
    figure, report, estimate = found["figure"] or {}, found["report"], found["estimate"]
    steps = found["steps"]

    def caption(text: str) -> str:
        return _WORDS[text] if language == "zh" else text

    def line(text: str, *parts: str) -> str:
        return f"{caption(text)}: " + "; ".join(part for part in parts if part)

    subject = label(figure, "subject", language) or label(steps[-1], "name", language)
    lines = [f"{found['question']}  {subject}"]
    if report:
        lines.append(line("report", f"{label(report, 'title', language)} [{report['report_id']}]"))
    if estimate:
        lines.append(line("estimate", estimate_line(estimate, language)))
    if figure:
        lines += [line(*parts) for parts in _of_figure(figure, language, digits)]
    # rounding alone is no range of a number
    if any(row["layer"] != "rounding" for row in found["limits"]):
        lines.append(line("limits", *(_limit(row, digits) for row in found["limits"])))
    if steps:
        lines += ["", caption("how it is calculated"), *_written(steps, language, digits)]
    if found["findings"]:
        lines += ["", caption("findings")]
        for row in found["findings"]:
            title, statement = label(row, "title", language), label(row, "statement", language)
            severity = SEVERITIES[row["severity"]].of(language or "en")
            lines.append(f"  {severity}: {title}: {statement}")
    sources = {row["source_id"]: row["source"] for row in [figure, *steps] if row.get("source")}
    lines += ["", caption("sources")]
    for name, source in sources.items():
        read = label(day_of_reading(source), "read", language)
        parts = (label(source, "title", language), source["url"], read and f"({read})")
        lines.append(f"  {name}: {' '.join(part for part in parts if part)}")
    return "\n".join(lines)


def _limit(row: Row, digits: int | None) -> str:
    """Return a layer with its ends; with half their width where they print alike."""
    return f"{row['layer']} {between(row['low_wan'], row['high_wan'], digits)}"


def _of_figure(figure: Row, language: str | None, digits: int | None) -> Iterator[tuple[str, ...]]:
    """What the ledger says of a figure: a label and texts after it."""
    place = f"{figure['chapter']}, {figure['section']}" if figure["chapter"] else ""
    yield "place", place, figure["location"], figure["period"] or ""
    yield (
        "wording",
        f"“{figure['quotation']}”" if figure["quotation"] else label(UNREAD, "wording", language),
    )
    word = in_languages(COMPARATORS.get(figure["comparator"]), language)
    values = [figure["published_value"], figure["published_value_upper"]]
    printed = " – ".join(plain(value) for value in values if value is not None)
    yield "printed", f"{word} {printed} {unit_of(figure, language)}".strip()
    if figure["warehouse_value"] is not None:
        reason = label(figure, "tolerance_reason", language)
        yield (
            "this build",
            f"{computed(figure['warehouse_value'], figure['published_value'], digits)}"
            f" {unit_of(figure, language)}",
            f"{computed(figure['difference'], digits=digits)}"
            f" (± {plain(figure['tolerance'])}: {reason})",
            f"{figure['relation']} {figure['name']}",
        )
    if figure["outside_value"] is not None:
        yield (
            "outside",
            f"{computed(figure['outside_value'], figure['published_value'], digits)}"
            f" {unit_of(figure, language)}",
            f"± {plain(figure['outside_half_width'])}",
        )
    status = f"{label(figure, 'status', language)}: {label(figure, 'definition', language)}"
    repeated = figure["restates_figure_id"] or ""
    yield "verification status", status, repeated, label(figure, "reason", language)
    if figure["note"]:
        yield "note", figure["note"]


def _written(steps: list[Row], language: str | None, digits: int | None) -> Iterator[str]:
    """Each step: its formula, the values substituted, its value, and where it stands."""
    before = None
    for row in steps:
        name = row["step_id"] + ("" if row["element_id"] == SCALAR else f".{row['element_id']}")
        place = (
            f"  [{row['formula_seed']}:{row['formula_line']}]" if row.get("formula_seed") else ""
        )
        texts = [f"{row['formula']}{place}"] if row["formula"] else []
        if row["step_id"] == before:
            texts = []
        if row["calculation"] not in (None, row["formula"]):
            texts.append(shortened(row["calculation"], digits))
        parts = [label(row, "provenance", language)]
        if row.get("low") is not None and row.get("high") is not None:
            parts.append(" – ".join(plain(Decimal(repr(row[end]))) for end in ("low", "high")))
        if row.get("is_carried_forward"):
            parts.append("沿用" if language == "zh" else "carried forward")
        parts.append(f"{row['seed']}:{row['seed_line']}" if row["seed_line"] else row["seed"] or "")
        parts.append(row["source_id"] or "")
        unit = unit_of(row, language)
        # an input is as printed
        value = (
            plain(row["value"]) if row.get("is_input") else computed(row["value"], digits=digits)
        )
        texts.append(f"{value} {unit}  {'; '.join(filter(None, parts))}")
        for text in texts:
            yield f"  {name} = {text}"
            name = " " * len(name)
        before = row["step_id"]


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `explain`."""
    parser = add_command(
        subparsers,
        "explain",
        "show how a number is calculated, down to csv cells",
        "Prints the formula of a number with the values substituted, the csv cells and sources of"
        " its inputs, its place in the report, its verification status and the findings on it.",
        [
            "explain 3463",
            "explain ch2_total_jobs --lang en",
            "explain merchants --window 2021q3",
            "explain tier_creators.over_10m",
            "explain kuaishou/2024-12-31/report",
        ],
    )
    parser.add_argument(
        "question",
        metavar="NUMBER",
        help="a printed value; a figure of a report; a report; a step or input, optionally with"
        " .element; method/component; platform/window/scenario, optionally with /step",
    )
    parser.add_argument(
        "--full", action="store_true", help="print computed numbers with all their digits"
    )
    add_arguments(parser)
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    with asked_warehouse(arguments) as warehouse:
        found = answer(
            warehouse, arguments.question, arguments.report, arguments.scenario, arguments.window
        )
    if arguments.json:
        print(json.dumps(found, ensure_ascii=False, indent=2, default=as_json))
    else:
        print(render(found, arguments.lang, None if arguments.full else DIGITS))
    return 0
