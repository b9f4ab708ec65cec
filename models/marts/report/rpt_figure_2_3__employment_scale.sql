with scenarios as (

    select * from {{ ref('dim_scenarios') }}

),

estimates as (

    select * from {{ ref('fct_employment_estimates') }}

),

components as (

    select * from {{ ref('dim_employment_components') }}

),

report_estimates as (

    select estimates.*
    from estimates
    inner join scenarios
        on
            estimates.platform_id = scenarios.platform_id
            and estimates.scenario_id = scenarios.scenario_id
            and estimates.window_end = scenarios.report_window_end

),

totals as (

    select
        platform_id,
        window_end,
        jobs_wan
    from report_estimates
    where component_id = 'total'

),

final as (

    select
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
        on
            report_estimates.platform_id = totals.platform_id
            and report_estimates.window_end = totals.window_end
    inner join components
        on report_estimates.component_id = components.component_id

)

select * from final
