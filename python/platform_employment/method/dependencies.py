"""What each step of a report is calculated from, directly and through other steps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from platform_employment.duckdb_rows import rows_of
from platform_employment.method.methods import reached
from platform_employment.method.tables import Row, Table, table_of

_TYPES = {
    "report_id": "varchar",
    "step_id": "varchar",
    "depends_on_id": "varchar",
    "first_read_at": "bigint",
    "is_direct": "boolean",
    "is_end": "boolean",
    "printed_figure_id": "varchar",
}


def int_verification__dependencies(tables: Mapping[str, Any]) -> Table:
    """One row per report, step or input, and step or input that it is calculated from."""
    steps = tables["int_verification__report_steps"].project(
        "report_id, step_id, operands, evaluation_order"
    )
    printed = tables["int_verification__figures"].filter(
        "link_relation in ('steps', 'disclosures')"
        # what is not in print is not a printed number that others follow from
        " and coalesce(state, '') not in ('not_printed', 'not_found')"
    )
    return dependencies(rows_of(steps), rows_of(printed))


def dependencies(steps: Iterable[Row], printed: Iterable[Row]) -> Table:
    """Follow the operands of every step of every report.

    Args:
        steps: `operands` are names with spaces between, others than steps of the report among them;
            `evaluation_order` is 0 for an input; printed: figures that are in print, with the step
            that they are linked to (`link_name`).

    Returns:
        One row per report, step and name that it depends on, itself among them. `first_read_at`:
        evaluation order of the first step on the way that reads the name, null for the step itself;
        `is_end`: nothing further is followed to find the status of the step, as the name is printed
        (`printed_figure_id`) or has no operands, and a way to it passes no other printed number.
    """
    operands: dict[str, dict[str, list[str]]] = {}
    orders: dict[tuple[str, str], int] = {}
    for row in steps:
        names = operands.setdefault(row["report_id"], {})
        names[row["step_id"]] = (row["operands"] or "").split()
        orders[row["report_id"], row["step_id"]] = row["evaluation_order"]
    figures: dict[str, dict[str, str]] = {}
    for row in sorted(printed, key=lambda row: str(row["figure_id"]), reverse=True):
        figures.setdefault(row["report_id"], {})[row["link_name"]] = row["figure_id"]
    rows: list[tuple[object, ...]] = []
    for report_id, names in operands.items():
        graph = {name: [on for on in its if on in names] for name, its in names.items()}
        in_print = figures.get(report_id, {})
        for name, its in graph.items():
            grounds = reached([name], graph, in_print)
            first_read = _first_reads(name, graph, {n: orders[report_id, n] for n in graph})
            for on in sorted(reached([name], graph)):
                figure = in_print.get(on) if on != name else None
                is_end = on in grounds and (figure is not None or not graph[on])
                is_direct = on in its
                rows.append((report_id, name, on, first_read.get(on), is_direct, is_end, figure))
    return table_of(rows, _TYPES)


def _first_reads(
    name: str, graph: Mapping[str, Iterable[str]], orders: Mapping[str, int]
) -> dict[str, int]:
    """Return the order of the first step that reads a name; an input reads where it is read."""
    first: dict[str, int] = {}
    for reader in sorted(reached([name], graph), key=lambda name: (-orders[name], name)):
        place = orders[reader] or first.get(reader)
        if place is not None:
            first |= {on: min(place, first.get(on, place)) for on in graph[reader]}
    return first
