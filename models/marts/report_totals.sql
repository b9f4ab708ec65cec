-- The total of each report. Reports are about different platforms and years, count
-- different things and overlap: never to be added up.
with reports as (

    select * from {{ ref('dim_reports') }}

),

components as (

    select * from {{ ref('dim_components') }}

),

jobs as (

    {{ all_component_jobs() }}

),

limits as (

    select * from {{ ref('int_estimates__widest_limits') }}

),

final as (

    select
        reports.report_id,
        reports.sort_order,
        reports.title_zh,
        reports.title_en,
        reports.publisher,
        reports.published_on,
        reports.platform_id,
        reports.window_end,
        reports.scenario_id,
        reports.scenario_key,
        reports.window_key,
        reports.estimate_key,
        components.component_key,
        components.unit_counted,
        reports.is_net,
        reports.is_default,
        jobs.jobs_wan as jobs_wan_of_report,
        limits.low_wan,
        limits.low_layer,
        limits.high_wan,
        limits.high_layer,
        case
            when limits.has_bound then limits.comparator
            else coalesce(limits.comparator, 'equal')
        end as comparator,
        jobs.weakest_provenance
    from reports
    inner join jobs
        on reports.estimate_key = jobs.estimate_key
    inner join components
        on
            jobs.component_key = components.component_key
            and components.parent_component_id is null
    left join limits
        on reports.estimate_key = limits.estimate_key

)

select * from final
