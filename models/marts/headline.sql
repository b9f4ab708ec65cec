-- The leaves of the report that is shown where only one can be. They add up to its
-- total.
with reports as (

    select * from {{ ref('dim_reports') }}

),

jobs as (

    select * from {{ ref('fct_all_jobs') }}

),

components as (

    select * from {{ ref('dim_components') }}

),

-- a number that the report only bounds stays a bound
open_ends as (

    select
        estimate_key,
        component_key,
        bool_or(high_wan is null) as is_high_open,
        bool_or(low_wan is null) as is_low_open
    from {{ ref('fct_uncertainty') }}
    where
        layer = 'undisclosed'
        and (low_wan is not null or high_wan is not null)
    group by estimate_key, component_key

),

final as (

    select
        jobs.component_key,
        components.sort_order,
        components.name_zh,
        components.name_en,
        components.layer as mechanism,
        reports.report_id,
        jobs.platform_id,
        jobs.window_end,
        jobs.scenario_id,
        jobs.scenario_key,
        jobs.window_key,
        jobs.estimate_key,
        jobs.unit_counted,
        jobs.jobs_wan_of_scenario as jobs_wan,
        case
            when open_ends.is_high_open then 'at_least'
            when open_ends.is_low_open then 'up_to'
            else 'equal'
        end as comparator,
        cast(
            jobs.jobs_wan_of_scenario
            / sum(jobs.jobs_wan_of_scenario) over () as decimal(9, 6)
        )
            as total_jobs_share,
        jobs.input_provenance,
        jobs.weakest_provenance
    from reports
    inner join jobs
        on reports.estimate_key = jobs.estimate_key
    inner join components
        on jobs.component_key = components.component_key
    left join open_ends
        on
            jobs.estimate_key = open_ends.estimate_key
            and jobs.component_key = open_ends.component_key
    where reports.is_default

)

select * from final
