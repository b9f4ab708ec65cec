with estimates as (

    select * from {{ ref('fct_employment_estimates') }}

),

replayed as (

    select * from {{ ref('est_employment_intervals') }}

),

chain_inputs as (

    select * from {{ ref('int_employment__chain_inputs') }}

),

component_leaves as (

    select * from {{ ref('int_employment__component_leaves') }}

),

scenarios as (

    select * from {{ ref('dim_scenarios') }}

),

team_jobs as (

    select * from {{ ref('int_content__team_jobs') }}

),

institution_jobs as (

    select * from {{ ref('int_content__institution_jobs') }}

),

-- half a unit of the fourth digit of each factor of a product times the other factor,
-- and of the product itself
team_rounding as (

    select
        platform_id,
        period_start,
        assumption_level,
        sum(0.00005 * (1 + teams_wan + team_members)) as rounding_wan
    from team_jobs
    group by platform_id, period_start, assumption_level

),

institution_rounding as (

    select
        platform_id,
        period_start,
        assumption_level,
        sum(0.00005 * (1 + (organisations + average_staff) / 10000)) as rounding_wan
    from institution_jobs
    group by platform_id, period_start, assumption_level

),

chains as (

    select
        chain_inputs.platform_id,
        chain_inputs.window_end,
        chain_inputs.scenario_id,
        chain_inputs.supply_chain_ratio,
        team_rounding.rounding_wan as team_rounding_wan,
        institution_rounding.rounding_wan as institution_rounding_wan
    from chain_inputs
    inner join scenarios
        on
            chain_inputs.platform_id = scenarios.platform_id
            and chain_inputs.scenario_id = scenarios.scenario_id
    inner join team_rounding
        on
            chain_inputs.platform_id = team_rounding.platform_id
            and chain_inputs.creator_tiers_period_start = team_rounding.period_start
            and scenarios.assumption_level = team_rounding.assumption_level
    inner join institution_rounding
        on
            chain_inputs.platform_id = institution_rounding.platform_id
            and chain_inputs.institutions_period_start
            = institution_rounding.period_start
            and scenarios.assumption_level = institution_rounding.assumption_level

),

tolerances as (

    select
        chains.platform_id,
        chains.window_end,
        chains.scenario_id,
        component_leaves.component_id,
        sum(
            case component_leaves.leaf_component_id
                when 'creator_teams' then chains.team_rounding_wan
                when 'institutions' then chains.institution_rounding_wan
                -- a multiple of the rounded merchants, rounded
                when 'supply_chain' then 0.00005 * (1 + chains.supply_chain_ratio)
                else 0.00005
            end
        ) as tolerance_wan
    from chains
    cross join component_leaves
    group by
        chains.platform_id,
        chains.window_end,
        chains.scenario_id,
        component_leaves.component_id

),

problems as (

    select
        estimates.platform_id || ' ' || estimates.window_end || ' '
        || estimates.scenario_id || ' ' || estimates.component_id || ': '
        || estimates.jobs_wan || ', replayed '
        || coalesce(cast(replayed.jobs_wan as varchar), 'nothing') as problem
    from estimates
    left join tolerances
        on
            estimates.platform_id = tolerances.platform_id
            and estimates.window_end = tolerances.window_end
            and estimates.scenario_id = tolerances.scenario_id
            and estimates.component_id = tolerances.component_id
    left join replayed
        on
            estimates.platform_id = replayed.platform_id
            and estimates.window_end = cast(replayed.window_end as date)
            and estimates.scenario_id = replayed.scenario_id
            and estimates.component_id = replayed.component_id
            and replayed.interval_method = 'monte_carlo'
    where
        (abs(replayed.jobs_wan - estimates.jobs_wan) <= tolerances.tolerance_wan)
        is not true

)

{{ stop_if_any('problems') }}
