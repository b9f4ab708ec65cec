"""The door from a built warehouse to the pages: rows of marts and audit as the pages embed them.

Nothing here knows a report, a platform, a component or a scenario by name.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from platform_employment import assessment
from platform_employment.warehouse import Warehouse, open_warehouse

Row = dict[str, Any]
MOST_POINTS = 4_000

_ORDER_OF_REPORTS = "reports.is_default desc, reports.sort_order, report_id"
_CHAIN = "platform_id, window_end, scenario_id"

# what the pages show, by the name that the scripts use; `{report}` is a join with the reports
QUERIES = {
    "reports": f"""
        select reports.*, scenarios.method_id, components.component_id as root_id, jobs.unit_counted
        from marts.dim_reports as reports
        inner join marts.dim_scenarios as scenarios using (platform_id, scenario_id)
        inner join marts.dim_components as components
            on scenarios.method_id = components.method_id
            and components.parent_component_id is null
        left join (from marts.fct_jobs union all by name from marts.fct_job_totals) as jobs
            on jobs.component_key = components.component_key
            and jobs.platform_id = reports.platform_id
            and jobs.window_end = reports.window_end
            and jobs.scenario_id = reports.scenario_id
        order by {_ORDER_OF_REPORTS}
    """,
    "platforms": "select * from marts.dim_platforms order by platform_id",
    "scenarios": "select * from marts.dim_scenarios order by platform_id, scenario_id",
    "components": "select * from marts.dim_components order by method_id, sort_order",
    "method_steps": """
        select * exclude (sql) from marts.dim_steps order by method_id, evaluation_order
    """,
    "method_inputs": "select * from marts.dim_inputs order by seed_line",
    "units": "select * from marts.dim_units order by unit",
    "provenance_kinds": "select * from marts.dim_provenance_kinds order by provenance_rank",
    "sources": """
        select source_id, title_zh, title_en, url from marts.dim_sources order by source_id
    """,
    # of the chains of reports
    "jobs": f"""
        select report_id, jobs.* rename (jobs_wan_of_scenario as jobs_wan)
        from (from marts.fct_jobs union all by name from marts.fct_job_totals) as jobs
        inner join marts.dim_reports as reports using ({_CHAIN})
        inner join marts.dim_components as components using (component_key)
        order by {_ORDER_OF_REPORTS}, components.sort_order
    """,
    "steps": f"""
        select
            report_id, step_id, element_id, is_input, steps.component_id, value, steps.unit,
            calculation, rests_on, input_provenance, weakest_provenance, is_given, steps.source_id,
            seed, seed_line
        from marts.fct_steps as steps
        inner join marts.dim_reports as reports using ({_CHAIN})
        order by {_ORDER_OF_REPORTS}, step_id, element_id
    """,
    "uncertainty": f"""
        select report_id, limits.* exclude ({_CHAIN}, scenario_key, window_key)
        from marts.fct_uncertainty as limits
        inner join marts.dim_reports as reports using ({_CHAIN})
        order by all
    """,
    "swings": f"""
        select report_id, swings.* exclude ({_CHAIN}, scenario_key, window_key)
        from marts.fct_swings as swings
        inner join marts.dim_reports as reports using ({_CHAIN})
        order by {_ORDER_OF_REPORTS}, swing_rank, input_name
    """,
    "inputs": f"""
        select * exclude (scenario_key, window_key)
        from audit.aud_inputs
        order by {_CHAIN}, input_name, element_id
    """,
    # what the inputs may be in the windows of reports, by the options that a reader takes
    "offered": """
        select
            method_id, platform_id, window_end, array_to_string(options, ' ') as options, priority,
            input_name, element_id, low, central, high, distribution, uncertainty_kind, stream,
            is_of_window, is_carried_forward, provenance, source_id, seed, seed_line
        from intermediate.int_inputs__rows as offered
        where
            exists (
                select 1 from marts.dim_reports as reports
                where
                    reports.platform_id = coalesce(offered.platform_id, reports.platform_id)
                    and reports.window_end = coalesce(offered.window_end, reports.window_end)
            )
        order by all
    """,
    "figures": f"""
        select figures.*
        from audit.aud_figure_reconciliation as figures
        inner join marts.dim_reports as reports using (report_id)
        order by {_ORDER_OF_REPORTS}, chapter, section, figure_id
    """,
    "headlines": f"""
        select figures.*, reports.title_zh, reports.title_en
        from audit.aud_figure_reconciliation as figures
        inner join marts.dim_reports as reports using (report_id)
        where headline_order is not null
        order by {_ORDER_OF_REPORTS}, headline_order
    """,
    "linked_figures": f"""
        select
            report_id, figure_id, subject_zh, subject_en, location, section, comparator,
            published_value, published_value_upper, figures.unit, unit_zh, unit_en, strength,
            headline_order, warehouse_value, difference, tolerance, relation, name, element_id,
            weakest_provenance, quotation
        from audit.aud_figure_reconciliation as figures
        inner join marts.dim_reports as reports using (report_id)
        where relation is not null
        order by {_ORDER_OF_REPORTS}, headline_order nulls last, figure_id
    """,
    "findings": f"""
        select findings.*
        from audit.aud_method_findings as findings
        inner join marts.dim_reports as reports using (report_id)
        order by
            {_ORDER_OF_REPORTS},
            list_position(['serious', 'moderate', 'minor', 'note'], severity), findings.sort_order
    """,
    "criticism": f"""
        select criticism.*
        from audit.aud_method_criticism as criticism
        inner join marts.dim_reports as reports using (report_id)
        order by {_ORDER_OF_REPORTS}, criticism_id
    """,
    "traces": "select * from audit.aud_traces order by report_id, figure_id, step_number",
    "strength_counts": f"""
        select counts.*, reports.title_zh, reports.title_en
        from audit.aud_strength_counts as counts
        inner join marts.dim_reports as reports using (report_id)
        where counts.figures > 0
        order by {_ORDER_OF_REPORTS}, strength_rank
    """,
    "headlines_by_report": """
        select headlines.* rename (jobs_wan_of_report as jobs_wan), source_id
        from marts.headlines_by_report as headlines
        inner join marts.dim_reports using (report_id)
        order by headlines.sort_order, report_id
    """,
    "gmv": """
        select *, 'quarter' as period_type from marts.fct_gmv
        union all by name
        select
            * exclude (window_start, window_end), window_start as period_start,
            window_end as period_end, 'twelve_months' as period_type
        from marts.fct_gmv_windows
        order by platform_id, period_end, period_start
    """,
    # the disclosures that the twelve months of a report are a sum of
    "gmv_parts": f"""
        select
            report_id, disclosure_id, left(term, 1) as sign, gmv_yi_yuan, disclosures.provenance,
            disclosures.source_id, disclosures.seed, disclosures.seed_line
        from (
            select platform_id, window_end, unnest(regexp_extract_all(formula, '[-+]\\w+')) as term
            from marts.fct_gmv_windows
        ) as terms
        inner join marts.dim_reports as reports using (platform_id, window_end)
        inner join staging.stg_platform__gmv_disclosures as disclosures
            on terms.platform_id = disclosures.platform_id
            and substr(terms.term, 2) = disclosures.disclosure_id
        order by {_ORDER_OF_REPORTS}, disclosures.seed_line
    """,
    # of all windows, for the scenarios of reports
    "totals": f"""
        select {_CHAIN}, jobs_wan_of_scenario as jobs_wan, weakest_provenance
        from (from marts.fct_jobs union all by name from marts.fct_job_totals)
        inner join marts.dim_components as components using (component_key)
        where parent_component_id is null
        order by {_CHAIN}
    """,
    "total_limits": f"""
        select {_CHAIN}, layer, interval_method, low_wan, high_wan, weakest_provenance
        from marts.fct_uncertainty
        where
            component_key in (
                select component_key from marts.dim_components where parent_component_id is null
            )
            and (platform_id, scenario_id) in (
                select (platform_id, scenario_id) from marts.dim_reports
            )
            and definition_id = '-'
        order by all
    """,
    # between reports, and from or to the window of a report in its own scenario
    "growth": """
        select growth.*
        from marts.fct_growth as growth
        where
            is_between_reports
            or (
                from_scenario_id = scenario_id
                and exists (
                    select 1 from marts.dim_reports as reports
                    where
                        reports.platform_id = growth.platform_id
                        and reports.scenario_id = growth.scenario_id
                        and reports.window_end in (growth.window_end, growth.from_window_end)
                )
            )
        order by is_between_reports desc, platform_id, from_window_end, window_end
    """,
    "definitions": "select * from marts.dim_definitions order by method_id, sort_order",
    "choices": "select * from marts.dim_choices order by method_id, sort_order",
    # of totals, whose options stand in one text
    "combinations": """
        select
            platform_id, window_end, combinations.method_id, choices,
            jobs_wan_of_combination as jobs_wan,
            is_report, is_defensible, has_synthetic_input
        from marts.fct_choice_combinations as combinations
        inner join marts.dim_components as components using (component_key)
        where components.parent_component_id is null and (is_report or not is_repeated)
        order by platform_id, window_end, method_id, jobs_wan, choices
    """,
    # the options of all of them, those included that make what another one makes
    "options": """
        select distinct
            platform_id, window_end, method_id, unnest(string_split(choices, ' ')) as option
        from marts.fct_choice_combinations
        order by all
    """,
    "effects": """
        select effects.*
        from marts.fct_choice_effects as effects
        inner join marts.dim_components as components using (component_key)
        where components.parent_component_id is null and option_id = '-'
        order by all
    """,
    "estimators": """
        select estimators.* rename (jobs_wan_of_estimator as jobs_wan)
        from marts.fct_estimator_comparison as estimators
        inner join (select distinct platform_id, window_end from marts.dim_reports)
            using (platform_id, window_end)
        order by platform_id, window_end, sample_id, sort_order
    """,
    "coefficients": """
        select * from marts.fct_productivity_coefficients
        order by platform_id, sample_id, industry_code, cov_type, term
    """,
    "diagnostics": """
        select * from marts.fct_productivity_diagnostics
        order by platform_id, sample_id, industry_code
    """,
    "influential": """
        select * from marts.fct_influential_merchants
        order by platform_id, sample_id, influence_rank
    """,
    "multipliers": """
        select multipliers.*, sectors.name_zh as sector_zh, sectors.name_en as sector_en
        from marts.fct_multipliers as multipliers
        left join marts.dim_sectors as sectors using (sector_key)
        order by all
    """,
    # the ratio that each report multiplies its jobs by
    "ratios": f"""
        select report_id, title_zh, title_en, value
        from marts.fct_steps as steps
        inner join marts.dim_reports as reports using ({_CHAIN})
        left join marts.dim_steps as worked_out using (method_id, step_id)
        left join marts.dim_inputs as given on steps.step_id = given.input_name
        where
            coalesce(worked_out.role, given.role) = 'multiplier'
            and element_id = '-' and value is not null
        qualify
            row_number() over (
                partition by report_id order by worked_out.evaluation_order desc nulls last
            ) = 1
        order by reports.sort_order, report_id
    """,
    "published_estimates": """
        select
            estimate_id, scope, estimates.name_zh, estimates.name_en, period_end, comparator,
            cast(cast(value as double) * scale / 10000 as decimal(18, 4)) as total_jobs_wan,
            dimension as unit_counted, author_zh, author_en, provenance, source_id
        from staging.stg_reference__published_platform_estimates as estimates
        inner join marts.dim_units as units using (unit)
        order by period_end, estimate_id
    """,
    "answers": """
        select
            report_id, question_id, sort_order, name_zh, name_en, answer, text_zh, text_en,
            searched_zh, searched_en
        from marts.fct_report_answers
        order by report_id, sort_order
    """,
    "expectations": """
        select * from audit.aud_expectation_results
        order by is_success, table_name, expectation_number
    """,
    "merchant_files": "select * from audit.aud_merchant_files order by file_number",
}


class Table(NamedTuple):
    """Rows of a query as they are embedded: cells that JSON knows."""

    columns: list[str]
    rows: list[list[Any]]

    def dicts(self) -> list[Row]:
        """The rows by column."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


def tables_of(query: str) -> set[str]:
    """The marts that a query names, and other models where there is no mart."""
    return set(re.findall(r"(?:marts|audit|staging|intermediate)\.(\w+)", query))


def read_tables(database: Path, names: Collection[str] = tuple(QUERIES)) -> dict[str, Table]:
    """Read what the pages show, by the name that the scripts use.

    Raises:
        UserError: the warehouse, or a table in it that it must have, is not there.
    """
    with open_warehouse(database) as warehouse:
        return {name: _read(warehouse, QUERIES[name]) for name in names}


def read_points(database: Path) -> Table:
    """Merchants that the estimators were compared on, thinned by rank of turnover.

    At most MOST_POINTS of each sample: of so many blocks of neighbours the first.
    """
    with open_warehouse(database) as warehouse:
        if not warehouse.has("intermediate", "int_fit__compared_merchants"):
            return Table(["platform_id", "sample_id", "turnover_wan_yuan", "headcount"], [])
        return _read(
            warehouse,
            f"""
            select platform_id, sample_id, turnover_wan_yuan, headcount
            from intermediate.int_fit__compared_merchants
            window
                sample as (partition by platform_id, sample_id),
                ordered as (
                    partition by platform_id, sample_id
                    order by turnover_wan_yuan, headcount, merchant_id
                )
            qualify
                count(*) over sample <= {MOST_POINTS}
                or floor((row_number() over ordered - 1) * {MOST_POINTS} / count(*) over sample)
                > floor((row_number() over ordered - 2) * {MOST_POINTS} / count(*) over sample)
            order by all
            """,
        )


def read_sheets(database: Path) -> Table:
    """Read the verdict sheets of all reports, a row a line."""
    with open_warehouse(database) as warehouse:
        reports = warehouse.rows(
            "select report_id from marts.dim_reports order by sort_order, report_id"
        )
        lines = [
            [cell(value) for value in line]
            for report in reports
            for line in assessment.as_rows(assessment.sheet(warehouse.rows, report["report_id"]))
        ]
    return Table(assessment.ROW_COLUMNS, lines)


def cell(value: Any) -> Any:
    """A cell as JSON has it: a number, text, true or false, or null; a date as text."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, float):
        return None if value != value else int(value) if value.is_integer() else value  # noqa: PLR0124
    return value.isoformat() if isinstance(value, date | datetime) else value


def embedded(tables: Mapping[str, Table]) -> dict[str, dict[str, Any]]:
    """Tables as the pages embed them: names of columns once, then rows.

    `t`: the texts of columns that repeat theirs, by column, where the rows have their places.
    """
    found: dict[str, dict[str, Any]] = {}
    for name, table in tables.items():
        columns = [list(column) for column in zip(*table.rows, strict=True)]
        texts: dict[str, list[str]] = {}
        for at, column in zip(table.columns, columns, strict=False):
            if all(value is None or isinstance(value, str) for value in column):
                distinct = list(dict.fromkeys(value for value in column if value is not None))
                length = sum(len(value) for value in column if value is not None)
                if sum(map(len, distinct)) + 4 * len(column) < length:
                    texts[at] = distinct
                    place = {value: number for number, value in enumerate(distinct)}
                    column[:] = [None if value is None else place[value] for value in column]
        rows = [list(row) for row in zip(*columns, strict=True)]
        found[name] = {"c": table.columns, "r": rows} | ({"t": texts} if texts else {})
    return found


def _read(warehouse: Warehouse, query: str) -> Table:
    columns, rows = warehouse.table(query)
    return Table(columns, [[cell(value) for value in row] for row in rows])
