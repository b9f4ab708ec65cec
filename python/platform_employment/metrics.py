"""The command `metrics`: numbers of a release that are right in their groups, or refused.

The metrics, the columns that each may be grouped by and those that a query must fix are rows of
`meta_metrics` in the small database of the release.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from platform_employment.command_help import add_command
from platform_employment.database import quoted
from platform_employment.errors import UserError, unknown
from platform_employment.formatting import DIGITS, plain, safe_text, significant
from platform_employment.project import find_project
from platform_employment.release.measures import Metric
from platform_employment.release.store import MARTS_FILE, Store
from platform_employment.warehouse import Warehouse, open_warehouse

# the comparator of a sum: open above where a part is, and below where a part is
_BOUND = """
    case
        when bool_or(comparator in ('over', 'at_least')) then 'at_least'
        when bool_or(comparator = 'up_to') then 'up_to'
        when bool_or(comparator = 'about') then 'about'
        else 'equal'
    end
"""


def read_metrics(warehouse: Warehouse) -> dict[str, Metric]:
    """Return the metrics of a release by name. Raises UserError where it has no list of them."""
    if not warehouse.has("marts", "meta_metrics"):
        raise UserError("this release has no list of metrics: name another one, or release again")

    def listed(text: str | None) -> tuple[str, ...]:
        return tuple(text.split(", ")) if text else ()

    return {
        row["metric"]: Metric(
            name=row["metric"],
            mart=row["table_name"],
            column=row["column_name"],
            zh=row["label_zh"],
            en=row["label_en"],
            unit=row["unit"],
            dimensions=listed(row["metric_dimensions"]),
            fixed=listed(row["fixed_columns"]),
            default_only=row["is_default_only"],
            expression=row["expression"],
        )
        for row in warehouse.rows("from marts.meta_metrics")
    }


def answer(
    warehouse: Warehouse, metric: Metric, by: Sequence[str], where: Mapping[str, str] | None = None
) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Return the columns and rows of a metric, grouped, in the order of its mart.

    Args:
        by: columns to group by.
        where: a value for each column that is filtered.

    Raises:
        UserError: a column is not one of the metric, or the groups would mix estimates that are
            not to be added up.
    """
    return _grouped(
        warehouse, metric, by, where or {}, f"{metric.expression} as {quoted(metric.name)}"
    )


def bounds(
    warehouse: Warehouse, metric: Metric, by: Sequence[str], where: Mapping[str, str] | None = None
) -> list[str] | None:
    """Return for each row of `answer` whether it is a bound; None for a mart that has no bounds.

    A sum with a part that has no upper end has no upper end either.
    """
    columns = warehouse.rows(
        "select column_name from information_schema.columns"
        " where table_schema = 'marts' and table_name = ?",
        metric.mart,
    )
    if "comparator" not in {row["column_name"] for row in columns} or metric.unit != "counted":
        return None
    _, rows = _grouped(warehouse, metric, by, where or {}, f"{_BOUND}, {metric.expression}")
    return [row[-2] for row in rows]


def _grouped(
    warehouse: Warehouse,
    metric: Metric,
    by: Sequence[str],
    where: Mapping[str, str],
    selected: str,
) -> tuple[list[str], list[tuple[Any, ...]]]:
    for name in (*by, *where):
        if name not in metric.dimensions:
            raise unknown(f"column of {metric.name}", name, metric.dimensions)
    if missing := metric.missing({*by, *where}):
        group = "estimate_key" if "estimate_key" in metric.dimensions else ",".join(missing)
        filters = " ".join(f"--where {name}=VALUE" for name in missing)
        raise UserError(
            f"{metric.name} is not to be added up over {', '.join(missing)}:"
            f" add {group} to --by, or {filters}"
        )
    conditions = [f"{quoted(metric.column)} is not null"]
    conditions += [f"cast({quoted(name)} as varchar) = ?" for name in where]
    conditions += ["is_default"] if metric.default_only else []
    groups = ", ".join(map(quoted, by))
    columns, rows = warehouse.table(
        f"select {groups}{', ' if by else ''}{selected}"
        f" from marts.{quoted(metric.mart)} where {' and '.join(conditions)}"
        + (f" group by {groups} order by min(rowid)" if by else ""),
        *where.values(),
    )
    return columns, [row for row in rows if row[-1] is not None]


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    parser = add_command(
        subparsers,
        "metrics",
        "list the metrics of a release, or print one as csv",
        "Prints a metric as csv. A sum over values that are not additive is refused; the message"
        " names the group or filter that makes it valid.",
        ["metrics", "metrics jobs_by_component --by name_zh"],
    )
    parser.add_argument("name", metavar="NAME", nargs="?", help="metric")
    parser.add_argument(
        "--by", metavar="A,B", default="", help="columns to group by, such as name_zh"
    )
    parser.add_argument(
        "--where",
        metavar="A=VALUE",
        action="append",
        default=[],
        help="only rows with this value; may be repeated",
    )
    parser.add_argument("--full", action="store_true", help="print numbers with all their digits")
    parser.add_argument("--release", metavar="ID", help="release (default: the current one)")
    for option in ("--project-dir", "--root"):
        parser.add_argument(option, metavar="DIR", type=Path, help="as for release")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    root: Path = arguments.root or find_project(arguments.project_dir)
    store = Store(root.absolute())
    with open_warehouse(store.folder(store.find(arguments.release)) / MARTS_FILE) as warehouse:
        metrics = read_metrics(warehouse)
        if arguments.name is None:
            for metric in metrics.values():
                fixed = f" Fix {', '.join(metric.fixed)}." if metric.fixed else ""
                dimensions = ", ".join(metric.dimensions)
                print(safe_text(f"{metric.name}: {metric.label}. By {dimensions}.{fixed}"))
            return 0
        if arguments.name not in metrics:
            raise unknown("metric", arguments.name, metrics)
        filters = dict(text.partition("=")[::2] for text in arguments.where)
        by = [name for name in arguments.by.split(",") if name]
        metric = metrics[arguments.name]
        columns, rows = answer(warehouse, metric, by, filters)
        comparators = bounds(warehouse, metric, by, filters)
    digits = None if arguments.full else DIGITS
    rows = [(*row[:-1], _number(row[-1], digits)) for row in rows]
    if comparators is not None:
        columns = [*columns, "comparator"]
        rows = [(*row, bound) for row, bound in zip(rows, comparators, strict=True)]
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerows([columns, *rows])
    return 0


def _number(value: Decimal | float, digits: int | None) -> str:
    """Return a number of a metric with three significant digits, or with all of them."""
    return plain(significant(Decimal(str(value)), digits))
