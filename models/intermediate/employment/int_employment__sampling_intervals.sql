-- Jobs are GMV over productivity, so an interval of productivity is one of jobs, with
-- its ends exchanged; what does not rest on productivity is held.
with uncertain_inputs as (

    select * from {{ ref('int_employment__uncertain_inputs') }}

),

scenarios as (

    select * from {{ ref('dim_scenarios') }}

),

mean_productivity as (

    select * from {{ ref('int_merchants__mean_productivity') }}

),

component_jobs as (

    select * from {{ ref('int_employment__component_jobs') }}

),

intervals as (

    select
        platform_id,
        sample_id,
        mean_turnover_source,
        'delta_method' as interval_method,
        conf_low,
        conf_high
    from mean_productivity

    union all

    select
        platform_id,
        sample_id,
        mean_turnover_source,
        'bootstrap' as interval_method,
        bootstrap_conf_low as conf_low,
        bootstrap_conf_high as conf_high
    from mean_productivity
    -- a small sample has none, nor has a curve at the implied mean
    where bootstrap_conf_low is not null

),

limits as (

    select
        uncertain_inputs.platform_id,
        uncertain_inputs.window_end,
        uncertain_inputs.scenario_id,
        intervals.interval_method,
        uncertain_inputs.central / intervals.conf_high as lowest_ratio,
        uncertain_inputs.central / intervals.conf_low as highest_ratio
    from uncertain_inputs
    inner join scenarios
        on
            uncertain_inputs.platform_id = scenarios.platform_id
            and uncertain_inputs.scenario_id = scenarios.scenario_id
    inner join intervals
        on
            scenarios.platform_id = intervals.platform_id
            and scenarios.sample_id = intervals.sample_id
            and scenarios.mean_turnover_source = intervals.mean_turnover_source
    where uncertain_inputs.input_name = 'productivity_wan_yuan_per_job'

),

final as (

    select
        component_jobs.platform_id,
        component_jobs.window_end,
        component_jobs.scenario_id,
        component_jobs.component_id,
        limits.interval_method,
        component_jobs.jobs_wan
        + component_jobs.productivity_based_jobs_wan * (limits.lowest_ratio - 1)
            as conf_low,
        component_jobs.jobs_wan
        + component_jobs.productivity_based_jobs_wan * (limits.highest_ratio - 1)
            as conf_high
    from component_jobs
    inner join limits
        on
            component_jobs.platform_id = limits.platform_id
            and component_jobs.window_end = limits.window_end
            and component_jobs.scenario_id = limits.scenario_id

)

select * from final
