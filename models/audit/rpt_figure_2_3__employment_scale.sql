-- Of the reports that have such a figure.
with reports as (

    select * from {{ ref('dim_reports') }}

),

exhibits as (

    select * from {{ ref('exhibits') }}
    where kind = 'figure' and number = '2.3'

),

jobs as (

    {{ all_component_jobs() }}

),

components as (

    select * from {{ ref('dim_components') }}

),

report_jobs as (

    select
        reports.report_id,
        reports.platform_id,
        reports.window_end,
        reports.window_key,
        components.sort_order,
        components.component_id,
        components.parent_component_id,
        components.name_zh,
        components.name_en,
        components.unit_counted,
        jobs.jobs_wan as jobs_wan_of_part,
        max(case when components.parent_component_id is null then jobs.jobs_wan end)
            over (partition by reports.report_id) as total_jobs_wan,
        jobs.input_provenance,
        jobs.weakest_provenance
    from reports
    inner join exhibits
        on reports.report_id = exhibits.report_id
    inner join jobs
        on
            reports.platform_id = jobs.platform_id
            and reports.scenario_id = jobs.scenario_id
            and reports.window_end = jobs.window_end
    inner join components
        on jobs.component_key = components.component_key

),

final as (

    select
        report_id,
        platform_id,
        window_end,
        window_key,
        sort_order,
        component_id,
        parent_component_id,
        name_zh,
        name_en,
        unit_counted,
        jobs_wan_of_part,
        cast(jobs_wan_of_part / total_jobs_wan as decimal(9, 6)) as total_jobs_share,
        input_provenance,
        weakest_provenance
    from report_jobs

)

select * from final
