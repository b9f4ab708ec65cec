-- The five components that are calculated rather than added up.
with scenarios as (

    select * from {{ ref('dim_scenarios') }}

),

input_periods as (

    select * from {{ ref('int_employment__input_periods') }}

),

creators as (

    select * from {{ ref('stg_platform__creators_with_income') }}

),

content_jobs as (

    select * from {{ ref('int_content__jobs') }}

),

merchant_jobs as (

    select * from {{ ref('int_merchants__jobs') }}

),

supply_chain_jobs as (

    select * from {{ ref('int_employment__supply_chain_jobs') }}

),

final as (

    select
        scenarios.platform_id,
        input_periods.window_end,
        scenarios.scenario_id,
        'direct' as component_id,
        creators.creators_wan as jobs_wan
    from scenarios
    inner join input_periods
        on
            scenarios.platform_id = input_periods.platform_id
            and input_periods.dataset = 'creators_with_income'
    inner join creators
        on
            input_periods.platform_id = creators.platform_id
            and input_periods.period_start = creators.period_start

    union all

    select
        scenarios.platform_id,
        input_periods.window_end,
        scenarios.scenario_id,
        content_jobs.component_id,
        content_jobs.jobs_wan
    from scenarios
    inner join input_periods
        on scenarios.platform_id = input_periods.platform_id
    inner join content_jobs
        on
            input_periods.platform_id = content_jobs.platform_id
            and input_periods.dataset = content_jobs.dataset
            and input_periods.period_start = content_jobs.period_start
            and scenarios.assumption_level = content_jobs.assumption_level

    union all

    select
        platform_id,
        window_end,
        scenario_id,
        'merchants' as component_id,
        jobs_wan
    from merchant_jobs

    union all

    select
        platform_id,
        window_end,
        scenario_id,
        'supply_chain' as component_id,
        jobs_wan
    from supply_chain_jobs

)

select * from final
