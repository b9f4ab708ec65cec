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

intervals as (

    select * from {{ ref('fct_uncertainty') }}

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
        intervals.low_wan as printed_low_wan,
        intervals.high_wan as printed_high_wan,
        jobs.weakest_provenance
    from reports
    inner join jobs
        on reports.estimate_key = jobs.estimate_key
    inner join components
        on
            jobs.component_key = components.component_key
            and components.parent_component_id is null
    left join intervals
        on
            jobs.estimate_key = intervals.estimate_key
            and jobs.component_key = intervals.component_key
            and intervals.layer = 'printing'

)

select * from final
