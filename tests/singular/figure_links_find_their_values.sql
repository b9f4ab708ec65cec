-- Of the reports that this build has.
with linked_values as (

    select * from {{ ref('int_verification__computed_values') }}

),

cells as (

    select * from {{ ref('figure_links') }}

),

figures as (

    select * from {{ ref('stg_report__figure_ledger') }}

),

steps as (

    select distinct
        report_id,
        step_id,
        unit
    from {{ ref('int_verification__report_steps') }}

),

units as (

    select
        unit,
        -- persons of a report are jobs of its method, and firms organisations
        replace(
            replace(dimension, 'persons', 'jobs'), 'firms', 'organisations'
        ) as dimension
    from {{ ref('dim_units') }}

),

-- that a report has no estimate is reported once, and not of each figure
not_estimated as (

    select reports.report_id
    from {{ ref('dim_reports') }} as reports
    left join {{ ref('aud_estimate_coverage') }} as coverage
        on
            reports.platform_id = coverage.platform_id
            and reports.scenario_id = coverage.scenario_id
            and reports.window_end = coverage.window_end
    where coverage.is_estimated is not true

),

problems as (

    select
        cells.seed_file as seed,
        cells.seed_line,
        cells.name as value,
        {{ row_name(['cells.report_id', 'cells.figure_id']) }}
        || ': ' || cells.relation || ' has no ' || cells.name
        || case
            when cells.element_id = '-' then ''
            else ' ' || cells.element_id
        end as problem
    from linked_values
    inner join cells
        on
            linked_values.report_id = cells.report_id
            and linked_values.figure_id = cells.figure_id
    left join not_estimated
        on cells.report_id = not_estimated.report_id
    where
        linked_values.warehouse_value is null
        and (cells.relation != 'steps' or not_estimated.report_id is null)

    union all

    select
        cells.seed_file as seed,
        cells.seed_line,
        figures.unit as value,
        {{ row_name(['cells.report_id', 'cells.figure_id']) }}
        || ': is in ' || figures.unit || ', ' || cells.name || ' in ' || steps.unit
            as problem
    from figures
    inner join cells
        on
            figures.report_id = cells.report_id
            and figures.figure_id = cells.figure_id
    inner join steps
        on
            cells.report_id = steps.report_id
            and cells.name = steps.step_id
    inner join units as figure_units
        on figures.unit = figure_units.unit
    inner join units as step_units
        on steps.unit = step_units.unit
    where
        cells.relation = 'steps'
        and figure_units.dimension != step_units.dimension

    union all

    select
        null as seed,
        null as seed_line,
        null as value,
        report_id || ': ' || count(headline_order)
        || ' headline figures are linked, the last is number ' || max(headline_order)
            as problem
    from linked_values
    group by report_id
    having count(headline_order) != max(headline_order)

)

select * from problems
