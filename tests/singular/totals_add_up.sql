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

-- marts hold four decimals: parts that are rounded when they come there need not add up
unrounded as (

    select
        steps.method_id || '/' || components.parent_component_id as component_key,
        min(steps.seed) as seed,
        min(steps.seed_line) as seed_line,
        {{ dbt.listagg('steps.step_id', "', '", 'order by steps.step_id') }} as step_ids
    from {{ ref('dim_steps') }} as steps
    inner join components
        on
            steps.method_id = components.method_id
            and steps.component_id = components.component_id
    where coalesce(steps.decimals, 99) > 4
    group by steps.method_id, components.parent_component_id

),

problems as (

    select
        unrounded.seed,
        unrounded.seed_line,
        {{ row_name([
            'totals.platform_id', 'totals.window_end', 'totals.scenario_id',
            'totals.component_key'
        ]) }}
        || ': ' || totals.jobs_wan_of_scenario || ', its parts '
        || coalesce(cast(sums.jobs_wan as varchar), 'nothing') as problem,
        'give ' || unrounded.step_ids || ' decimals of at most 4 in method/steps: '
        || 'marts hold four' as remedy
    from totals
    left join sums
        on
            totals.platform_id = sums.platform_id
            and totals.window_end = sums.window_end
            and totals.scenario_id = sums.scenario_id
            and totals.component_key = sums.component_key
    left join unrounded
        on totals.component_key = unrounded.component_key
    -- exact: the amounts are decimals
    where (totals.jobs_wan_of_scenario = sums.jobs_wan) is not true

)

select * from problems
