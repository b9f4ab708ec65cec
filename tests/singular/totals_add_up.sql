with totals as (

    select * from {{ ref('fct_job_totals') }}

),

components as (

    select * from {{ ref('dim_components') }}

),

jobs as (

    {{ all_component_jobs() }}

),

sums as (

    select
        jobs.platform_id,
        jobs.window_end,
        jobs.scenario_id,
        components.method_id || '/' || components.parent_component_id as component_key,
        sum(jobs.jobs_wan) as jobs_wan
    from jobs
    inner join components
        on jobs.component_key = components.component_key
    where components.parent_component_id is not null
    group by
        jobs.platform_id,
        jobs.window_end,
        jobs.scenario_id,
        components.method_id,
        components.parent_component_id

),

problems as (

    select
        {{ row_name([
            'totals.platform_id', 'totals.window_end', 'totals.scenario_id',
            'totals.component_key'
        ]) }}
        || ': ' || totals.jobs_wan_of_scenario || ', its parts '
        || coalesce(cast(sums.jobs_wan as varchar), 'nothing') as problem
    from totals
    left join sums
        on
            totals.platform_id = sums.platform_id
            and totals.window_end = sums.window_end
            and totals.scenario_id = sums.scenario_id
            and totals.component_key = sums.component_key
    -- exact: the amounts are decimals
    where (totals.jobs_wan_of_scenario = sums.jobs_wan) is not true

)

select * from problems
