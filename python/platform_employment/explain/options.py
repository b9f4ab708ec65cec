"""What an estimate would be with other options of the decisions that its method leaves open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from platform_employment.errors import UserError, unknown
from platform_employment.explain import scenario
from platform_employment.formatting import DIGITS, computed, table_lines
from platform_employment.settings import pairs
from platform_employment.warehouse import Chain, Row, Warehouse, estimate_line, label


def answer(warehouse: Warehouse, chain: Chain, report: Row | None, options: Sequence[str]) -> Row:
    """The combination with these options next to the one of the scenario, from the marts.

    Args:
        options: texts such as `table=2018`.

    Raises:
        UserError: an option is not there, or there is no such combination.
    """
    (scenario,) = warehouse.rows(
        "select * from marts.dim_scenarios where platform_id = ? and scenario_id = ?",
        chain.platform_id,
        chain.scenario_id,
    )
    known: dict[str, dict[str, Row]] = {}
    for row in warehouse.rows(
        "select * from marts.dim_choices where method_id = ?"
        " and coalesce(platform_id, ?) = ? order by sort_order",
        scenario["method_id"],
        chain.platform_id,
        chain.platform_id,
    ):
        known.setdefault(row["decision_id"], {})[row["option_id"]] = row
    taken = pairs(scenario["choices"] or "")
    wanted = taken | dict(_pair(known, text) for text in options)
    components = warehouse.rows(
        "select * from marts.dim_components where method_id = ? order by sort_order, component_id",
        scenario["method_id"],
    )
    before = _jobs(warehouse, chain, scenario["method_id"], taken, components)
    after = _jobs(warehouse, chain, scenario["method_id"], wanted, components)
    if before is None or after is None:
        shown = taken if before is None else wanted
        raise UserError(_no_combination(warehouse, chain, scenario["method_id"], shown, options))
    return {
        "report": report,
        "estimate": warehouse.estimate(chain),
        "method_id": scenario["method_id"],
        "choices": _text(wanted),
        "chosen": [known[decision][wanted[decision]] for decision in known],
        "moved": sorted(decision for decision in wanted if wanted[decision] != taken[decision]),
        "components": [
            {
                "component_id": row["component_id"],
                "name_zh": row["name_zh"],
                "name_en": row["name_en"],
                "before": before[row["component_id"]],
                "after": after[row["component_id"]],
                "difference": after[row["component_id"]] - before[row["component_id"]],
            }
            for row in components
        ],
    }


def _pair(known: Mapping[str, Mapping[str, Row]], text: str) -> tuple[str, str]:
    """The decision and the option that a text names."""
    decision, equals, option = text.strip().partition("=")
    if not equals:
        raise UserError(f"{text!r}: write decision=option")
    if decision not in known:
        raise unknown("decision", decision, known)
    if option not in known[decision]:
        raise unknown(f"option of {decision}", option, known[decision])
    return decision, option


def _text(taken: Mapping[str, str]) -> str:
    return " ".join(f"{decision}={option}" for decision, option in sorted(taken.items()))


def _jobs(
    warehouse: Warehouse,
    chain: Chain,
    method_id: str,
    taken: Mapping[str, str],
    components: Sequence[Row],
) -> dict[str, Decimal] | None:
    """The jobs of each component of a combination; None where there is no such one."""
    found = {
        row["component_id"]: Decimal(row["jobs_wan_of_combination"])
        for row in warehouse.rows(
            "select component_id, jobs_wan_of_combination from marts.fct_choice_combinations"
            " where platform_id = ? and window_end = ? and method_id = ? and choices = ?",
            chain.platform_id,
            chain.window_end,
            method_id,
            _text(taken),
        )
    }
    if not found:
        return None

    def total(component: str) -> Decimal:
        parts = [c["component_id"] for c in components if c["parent_component_id"] == component]
        return sum(map(total, parts), Decimal()) if parts else found[component]

    return {row["component_id"]: total(row["component_id"]) for row in components}


def _no_combination(
    warehouse: Warehouse,
    chain: Chain,
    method_id: str,
    taken: Mapping[str, str],
    options: Sequence[str],
) -> str:
    """Why a combination is not there: what goes with the options that are named."""
    rows = warehouse.rows(
        "select distinct window_end, choices from marts.fct_choice_combinations"
        " where platform_id = ? and method_id = ? order by window_end",
        chain.platform_id,
        method_id,
    )
    here = [row["choices"].split() for row in rows if row["window_end"] == chain.window_end]
    if not here:
        windows = sorted({str(row["window_end"]) for row in rows})
        known = f"it has them for {', '.join(windows)}" if windows else "it leaves no choice"
        return f"{method_id} has no combinations for {chain.window_end}: {known}"
    fitting = [row for row in here if set(options) <= set(row)]
    if not fitting:
        return f"{' '.join(options)}: these options do not go together"
    goes = {
        decision: sorted(
            {p.partition("=")[2] for row in fitting for p in row if p.startswith(f"{decision}=")}
        )
        for decision in taken
    }
    wanted = [
        f"{decision}={'|'.join(names)}"
        for decision, names in goes.items()
        if taken[decision] not in names
    ]
    if not wanted:
        wanted = sorted(
            {" ".join(sorted(set(row) - set(_text(taken).split()))) for row in fitting}
        )[:3]
    return f"{' '.join(options)} goes with {' '.join(wanted)} alone: choose that too"


def save(
    warehouse: Warehouse,
    chain: Chain,
    found: Row,
    options: Sequence[str],
    folder: Path,
    name: str | None = None,
) -> None:
    """Write the combination as a scenario of own data.

    Raises:
        UserError: the scenario has no place or no new name.
    """
    scenario_id = scenario.new_name(warehouse, chain, folder, name)
    what = f"what if {', '.join(options)}"
    own = dict.fromkeys(("name_zh", "name_en", "description_zh", "description_en"), what)
    own |= {"scenario_id": scenario_id, "choices": found["choices"], "provenance": "assumed"}
    sources = [o["source_id"] for o in found["chosen"] if o["decision_id"] in found["moved"]]
    own |= {"source_id": sources[0]} if sources else {}
    saved = scenario.scenarios_of(warehouse, chain)[chain.scenario_id] | own
    row = {column: saved[column] for column in scenario.COLUMNS}
    scenario.write(folder, {scenario.SCENARIOS: [row]})


def render(found: Row, language: str | None, digits: int | None = DIGITS) -> str:
    """Return the comparison as text; digits: of computed numbers, None for full precision."""
    is_zh = language == "zh"
    lines = []
    for one in found["chosen"]:
        if one["decision_id"] in found["moved"]:
            is_fine = one["is_defensible"]
            words = ("可辩护", "不可辩护") if is_zh else ("can be defended", "cannot be defended")
            lines.append(
                f"{one['decision_id']} = {one['option_id']}: {label(one, 'name', language)}; "
                f"{words[not is_fine]}: {label(one, 'reason', language)}"
            )
    if found["report"]:
        report = found["report"]
        lines.append(f"{label(report, 'title', language)} [{report['report_id']}]")
    lines += [estimate_line(found["estimate"], language), ""]
    header = (
        ("部分", "原值", "新值", "差") if is_zh else ("component", "before", "after", "difference")
    )
    table = [
        header,
        *(
            (
                row["component_id"],
                *(computed(row[n], digits=digits) for n in ("before", "after", "difference")),
            )
            for row in found["components"]
        ),
    ]
    names = ["", *(label(row, "name", language) for row in found["components"])]
    whole = [(*row, name) for row, name in zip(table, names, strict=True)]
    lines += table_lines(whole, right=range(1, len(header)))
    return "\n".join(lines)
