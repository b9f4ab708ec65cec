-- The published calculation of e-commerce jobs, merchants x (1 + ratio), in one row.
with merchant_jobs as (

    select * from {{ ref('rpt_table_2_2__merchant_jobs') }}

),

scenarios as (

    select * from {{ ref('dim_scenarios') }}

),

reports as (

    select * from {{ ref('dim_reports') }}

),

ratios as (

    select * from {{ ref('int_economy__supply_chain_ratios') }}

),

final as (

    select
        merchant_jobs.platform_id,
        merchant_jobs.window_end,
        scenarios.scenario_id,
        scenarios.table_year,
        scenarios.ratio_definition,
        cast(merchant_jobs.gmv_yi_yuan as double) as gmv_yi_yuan,
        cast(merchant_jobs.jobs_wan as double) as merchant_jobs_wan,
        cast(ratios.supply_chain_ratio as double) as supply_chain_ratio,
        cast(merchant_jobs.jobs_wan as double) * ratios.supply_chain_ratio
            as supply_chain_jobs_wan,
        merchant_jobs.jobs_wan * (1 + cast(ratios.supply_chain_ratio as double))
            as e_commerce_jobs_wan,
        merchant_jobs.weakest_provenance
    from merchant_jobs
    inner join reports
        on
            merchant_jobs.platform_id = reports.platform_id
            and merchant_jobs.window_end = reports.window_end
    inner join scenarios
        on
            reports.platform_id = scenarios.platform_id
            and reports.scenario_id = scenarios.scenario_id
    inner join ratios
        on
            scenarios.table_year = ratios.table_year
            and scenarios.ratio_definition = ratios.ratio_definition

)

select * from final
