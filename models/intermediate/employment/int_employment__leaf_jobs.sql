-- The five components that are calculated rather than added up.
with scenarios as (

    select * from {{ ref('stg_reference__scenarios') }}

),

input_periods as (

    select * from {{ ref('int_employment__input_periods') }}

),

creators as (

    select * from {{ ref('stg_platform__creators_with_income') }}

),

team_jobs as (

    select * from {{ ref('int_content__team_jobs') }}

),

institution_jobs as (

    select * from {{ ref('int_content__institution_jobs') }}

),

merchant_jobs as (

    select * from {{ ref('int_merchants__jobs') }}

),

supply_chain_ratios as (

    select * from {{ ref('int_economy__supply_chain_ratios') }}

),

content_jobs as (

    select
        'creator_teams' as component_id,
        'creator_tiers' as dataset,
        platform_id,
        period_start,
        assumption_level,
        jobs_wan
    from team_jobs

    union all

    select
        'institutions' as component_id,
        'institutions' as dataset,
        platform_id,
        period_start,
        assumption_level,
        jobs_wan
    from institution_jobs

),

content_jobs_by_component as (

    select
        component_id,
        dataset,
        platform_id,
        period_start,
        assumption_level,
        sum(jobs_wan) as jobs_wan
    from content_jobs
    group by component_id, dataset, platform_id, period_start, assumption_level

),

leaf_jobs as (

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
        content_jobs_by_component.component_id,
        content_jobs_by_component.jobs_wan
    from scenarios
    inner join input_periods
        on scenarios.platform_id = input_periods.platform_id
    inner join content_jobs_by_component
        on
            input_periods.platform_id = content_jobs_by_component.platform_id
            and input_periods.dataset = content_jobs_by_component.dataset
            and input_periods.period_start = content_jobs_by_component.period_start
            and scenarios.assumption_level = content_jobs_by_component.assumption_level

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
        merchant_jobs.platform_id,
        merchant_jobs.window_end,
        merchant_jobs.scenario_id,
        'supply_chain' as component_id,
        merchant_jobs.jobs_wan * supply_chain_ratios.supply_chain_ratio as jobs_wan
    from merchant_jobs
    inner join scenarios
        on
            merchant_jobs.platform_id = scenarios.platform_id
            and merchant_jobs.scenario_id = scenarios.scenario_id
    inner join supply_chain_ratios
        on
            scenarios.table_year = supply_chain_ratios.table_year
            and scenarios.ratio_definition = supply_chain_ratios.ratio_definition

),

final as (

    select
        platform_id,
        window_end,
        scenario_id,
        component_id,
        cast(jobs_wan as decimal(18, 4)) as jobs_wan
    from leaf_jobs

)

select * from final
