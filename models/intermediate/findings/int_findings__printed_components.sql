-- The components of the method of each report as the report prints them; where it
-- prints one several times, the largest number and the coarsest rounding.
with reports as (

    select * from {{ ref('dim_reports') }}

),

scenarios as (

    select * from {{ ref('dim_scenarios') }}

),

components as (

    select * from {{ ref('dim_components') }}

),

links as (

    select * from {{ ref('int_verdicts__linked_values') }}

),

figures as (

    select * from {{ ref('stg_report__figure_ledger') }}

),

final as (

    select
        reports.report_id,
        reports.platform_id,
        reports.window_end,
        components.component_id,
        components.parent_component_id,
        max(figures.value) as value,
        max(figures.rounding_half_width) as half_width
    from reports
    inner join scenarios
        on
            reports.platform_id = scenarios.platform_id
            and reports.scenario_id = scenarios.scenario_id
    inner join components
        on scenarios.method_id = components.method_id
    left join links
        on
            reports.report_id = links.report_id
            and components.component_id = links.name
    left join figures
        on
            links.report_id = figures.report_id
            and links.figure_id = figures.figure_id
    group by
        reports.report_id,
        reports.platform_id,
        reports.window_end,
        components.component_id,
        components.parent_component_id

)

select * from final
