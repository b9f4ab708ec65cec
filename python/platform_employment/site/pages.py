"""The pages of our own: plain HTML with its style and script inside, in Chinese and English."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

from markupsafe import Markup, escape

from platform_employment.errors import UserError
from platform_employment.project import DATABASE_VARIABLE, DEFAULT_DATABASE

DBT_PAGE = "dbt.html"
COLUMNS_PAGE = "columns.html"

Row = dict[str, Any]

# what the pages show, by the name that the templates use
QUERIES = {
    "reports": "select * from marts.dim_reports order by is_default desc, sort_order, report_id",
    "figures": """
        select figures.*
        from audit.aud_figure_reconciliation as figures
        inner join marts.dim_reports as reports using (report_id)
        order by reports.is_default desc, reports.sort_order, report_id, chapter, section, figure_id
    """,
    "findings": """
        select findings.*
        from audit.aud_method_findings as findings
        inner join marts.dim_reports as reports using (report_id)
        order by reports.is_default desc, reports.sort_order, report_id, findings.sort_order
    """,
    "verdict_counts": """
        select counts.*, reports.title_zh, reports.title_en
        from audit.rpt_verdict_counts as counts
        inner join marts.dim_reports as reports using (report_id)
        order by reports.is_default desc, reports.sort_order, report_id, verdict_rank
    """,
    "headlines": """
        select figures.*, reports.title_zh, reports.title_en
        from audit.aud_figure_reconciliation as figures
        inner join marts.dim_reports as reports using (report_id)
        where figures.headline_order is not null
        order by reports.is_default desc, reports.sort_order, report_id, headline_order
    """,
    "expectations": """
        select * from audit.aud_expectation_results
        order by is_success, table_name, expectation_number
    """,
    # of the windows and scenarios of reports; bars share one scale for each of them
    "intervals": """
        select
            intervals.*,
            reports.report_id,
            components.name_zh,
            components.name_en,
            jobs.jobs_wan,
            cast(100 * (conf_low / jobs_wan - 1) as decimal(9, 2)) as low_percent,
            cast(100 * (conf_high / jobs_wan - 1) as decimal(9, 2)) as high_percent,
            min(low_percent) over report as scale_low,
            max(high_percent) over report as scale_high
        from marts.fct_uncertainty as intervals
        inner join (
            from marts.fct_jobs union all from marts.fct_job_totals
        ) as jobs using (platform_id, window_end, scenario_id, component_key)
        inner join marts.dim_components as components using (component_key)
        inner join marts.dim_reports as reports using (platform_id, window_end, scenario_id)
        where conf_low is not null
        window report as (partition by report_id)
        order by reports.sort_order, report_id, components.sort_order, intervals.interval_method
    """,
    "sensitivity": """
        select
            swings.*,
            reports.report_id,
            reports.jobs_wan,
            min(least(total_at_low_wan, total_at_high_wan)) over report as scale_low,
            max(greatest(total_at_low_wan, total_at_high_wan)) over report as scale_high
        from marts.fct_swings as swings
        inner join marts.headlines_by_report as reports
            using (platform_id, window_end, scenario_id)
        where total_at_low_wan is not null
        window report as (partition by report_id)
        order by reports.sort_order, report_id, swing_rank
    """,
    "provenance_kinds": "select * from marts.dim_provenance_kinds order by provenance_rank",
}


class Text(NamedTuple):
    """The same text in Chinese and in English."""

    zh: str
    en: str


# words for the codes that no table of the warehouse names
WORDS = {
    "differs": Text("不一致", "differs"),
    "holds": Text("成立", "holds"),
    "fails": Text("不成立", "fails"),
    "serious": Text("严重", "serious"),
    "moderate": Text("中等", "moderate"),
    "minor": Text("轻微", "minor"),
    "note": Text("说明", "note"),
    "rounding": Text("取整", "rounding"),
    "assumption": Text("假设范围", "range of an assumption"),
    "sampling": Text("抽样误差", "sampling error"),
    "monte_carlo": Text("蒙特卡洛", "Monte Carlo"),
    "delta_method": Text("delta 法", "delta method"),
    "bootstrap": Text("自助法", "bootstrap"),
}
# the column that holds the values of each relation of links
VALUE_COLUMNS = {
    "steps": ("fct_steps", "value"),
    "disclosures": ("stg_platform__gmv_disclosures", "gmv_yi_yuan"),
    "classes": ("dim_employment_types", "module_en"),
}
PLACES = {"abstract": "摘要", "equation": "式", "figure": "图", "table": "表", "text": "正文"}


@dataclass(frozen=True)
class Page:
    """One page; `reads` names the queries that it shows, and none make a page that is not ours."""

    file: str
    title: Text
    summary: Text
    reads: tuple[str, ...] = ()

    @property
    def template(self) -> str:
        """The file of its template."""
        return f"{self.file}.j2"


PAGES = (
    Page(
        "index.html",
        Text("总览", "Overview"),
        Text("主要数字与各页入口", "Headline figures and the way to all pages"),
        ("reports", "headlines", "verdict_counts", "provenance_kinds"),
    ),
    Page(
        "figures.html",
        Text("数字台账", "Figures"),
        Text("报告中每个数字及其核对结论", "Every figure of the report and its verdict"),
        ("reports", "figures", "verdict_counts", "provenance_kinds"),
    ),
    Page(
        "findings.html",
        Text("方法发现", "Findings"),
        Text("估算方法中需要知道的问题", "What to know about the method of the estimate"),
        ("reports", "findings", "provenance_kinds"),
    ),
    Page(
        "uncertainty.html",
        Text("不确定性", "Uncertainty"),
        Text("总量的敏感性与各部分的区间", "What moves the total, and the intervals of all parts"),
        ("intervals", "sensitivity", "provenance_kinds"),
    ),
    Page(
        "expectations.html",
        Text("预期检验", "Expectations"),
        Text("本次构建中每条预期的结果", "How each expectation came out in this build"),
        ("expectations",),
    ),
    Page(
        COLUMNS_PAGE,
        Text("列级血缘", "Column lineage"),
        Text(
            "任何一列由哪些列得来，直到原始表的单元格",
            "What each column is made from, down to the columns of the seeds",
        ),
    ),
    Page(
        DBT_PAGE,
        Text("dbt 文档", "dbt docs"),
        Text("模型、列、检验与表级血缘", "Models, columns, tests, and the lineage of tables"),
    ),
)


def write_pages(database: Path, folder: Path, project: str) -> None:
    """Write our pages into a folder that exists.

    database: a built warehouse, opened read-only; project: name of the dbt project, for links.

    Raises:
        UserError: the warehouse, or a table in it that a page shows, is not there.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415

    environment = Environment(
        loader=PackageLoader("platform_employment.site"),
        autoescape=lambda name: name is not None and name.endswith(".html.j2"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    tables = read_tables(database)
    filters = (breakable, column_link, digits, number, place, published)
    environment.filters |= {function.__name__: function for function in filters}
    for page in PAGES:
        if page.reads:
            shown = {name: tables[name] for name in page.reads}
            environment.filters["words"] = _words(shown).__getitem__
            template = environment.get_template(page.template)
            html = template.render(page=page, pages=PAGES, project=project, **shown)
            (folder / page.file).write_text(html, encoding="utf-8")


def read_tables(database: Path) -> dict[str, list[Row]]:
    """Read the rows that the pages show, by the name that the templates use."""
    import duckdb  # noqa: PLC0415  the command line must start fast

    if not database.is_file():
        raise UserError(f"{database}: no such warehouse: run `dbt build` first")
    try:
        with duckdb.connect(str(database), read_only=True) as connection:
            return {name: _rows(connection, query) for name, query in QUERIES.items()}
    except duckdb.Error as error:
        reason = str(error).partition("\n")[0]
        raise UserError(f"{database}: cannot be read, or its build stopped: {reason}") from None


def default_database(project: Path) -> Path:
    """Give the warehouse that the profile of the project names."""
    return project / os.environ.get(DATABASE_VARIABLE, DEFAULT_DATABASE)


def _rows(connection: Any, query: str) -> list[Row]:
    result = connection.execute(query)
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _words(tables: Mapping[str, list[Row]]) -> dict[str, Text]:
    """Give the words for each code: those of the warehouse, and our own."""
    return WORDS | {
        row[code]: Text(row["name_zh"], row["name_en"])
        for code, rows in (
            ("verdict", tables.get("verdict_counts", [])),
            ("provenance", tables.get("provenance_kinds", [])),
        )
        for row in rows
    }


def number(value: Decimal | float | None) -> str:
    """Write a number with thousands separators and without zeros that say nothing."""
    if value is None:
        return ""
    return f"{Decimal(str(value)).normalize():,f}"


def digits(value: float | None, significant: int = 5) -> str:
    """Write a number with so many significant digits."""
    return "" if value is None else number(Decimal(f"{value:.{significant}g}"))


def published(row: Row) -> str:
    """Write the number of a figure as the report puts it, a range with both ends."""
    sign = {"about": "≈ ", "over": "> ", "under": "< "}.get(row["comparator"], "")
    values = [row["published_value"], row["published_value_upper"]]
    return sign + "–".join(number(value) for value in values if value is not None)


def column_link(row: Row, project: str) -> str:
    """Give the link to the lineage of the column that holds the warehouse's value of a figure."""
    table, name = VALUE_COLUMNS[row["relation"]]
    model = f"model.{project}.{table}"
    query = {"model": model, "column": name, "parents": "all", "children": "0"}
    return f"{COLUMNS_PAGE}?{urlencode(query)}"


def place(location: str) -> Text:
    """Give the words for where in a section a figure stands, such as `table 2.2`."""
    kind, _, which = location.partition(" ")
    return Text(f"{PLACES.get(kind, kind)} {which}".strip(), location)


def breakable(name: str) -> Markup:
    """Let a line break after each underscore and point of a name."""
    return Markup(re.sub(r"([_.]+)", r"\1<wbr>", str(escape(name))))
