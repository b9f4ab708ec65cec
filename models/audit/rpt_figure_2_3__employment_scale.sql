with reports as (

    select * from {{ ref('dim_reports') }}

),

estimates as (

    select * from {{ ref('fct_employment_estimates') }}

),

components as (

    select * from {{ ref('dim_employment_components') }}

),

report_estimates as (

    select
        reports.report_id,
        estimates.*
    from estimates
    inner join reports
        on
            estimates.platform_id = reports.platform_id
            and estimates.scenario_id = reports.scenario_id
            and estimates.window_end = reports.window_end

),

totals as (

    select
        report_id,
        jobs_wan
    from report_estimates
    where component_id = 'total'

),

final as (

    select
        report_estimates.report_id,
        report_estimates.platform_id,
        report_estimates.window_end,
        components.sort_order,
        report_estimates.component_id,
        components.parent_component_id,
        components.name_zh,
        components.name_en,
        report_estimates.jobs_wan,
        cast(report_estimates.jobs_wan / totals.jobs_wan as decimal(9, 6))
            as total_jobs_share,
        report_estimates.input_provenance,
        report_estimates.weakest_provenance
    from report_estimates
    inner join totals
        on report_estimates.report_id = totals.report_id
    inner join components
        on report_estimates.component_id = components.component_id

)

select * from final
