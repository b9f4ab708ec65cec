"""A bundle for Apache Superset: the database, datasets with labels and metrics, one dashboard.

`superset/` of a release is imported as a zip over REST or in the interface. Identifiers are
built from names, so that a later import replaces an earlier one. Names, labels,
descriptions and units belong to the data dictionary; the number of the report is the naive
sum of the default dataset.
"""

from __future__ import annotations

import io
import json
import uuid
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from platform_employment.dbt.artifacts import MARTS_SCHEMA
from platform_employment.release.dictionary import ADDITIVE, Described, Entry
from platform_employment.release.formats.marts_file import HEADLINE, ReleaseRow
from platform_employment.release.measures import Metric, read_metrics
from platform_employment.release.store import MARTS_FILE

FILE = "platform_employment_superset.zip"
DATABASE = "platform_employment"
# the default dataset first: what a naive sum may be built from
DATASETS = ("jobs_zh", "jobs_en", HEADLINE, "report_totals", "fct_estimates", "fct_all_jobs")
_VERSION = "1.0.0"
_SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "platform_employment/superset")
_TYPES = {"DATE": "DATE", "BOOLEAN": "BOOLEAN", "VARCHAR": "VARCHAR"}
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def write_superset(tables: Sequence[Described], release: ReleaseRow, folder: Path) -> None:
    """Write the bundle; its database names the small file by a place to put in."""
    named = {table.name: table for table in tables}
    if "jobs_zh" not in named:
        return
    shown = [named[name] for name in DATASETS if name in named]
    files: dict[str, Any] = {
        "metadata.yaml": {"version": _VERSION, "type": "Dashboard", "timestamp": release.built_at},
        f"databases/{DATABASE}.yaml": _database(),
    }
    metrics = read_metrics(tables)
    for table in shown:
        files[f"datasets/{DATABASE}/{table.name}.yaml"] = _dataset(table, metrics)
    charts = _charts(named)
    for name, chart in charts.items():
        files[f"charts/{name}.yaml"] = chart
    files["dashboards/platform_employment.yaml"] = _dashboard(charts, release)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FILE).write_bytes(_zipped(files))


def identifier(kind: str, name: str) -> str:
    """Return the identifier of a part, the same in every release."""
    return str(uuid.uuid5(_SPACE, f"{kind}/{name}"))


def _database() -> dict[str, Any]:
    return {
        "database_name": DATABASE,
        "sqlalchemy_uri": f"duckdb:////srv/releases/current/{MARTS_FILE}?access_mode=read_only",
        "expose_in_sqllab": True,
        "allow_run_async": False,
        "allow_ctas": False,
        "allow_cvas": False,
        "allow_dml": False,
        "allow_file_upload": False,
        "extra": {},
        "uuid": identifier("database", DATABASE),
        "version": _VERSION,
    }


def _dataset(table: Described, allowed: Sequence[Metric]) -> dict[str, Any]:
    # sums that are right in any group, and numbers that are empty where a group mixes estimates
    metrics = [
        {
            "metric_name": f"sum_{column.name}",
            "verbose_name": _label(column),
            "metric_type": "sum",
            "expression": f'SUM("{column.name}")',
            "description": column.rule,
            "d3format": ",.4f" if column.unit == "counted" else None,
        }
        for column in table.columns
        if column.additivity == ADDITIVE
    ]
    metrics += [
        {
            "metric_name": metric.name,
            "verbose_name": metric.label,
            "metric_type": "expression",
            "expression": metric.expression,
            "description": f"Fix {', '.join(metric.fixed)}." if metric.fixed else "",
            "d3format": ",.4f" if metric.unit == "counted" else None,
        }
        for metric in allowed
        if metric.mart == table.name and (metric.fixed or metric.default_only)
    ]
    return {
        "table_name": table.name,
        "schema": MARTS_SCHEMA,
        "description": table.comment,
        "main_dttm_col": None,
        "offset": 0,
        "cache_timeout": None,
        "sql": None,
        "params": None,
        "extra": None,
        "template_params": None,
        "filter_select_enabled": True,
        "metrics": metrics,
        "columns": [
            {
                "column_name": column.name,
                "verbose_name": _label(column),
                "description": column.comment,
                "type": _TYPES.get(column.kind, column.kind),
                "is_dttm": column.kind == "DATE",
                "is_active": True,
                "groupby": not column.is_number,
                "filterable": True,
                "expression": None,
                "python_date_format": None,
            }
            for column in table.columns
        ],
        "uuid": identifier("dataset", table.name),
        "database_uuid": identifier("database", DATABASE),
        "version": _VERSION,
    }


def _label(column: Entry) -> str:
    return " · ".join(dict.fromkeys((column.zh, column.en)))


def _charts(named: Mapping[str, Described]) -> dict[str, dict[str, Any]]:
    """Return the four charts: the number, its parts, a table of them, other reports."""
    labels = [column.name for column in named["jobs_zh"].columns]
    jobs = next(c.name for c in named["jobs_zh"].columns if c.unit == "counted")
    component, level = labels[5], labels[3]
    total = f"sum_{jobs}"
    return {
        "number": _chart("就业机会（万） Jobs", "big_number_total", "jobs_zh", {"metric": total}),
        "parts": _chart(
            *("组成部分 Components", "pie", "jobs_zh"),
            {"metric": total, "groupby": [component], "show_labels": True, "number_format": ",.4f"},
        ),
        "table": _chart(
            *("按大类与组成部分 By level", "table", "jobs_zh"),
            {"query_mode": "aggregate", "groupby": [level, component], "metrics": [total]},
        ),
        "reports": _chart(
            *("各报告，不可相加 Reports, never to be added up", "table", "report_totals"),
            {
                "query_mode": "aggregate",
                "groupby": ["report_id", "title_zh"],
                "metrics": ["report_jobs"],
                "column_config": {"report_jobs": {"d3NumberFormat": ",.1f"}},
            },
        ),
    }


def _chart(name: str, kind: str, dataset: str, params: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "slice_name": name,
        "viz_type": kind,
        "params": {"viz_type": kind, "row_limit": 1000, "adhoc_filters": [], **params},
        "query_context": None,
        "cache_timeout": None,
        "uuid": identifier("chart", name),
        "dataset_uuid": identifier("dataset", dataset),
        "version": _VERSION,
    }


def _dashboard(charts: Mapping[str, Mapping[str, Any]], release: ReleaseRow) -> dict[str, Any]:
    position: dict[str, Any] = {
        "DASHBOARD_VERSION_KEY": "v2",
        "ROOT_ID": {"id": "ROOT_ID", "type": "ROOT", "children": ["GRID_ID"]},
        "GRID_ID": {"id": "GRID_ID", "type": "GRID", "children": [], "parents": ["ROOT_ID"]},
    }
    for number, (name, chart) in enumerate(charts.items()):
        row = f"ROW-{number // 2}"
        if row not in position:
            position[row] = {
                "id": row,
                "type": "ROW",
                "children": [],
                "parents": ["ROOT_ID", "GRID_ID"],
                "meta": {"background": "BACKGROUND_TRANSPARENT"},
            }
            position["GRID_ID"]["children"].append(row)
        part = f"CHART-{name}"
        position[row]["children"].append(part)
        position[part] = {
            "id": part,
            "type": "CHART",
            "children": [],
            "parents": ["ROOT_ID", "GRID_ID", row],
            "meta": {
                "width": 6,
                "height": 50,
                "chartId": number + 1,
                "uuid": chart["uuid"],
                "sliceName": chart["slice_name"],
            },
        }
    return {
        "dashboard_title": "平台带动就业 Platform employment",
        "description": f"Release {release.release_id}, {release.built_at}, {release.git_commit}",
        "css": "",
        "slug": "platform_employment",
        "position": position,
        "metadata": {},
        "uuid": identifier("dashboard", "platform_employment"),
        "version": _VERSION,
    }


def _zipped(files: Mapping[str, Any]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, content in files.items():
            text = yaml.safe_dump(json.loads(json.dumps(content)), allow_unicode=True)
            entry = zipfile.ZipInfo(f"superset/{name}", _ZIP_TIME)
            bundle.writestr(entry, text, zipfile.ZIP_DEFLATED)
    return packed.getvalue()
