"""The changes to a calculation that the warehouse knows, and the totals that they lead to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from platform_employment.site.rows import Cell, cell_of
from platform_employment.warehouse import Row
from platform_employment.words import BilingualText

if TYPE_CHECKING:
    from platform_employment.site.report import Reader

WAN = Decimal(10_000)


@dataclass(frozen=True)
class Change:
    """One change to the calculation and the total that it leads to; None is an open end."""

    id: str
    kind: str
    label: BilingualText
    note: BilingualText | None
    low: Decimal | None
    high: Decimal | None
    cell: Cell | None = None

    def distance(self, total: Decimal) -> Decimal:
        """The largest distance from the total of the report."""
        return max(abs(end - total) for end in (self.low, self.high) if end is not None)


def changes_of(reader: Reader, report: Row, method: str, layers: Sequence[Row]) -> Iterator[Change]:
    """Return the changes of a report; what its stages count is not among them.

    A stage counts something else, so full-time and net jobs are no change to the same number.
    """
    has_stages = bool(reader.stages.get(report["report_id"]))
    for change in _all_changes(reader, report, method, layers):
        is_all = change.kind == "together" and change.id.startswith("coverage/")
        is_single = change.kind == "definition" and change.id == "coverage/-"
        if not (has_stages and (is_all or is_single)):
            yield change


def _all_changes(
    reader: Reader, report: Row, method: str, layers: Sequence[Row]
) -> Iterator[Change]:
    """The changes that the warehouse has of a total, the ones of each decision included."""
    for layer in layers:
        name = f"{layer['layer']}/{layer['definition_id']}"
        low, high = (
            end if end is None else end * WAN for end in (layer["low_wan"], layer["high_wan"])
        )
        definition = reader.definitions.get((method, layer["definition_id"]))
        if layer["layer"] == "coverage" and not definition:
            single = [n for n in layer["varied_inputs"].split(", ") if n]
            definition = reader.definitions.get((method, single[0])) if len(single) == 1 else None
        if definition:
            yield Change(
                name,
                "definition",
                BilingualText(definition["name_zh"], definition["name_en"]),
                _factor(definition),
                low,
                high,
                _seed_cell(
                    reader,
                    "choices",
                    method_id=method,
                    decision_id=definition["definition_id"],
                ),
            )
        elif layer["layer"] == "choices":
            yield Change(
                name,
                "together",
                BilingualText("只换做法，各项一并改变", "Other methods only, all together"),
                None,
                low,
                high,
                _seed_cell(reader, "choices", method_id=method),
            )
        elif layer["layer"] == "coverage":
            yield Change(
                name,
                "together",
                BilingualText("各项定义一并改变", "All definitions together"),
                None,
                low,
                high,
                _seed_cell(reader, "choices", method_id=method, layer="coverage"),
            )
        elif layer["layer"] == "rounding":
            yield Change(
                name,
                "rounding",
                BilingualText("报告数的取整", "Rounding of the printed numbers"),
                BilingualText(
                    "不含“超过”：下限不是取整", "leaves out lower limits, which are no rounding"
                ),
                low,
                high,
            )
        elif layer["layer"] == "assumptions":
            yield Change(
                name,
                "assumption",
                BilingualText(
                    "分项由假设相加，不以公布合计为约束",
                    "Our assumptions, without the published total",
                ),
                BilingualText("我们的假设之下 95% 的结果", "95% of results under our assumptions"),
                low,
                high,
            )
        elif layer["layer"] == "undisclosed":
            yield Change(
                name,
                "open",
                BilingualText("报告只写了下限", "Only a lower limit in the report"),
                None,
                low,
                high,
            )
    yield from _decisions(reader, report, method)


def _decisions(reader: Reader, report: Row, method: str) -> Iterator[Change]:
    """One decision at a time, with as few others changed as it needs; no synthetic input."""
    if not reader.rows.has("marts.fct_choice_combinations"):
        return
    options = {
        (row["decision_id"], row["option_id"]): row
        for row in reader.rows.read(
            "from marts.dim_choices where method_id = ? order by sort_order", method
        )
    }
    root = next(c for c in reader.components[method] if c["parent_component_id"] is None)
    combinations = [
        (dict(pair.split("=") for pair in row["choices"].split()), row)
        for row in reader.rows.read(
            "select choices, jobs_wan_of_combination, is_report"
            " from marts.fct_choice_combinations"
            " where platform_id = ? and window_end = ? and component_key = ?"
            " and not has_synthetic_input",
            report["platform_id"],
            report["window_end"],
            root["component_key"],
        )
    ]
    taken = next((choices for choices, row in combinations if row["is_report"]), None)
    if taken is None:
        return
    usable = {key for key, row in options.items() if row["is_defensible"] or row["is_report"]}
    valid = [(c, r) for c, r in combinations if usable >= set(c.items())]
    for decision in taken:
        found: list[Decimal] = []
        others: set[str] = set()
        shown: list[str] = []
        changed = [(c, r) for c, r in valid if c[decision] != taken[decision]]
        for option in dict.fromkeys(c[decision] for c, _ in changed):
            rows = [(c, r) for c, r in changed if c[decision] == option]
            number = {id(r): sum(c[k] != taken[k] for k in taken) for c, r in rows}
            least = min(number.values())
            for choices, row in rows:
                if number[id(row)] == least:
                    found.append(row["jobs_wan_of_combination"] * WAN)
                    others |= {k for k in taken if k != decision and choices[k] != taken[k]}
            shown.append(option)
        if not found or (len({*found}) == 1 and not shown):
            continue
        first = options[decision, taken[decision]]
        names = [options[decision, option] for option in shown]
        needed = [options[other, taken[other]] for other in taken if other in others]
        yield Change(
            f"choices/{decision}",
            "decision",
            BilingualText(first["decision_zh"], first["decision_en"])
            if "decision_zh" in first
            else _decision_name(first),
            BilingualText(
                "改为："
                + "；".join(_option_name(n).zh for n in names)
                + (
                    "（同时须改：" + "、".join(_decision_name(n).zh for n in needed) + "）"
                    if needed
                    else ""
                ),
                "instead: "
                + "; ".join(_option_name(n).en.lower() for n in names)
                + (
                    " (needs also: " + ", ".join(_decision_name(n).en.lower() for n in needed) + ")"
                    if needed
                    else ""
                ),
            ),
            min(found),
            max(found),
            cell_of(first),
        )


def _decision_name(row: Row) -> BilingualText:
    for stem in ("decision_name", "decision", "question"):
        if f"{stem}_zh" in row:
            return BilingualText(row[f"{stem}_zh"], row[f"{stem}_en"])
    return BilingualText(row["decision_id"], row["decision_id"])


def _option_name(row: Row) -> BilingualText:
    for stem in ("option_name", "option", "name"):
        if f"{stem}_zh" in row:
            return BilingualText(row[f"{stem}_zh"], row[f"{stem}_en"])
    return BilingualText(row["option_id"], row["option_id"])


def _seed_cell(reader: Reader, seed: str, **key: str) -> Cell | None:
    for row in reader.seeds.get(seed, ()):
        if all(row[name] == value for name, value in key.items()):
            return cell_of(row)
    return None


def _factor(definition: Row) -> BilingualText:
    """The factor of a definition, which is an assumption."""
    low, high = (f"{definition[end].normalize():f}" for end in ("low", "high"))
    return BilingualText(
        f"系数 {low}–{high}，我们的假设", f"a factor of {low} to {high}, our assumption"
    )
