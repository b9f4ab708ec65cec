"""The metrics of the semantic models, answered from the small database of a release.

Each metric stands once, in models/marts/metrics.yml, where MetricFlow reads it too; dbt keeps
what it made of it in semantic_manifest.json. A metric here is one measure, or the ratio of two
metrics, of one mart.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from platform_employment.errors import UserError
from platform_employment.formatting import shown
from platform_employment.project import find_project
from platform_employment.release.store import DBT_FOLDER, MARTS_FILE, METRICS_FILE, Store
from platform_employment.warehouse import open_warehouse, unknown

_AGGREGATES = {"sum": "sum", "max": "max", "min": "min", "average": "avg"}


@dataclass(frozen=True)
class Measure:
    """SQL of an aggregate over a mart, and by what it can be grouped."""

    table: str
    sql: str
    dimensions: tuple[str, ...]


@dataclass(frozen=True)
class Metric:
    """A metric: its label, what it is, and the measures that it is, or is the ratio of."""

    name: str
    label: str
    description: str
    measures: tuple[Measure, ...]

    @property
    def sql(self) -> str:
        """SQL of its value, of one measure or two."""
        if len(self.measures) == 1:
            return self.measures[0].sql
        above, below = (f"cast({measure.sql} as double)" for measure in self.measures)
        return f"{above} / nullif({below}, 0)"


def read_metrics(file: Path) -> dict[str, Metric]:
    """Read the metrics that dbt wrote down."""
    try:
        manifest = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UserError(
            f"{file}: no metrics here: release again, or name another release"
        ) from None
    measures = {
        measure["name"]: Measure(
            table=f"{model['node_relation']['schema_name']}.{model['node_relation']['alias']}",
            sql=f"{_AGGREGATES[measure['agg']]}({measure['expr'] or measure['name']})",
            dimensions=tuple(dimension["name"] for dimension in model["dimensions"]),
        )
        for model in manifest["semantic_models"]
        for measure in model["measures"]
    }
    entries = {entry["name"]: entry for entry in manifest["metrics"]}
    return {
        name: Metric(
            name,
            entry["label"] or name,
            entry["description"] or "",
            _measures(entry, entries, measures),
        )
        for name, entry in entries.items()
    }


def _measures(
    entry: Mapping[str, Any], entries: Mapping[str, Any], measures: Mapping[str, Measure]
) -> tuple[Measure, ...]:
    parts = entry["type_params"]
    if entry["type"] == "simple":
        return (measures[parts["measure"]["name"]],)
    return tuple(
        measure
        for side in ("numerator", "denominator")
        for measure in _measures(entries[parts[side]["name"]], entries, measures)
    )


def answer(
    database: Path, metric: Metric, by: Sequence[str]
) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Give the columns and rows of a metric, grouped, in the order in which marts have them.

    Raises UserError for what it cannot be grouped by.
    """
    known = metric.measures[0].dimensions
    for name in by:
        if name not in known:
            raise UserError(f"{metric.name} has no {name}; group it by {', '.join(known)}")
    groups = "".join(f"{name}, " for name in by)
    grouped = f" group by {', '.join(by)} order by min(rowid)" if by else ""
    with open_warehouse(database) as warehouse:
        _, rows = warehouse.table(
            f"select {groups}{metric.sql} from {metric.measures[0].table}{grouped}"
        )
    return [*by, metric.name], [row for row in rows if row[-1] is not None]


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    parser = subparsers.add_parser(
        "metrics", help="print a metric of a release, grouped; without a name list them"
    )
    parser.add_argument("name", metavar="NAME", nargs="?", help="metric")
    parser.add_argument(
        "--by", metavar="A,B", default="", help="what to group it by, such as name_zh"
    )
    parser.add_argument("--release", metavar="ID", help="release (default: the current one)")
    for option in ("--project-dir", "--root"):
        parser.add_argument(option, metavar="DIR", type=Path, help="as for release")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    root: Path = arguments.root or find_project(arguments.project_dir)
    store = Store(root.absolute())
    folder = store.folder(store.find(arguments.release))
    metrics = read_metrics(folder / DBT_FOLDER / METRICS_FILE)
    if arguments.name is None:
        for metric in metrics.values():
            print(shown(f"{metric.name}: {metric.label}. {metric.description}"))
        return 0
    if arguments.name not in metrics:
        raise unknown("metric", arguments.name, metrics)
    by = [name for name in arguments.by.split(",") if name]
    columns, rows = answer(folder / MARTS_FILE, metrics[arguments.name], by)
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerows([columns, *rows])
    return 0
