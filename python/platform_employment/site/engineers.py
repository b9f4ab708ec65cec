"""Tables for engineers: rows of marts with their columns named in both languages."""

from __future__ import annotations

import csv
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from platform_employment.formatting import DIGITS
from platform_employment.site.numbers import written
from platform_employment.site.report import Reader
from platform_employment.site.words import Text
from platform_employment.site.writer import Writer

MAX_ROWS = 1_500


class TablePage(NamedTuple):
    """A page that shows rows of a table. `left_out`: columns that are not shown."""

    file: str
    table: str
    title: Text
    note: Text
    query: str


TABLES = (
    TablePage(
        "windows.html", "marts.fct_estimates", Text("各时段", "Windows over time"),
        Text("每个平台和情景每十二个月的总量", "totals of every twelve months"),
        "from marts.fct_estimates order by all",
    ),
    TablePage(
        "estimators.html", "marts.fct_estimator_comparison", Text("估计量", "Estimators"),
        Text("同一样本上的不同估计量；合成数据", "estimators on one sample, which is synthetic"),
        "from marts.fct_estimator_comparison order by all",
    ),
    TablePage(
        "multipliers.html", "marts.fct_multipliers", Text("带动系数", "Multipliers"),
        Text("各年投入产出表的乘数", "multipliers of the input-output tables"),
        "from marts.fct_multipliers order by all",
    ),
    TablePage(
        "findings.html", "audit.aud_method_findings", Text("已知问题", "Known problems of methods"),
        Text("由规则算出的发现及其阈值", "findings computed by rule, with their thresholds"),
        "from audit.aud_method_findings order by report_id, sort_order",
    ),
    TablePage(
        "expectations.html", "audit.aud_expectation_results", Text("预期检验", "Expectations"),
        Text("每条预期的结果", "the result of each expectation"),
        "from audit.aud_expectation_results order by is_success, table_name, expectation_number",
    ),
)  # fmt: skip


def table_rows(
    w: Writer, reader: Reader, page: TablePage
) -> tuple[list[tuple[str, str]], list[list[str]]]:
    """Return the columns, named by the dictionary, and the rows of a page as text."""
    if not reader.rows.has(page.table):
        return [], []
    rows = reader.rows.read(page.query)[:MAX_ROWS]
    if not rows:
        return [], []
    other = "_en" if w.language == "zh" else "_zh"
    own = "_zh" if w.language == "zh" else "_en"
    names = [
        name
        for name in rows[0]
        if not (name.endswith(other) and name[: -len(other)] + own in rows[0])
        and any(row[name] is not None for row in rows)
    ]
    columns = [
        (labels().get(name, {}).get(w.language) or name.removesuffix(own).replace("_", " "), name)
        for name in names
    ]
    return columns, [[_cell(w, row[name]) for name in names] for row in rows]


def _cell(w: Writer, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return w.t("是" if value else "否", "yes" if value else "no")
    if isinstance(value, Decimal | float):
        number = Decimal(str(value))
        return written(number, w.language, DIGITS + 1 if number % 1 else None)
    return str(value)


@cache
def labels() -> dict[str, dict[str, str]]:
    """Return the label of each column name, with unit and additivity."""
    package = files("platform_employment")
    places = (package / "dictionary/columns.csv", package / "release/columns.csv")
    text = next(place for place in places if place.is_file()).read_text(encoding="utf-8")
    return {row["name"]: row for row in csv.DictReader(text.splitlines())}


def dictionary(w: Writer, reader: Reader) -> tuple[list[tuple[str, str]], list[list[str]]]:
    """Return every column of every published table, defined in the language of the page."""
    rows = reader.rows.read(
        "select schema_name, table_name, column_name, data_type, comment from duckdb_columns()"
        " where schema_name in ('marts', 'audit') order by schema_name desc, table_name,"
        " column_index"
    )
    columns = [
        (w.t("表", "table"), ""), (w.t("列", "column"), ""), (w.t("名称", "name"), ""),
        (w.t("单位", "unit"), ""), (w.t("可否相加", "may be summed"), ""),
        (w.t("定义", "definition"), ""), (w.t("类型", "type"), ""),
    ]  # fmt: skip
    found = []
    for row in rows:
        known = labels().get(row["column_name"], {})
        about = (known.get("about_zh") if w.language == "zh" else "") or row["comment"] or ""
        found.append(
            [
                f"{row['schema_name']}.{row['table_name']}",
                row["column_name"],
                known.get(w.language) or "",
                known.get("unit") or "",
                known.get("additivity") or "",
                about.strip(),
                row["data_type"].lower(),
            ]
        )
    return columns, found
