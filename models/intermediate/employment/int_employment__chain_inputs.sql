-- The central value of all that the chain reads, for its replay in Python.
with merchant_jobs as (

    select * from {{ ref('int_merchants__jobs') }}

),

supply_chain_jobs as (

    select * from {{ ref('int_employment__supply_chain_jobs') }}

),

input_periods as (

    select * from {{ ref('int_employment__input_periods') }}

),

creators as (

    select * from {{ ref('stg_platform__creators_with_income') }}

),

factors_by_level as (

    select * from {{ ref('int_content__factors_by_level') }}

),

scenarios as (

    select * from {{ ref('dim_scenarios') }}

),

coverage as (

    select * from {{ ref('aud_estimate_coverage') }}

),

periods as (

    select
        platform_id,
        window_end,
        max(case when dataset = 'creators_with_income' then period_start end)
            as creators_with_income_period_start,
        max(case when dataset = 'creator_tiers' then period_start end)
            as creator_tiers_period_start,
        max(case when dataset = 'institutions' then period_start end)
            as institutions_period_start
    from input_periods
    group by platform_id, window_end

),

final as (

    select
        coverage.platform_id,
        coverage.window_end,
        coverage.scenario_id,
        merchant_jobs.gmv_yi_yuan,
        merchant_jobs.intercept,
        merchant_jobs.turnover,
        merchant_jobs.turnover_squared,
        merchant_jobs.mean_turnover_wan_yuan,
        supply_chain_jobs.supply_chain_ratio,
        creators.creators_wan,
        periods.creator_tiers_period_start,
        factors_by_level.team_share_factor,
        factors_by_level.team_members_factor,
        periods.institutions_period_start,
        factors_by_level.organisations_factor,
        factors_by_level.average_staff_factor
    from coverage
    inner join scenarios
        on
            coverage.platform_id = scenarios.platform_id
            and coverage.scenario_id = scenarios.scenario_id
    inner join merchant_jobs
        on
            coverage.platform_id = merchant_jobs.platform_id
            and coverage.window_end = merchant_jobs.window_end
            and coverage.scenario_id = merchant_jobs.scenario_id
    inner join supply_chain_jobs
        on
            coverage.platform_id = supply_chain_jobs.platform_id
            and coverage.window_end = supply_chain_jobs.window_end
            and coverage.scenario_id = supply_chain_jobs.scenario_id
    inner join periods
        on
            coverage.platform_id = periods.platform_id
            and coverage.window_end = periods.window_end
    inner join creators
        on
            periods.platform_id = creators.platform_id
            and periods.creators_with_income_period_start = creators.period_start
    inner join factors_by_level
        on scenarios.assumption_level = factors_by_level.assumption_level
    where coverage.is_estimated

)

select * from final
