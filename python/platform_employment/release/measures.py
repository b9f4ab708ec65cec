"""The metrics of the marts, and whether what a tool adds up by itself is right.

Each metric is a column of metrics.csv with the rule of its dictionary entry. The rule says over
which columns of the key a column may be summed. The other columns of the key are `fixed`: a query
must group by them or filter them to one value. From these rows come the table `meta_metrics` of a
release, the command `metrics`, the file of MetricFlow and the datasets of Superset.

A release checks the sums that its marts claim. An additive column, summed over its table without
any filter, is the figure that it names; a semi-additive one is that for each row of the table that
it names, summed over the columns of the key that it allows. What never adds up says so in its
comment.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from platform_employment.database import connect, quoted, quoted_table
from platform_employment.dbt.artifacts import read_artifacts
from platform_employment.project import DATABASE_VARIABLE, DEFAULT_DATABASE, find_project
from platform_employment.release.dictionary import (
    ADDITIVE,
    SEMI_ADDITIVE,
    Described,
    Entry,
    read_dictionary,
)
from platform_employment.release.store import ReleaseError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

METRICS_CSV = Path(__file__).with_name("metrics.csv")
_DEFAULT_REPORT = "Default report"
# what one column fixes in addition to itself
_FIXES = {
    "estimate_key": {"platform_id", "window_end", "scenario_id"},
    "scenario_key": {"platform_id", "scenario_id"},
    "window_key": {"platform_id", "window_end"},
    "component_key": {"component_id"},
}
METRICS_YML = "models/marts/metrics.yml"
_TIMES = ("window_end", "period_end")
_HEAD = """\
# Written by `python -m platform_employment.release.measures` from release/metrics.csv and the rules
# of what may be summed. Do not edit; a test compares it.
"""
_ESTIMATE = ("platform_id", "window_end", "scenario_id")
# half the last place that a share is written with, for each row
_ROUNDING = 0.0000005
_HALF_WIDTH = "half_width_yi_yuan"


@dataclass(frozen=True)
class Metric:
    """A number that a tool may show: a column of a mart, and what a query must fix.

    fixed: columns of the key that must have one value in each group; default_only: only rows of
    the default report count; expression: SQL of the number in a group, NULL where the group does
    not fix enough.
    """

    name: str
    mart: str
    column: str
    zh: str
    en: str
    unit: str
    dimensions: tuple[str, ...]
    fixed: tuple[str, ...]
    default_only: bool
    expression: str

    @property
    def label(self) -> str:
        """Return the label in both languages."""
        return f"{self.zh} · {self.en}"

    def missing(self, settled: Collection[str]) -> list[str]:
        """Return the fixed columns that a query with these groups and filters leaves open."""
        known = set(settled).union(*(_FIXES.get(name, set()) for name in settled))
        return [name for name in self.fixed if name not in known]


def read_metrics(tables: Sequence[Described]) -> list[Metric]:
    """Return the metrics whose marts are among the tables, in the order of metrics.csv."""
    marts = {table.name: table for table in tables}
    with METRICS_CSV.open(encoding="utf-8", newline="") as file:
        return [
            metric
            for row in csv.DictReader(file)
            if row["mart"] in marts
            and any(column.name == row["column"] for column in marts[row["mart"]].columns)
            for metric in _metrics(row, marts[row["mart"]])
        ]


def _metrics(row: dict[str, str], mart: Described) -> Iterator[Metric]:
    entry = mart.column(row["column"])
    has_flag = any(column.name == "is_default" for column in mart.columns)
    default_only = row["scope_en"] == _DEFAULT_REPORT and has_flag
    is_additive = entry.additivity == ADDITIVE or default_only
    fixed = () if is_additive else tuple(k for k in mart.key if k not in entry.additive_over)
    yield Metric(
        name=row["name"],
        mart=mart.name,
        column=entry.name,
        zh=f"{row['scope_zh']}：{_with_unit(entry, entry.zh, entry.unit_zh, '（{}）')}",
        en=f"{row['scope_en']}: {_with_unit(entry, entry.en, entry.unit_en, ' ({})')}",
        unit=entry.unit,
        dimensions=tuple(row["dimensions"].split()),
        fixed=fixed,
        default_only=default_only,
        expression=_expression(entry, fixed, default_only),
    )


def counted_key(metric: Metric) -> str:
    """Return SQL of what must be one in a group: the fixed columns of rows with a value."""
    return _counted_key(metric.column, metric.fixed)


def _counted_key(column: str, fixed: Sequence[str]) -> str:
    parts = ["estimate_key"] if set(_ESTIMATE) <= set(fixed) else []
    parts += [name for name in fixed if not parts or name not in _ESTIMATE]
    key = parts[0] if len(parts) == 1 else " || '/' || ".join(parts)
    return f"case when {column} is not null then {key} end"


def _expression(entry: Entry, fixed: Sequence[str], default_only: bool) -> str:
    column = f"case when is_default then {entry.name} end" if default_only else entry.name
    if not fixed:
        return f"sum({column})"
    # a column that never adds up has one row for each value of the key
    function = "sum" if entry.additive_over else "max"
    key = _counted_key(entry.name, fixed)
    return f"case when count(distinct {key}) = 1 then {function}({column}) end"


def _with_unit(entry: Entry, label: str, unit: str, form: str) -> str:
    return label + (form.format(unit) if entry.unit in {"counted", "yi_yuan"} else "")


def semantic_models(metrics: Sequence[Metric]) -> str:
    """Return the file of MetricFlow for the metrics, in the spec with `semantic_models:`.

    MetricFlow cannot refuse a group, so a metric that fixes columns is derived: the highest value
    of the group where the group has one, else nothing. A metric that is summed within fixed
    columns would need a sum that is wrong elsewhere, and is left out.
    """
    kept = [metric for metric in metrics if "sum(" not in metric.expression or not metric.fixed]
    models, entries = [], []
    for mart in dict.fromkeys(metric.mart for metric in kept):
        mine = [metric for metric in kept if metric.mart == mart]
        names = dict.fromkeys(name for metric in mine for name in metric.dimensions)
        dimensions = [
            {"name": name, "type": "time", "type_params": {"time_granularity": "day"}}
            if name in _TIMES
            else {"name": name, "type": "categorical"}
            for name in names
        ]
        measures = [measure for metric in mine for measure in _measures(metric)]
        models.append(
            {
                "name": mart,
                "description": f"The metrics of {mart}.",
                "model": f"ref('{mart}')",
                "defaults": {"agg_time_dimension": next(n for n in names if n in _TIMES)},
                "primary_entity": f"{mart}_row",
                "dimensions": dimensions,
                "measures": measures,
            }
        )
        entries += [entry for metric in mine for entry in _entries(metric)]
    text = yaml.safe_dump(
        {"semantic_models": models, "metrics": entries},
        allow_unicode=True,
        sort_keys=False,
        width=110,
    )
    return f"{_HEAD}{text}"


def _measures(metric: Metric) -> Iterator[dict[str, str]]:
    if not metric.fixed:
        inner = metric.expression.removeprefix("sum(").removesuffix(")")
        yield {"name": f"{metric.name}_measure", "agg": "sum", "expr": inner}
        return
    yield {"name": f"{metric.name}_highest_measure", "agg": "max", "expr": metric.column}
    yield {
        "name": f"{metric.name}_count_measure",
        "agg": "count_distinct",
        "expr": counted_key(metric),
    }


def _entries(metric: Metric) -> Iterator[dict[str, Any]]:
    if not metric.fixed:
        yield {
            "name": metric.name,
            "label": metric.label,
            "description": "Right in any group.",
            "type": "simple",
            "type_params": {"measure": f"{metric.name}_measure"},
        }
        return
    fixed = ", ".join(metric.fixed)
    yield {
        "name": metric.name,
        "label": metric.label,
        "description": f"Group by {fixed}; nothing where a group has more than one.",
        "type": "derived",
        "type_params": {
            "expr": f"case when {metric.name}_count = 1 then {metric.name}_highest end",
            "metrics": [{"name": f"{metric.name}_count"}, {"name": f"{metric.name}_highest"}],
        },
    }
    for ending, zh, en in (("highest", "最高", "highest"), ("count", "个数", "number of values")):
        yield {
            "name": f"{metric.name}_{ending}",
            "label": f"{metric.zh}，{zh} · {metric.en}, {en}",
            "description": f"The {en} in a group.",
            "type": "simple",
            "type_params": {"measure": f"{metric.name}_{ending}_measure"},
        }


def check_sums(connection: DuckDBPyConnection, tables: Sequence[Described]) -> None:
    """Stop a release in whose small database a sum is not the figure that it should be."""
    findings = list(sum_findings(connection, tables))
    if findings:
        raise ReleaseError(f"{findings[0]}; nothing was published: {len(findings)} sums are wrong")


def sum_findings(connection: DuckDBPyConnection, tables: Sequence[Described]) -> Iterator[str]:
    """Return a line for each sum that is wrong."""
    named = {table.name: table for table in tables}
    for table in tables:
        for column in table.columns:
            if column.additivity == ADDITIVE:
                yield from _additive(connection, table, column, named)
            elif column.additivity == SEMI_ADDITIVE:
                yield from _semi_additive(connection, table, column, named)


def _additive(
    connection: DuckDBPyConnection, table: Described, column: Entry, named: dict[str, Described]
) -> Iterator[str]:
    (rows, found) = connection.execute(
        f"select count(*), sum({quoted(column.name)}) from {quoted_table(table.table)}"
    ).fetchall()[0]
    if not rows:
        return  # no report is shown
    target, point, total = column.adds_up_to.partition(".")
    if point:
        query = f"select {quoted(total)} from {quoted_table(named[target].table)} where is_default"
        ((wanted,),) = connection.execute(query).fetchall()
        is_right = found == wanted
    else:
        wanted = target
        is_right = abs(float(found) - float(wanted)) <= rows * _ROUNDING
    if not is_right:
        yield f"{table.table}: {column.name} adds up to {found}, not to {wanted}"


def _semi_additive(
    connection: DuckDBPyConnection, table: Described, column: Entry, named: dict[str, Described]
) -> Iterator[str]:
    target, _, total = column.adds_up_to.partition(".")
    whole = named[target]
    own = {entry.name for entry in table.columns}
    kept = [key for key in whole.key if key in own]
    on = [f"t.{quoted(key)} = w.{quoted(key)}" for key in kept]
    # what is on one side alone is found too, except what another table has
    join, complete = "right join" if column.is_part else "full join", ""
    if len(kept) < len(whole.key):
        # quarters belong to the twelve months that hold them, where all four are known
        on += ["t.period_start >= w.window_start", "t.period_end <= w.window_end"]
        join, complete = "join", "having count(*) = 4"
    tolerance = "0"
    if _HALF_WIDTH in own:
        tolerance = f"any_value(w.{_HALF_WIDTH}) + sum(t.{_HALF_WIDTH})"
    keys = ", ".join(
        f"coalesce(w.{quoted(key)}, t.{quoted(key)})" if key in own else f"w.{quoted(key)}"
        for key in whole.key
    )
    sums = connection.execute(
        f"select {keys}, sum(t.{quoted(column.name)}), any_value(w.{quoted(total)}), {tolerance}"
        f" from {quoted_table(whole.table)} as w"
        f" {join} {quoted_table(table.table)} as t on {' and '.join(on)}"
        f" group by {keys} {complete} order by all"
    ).fetchall()
    for *row, found, wanted, allowed in sums:
        if found is None or wanted is None or abs(found - wanted) > allowed:
            place = ", ".join(map(str, row))
            yield f"{table.table}: {column.name} adds up to {found} for {place}, not to {wanted}"
    if not sums and connection.execute(f"from {quoted_table(table.table)} limit 1").fetchall():
        yield f"{table.table}: {column.name} adds up to no row of {whole.table}"


def main() -> None:
    """Write models/marts/metrics.yml from the manifest of the project in the current folder."""
    project = find_project(None)
    with connect(project / os.environ.get(DATABASE_VARIABLE, DEFAULT_DATABASE)) as warehouse:
        tables = read_dictionary(warehouse, read_artifacts(project / "target"))
    file = project / METRICS_YML
    file.write_text(semantic_models(read_metrics(tables)), encoding="utf-8")
    print(file)


if __name__ == "__main__":
    main()
