-- Supply chain jobs are a multiple of merchant jobs: the ratio of the scenario's table.
with scenarios as (

    select * from {{ ref('dim_scenarios') }}

),

merchant_jobs as (

    select * from {{ ref('int_merchants__jobs') }}

),

supply_chain_ratios as (

    select * from {{ ref('int_economy__supply_chain_ratios') }}

),

final as (

    select
        merchant_jobs.platform_id,
        merchant_jobs.window_end,
        merchant_jobs.scenario_id,
        supply_chain_ratios.table_year,
        supply_chain_ratios.ratio_definition,
        supply_chain_ratios.supply_chain_ratio,
        supply_chain_ratios.provenance as ratio_provenance,
        cast(
            merchant_jobs.jobs_wan * supply_chain_ratios.supply_chain_ratio
            as decimal(18, 4)
        ) as jobs_wan
    from merchant_jobs
    inner join scenarios
        on
            merchant_jobs.platform_id = scenarios.platform_id
            and merchant_jobs.scenario_id = scenarios.scenario_id
    inner join supply_chain_ratios
        on
            scenarios.table_year = supply_chain_ratios.table_year
            and scenarios.ratio_definition = supply_chain_ratios.ratio_definition

)

select * from final
