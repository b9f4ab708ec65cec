with reports as (

    select * from {{ ref('dim_reports') }}

),

merchant_jobs as (

    select * from {{ ref('int_merchants__jobs') }}

),

estimates as (

    select * from {{ ref('fct_employment_estimates') }}

),

final as (

    select
        reports.report_id,
        merchant_jobs.platform_id,
        merchant_jobs.window_end,
        cast(merchant_jobs.intercept as decimal(18, 12)) as intercept,
        cast(merchant_jobs.turnover as decimal(18, 12)) as turnover,
        cast(merchant_jobs.turnover_squared as decimal(18, 12)) as turnover_squared,
        merchant_jobs.gmv_yi_yuan,
        merchant_jobs.mean_turnover_wan_yuan,
        merchant_jobs.mean_turnover_provenance,
        cast(merchant_jobs.productivity_wan_yuan_per_job as decimal(18, 6))
            as productivity_wan_yuan_per_job,
        estimates.jobs_wan,
        estimates.input_provenance,
        estimates.weakest_provenance
    from merchant_jobs
    inner join reports
        on
            merchant_jobs.platform_id = reports.platform_id
            and merchant_jobs.scenario_id = reports.scenario_id
            and merchant_jobs.window_end = reports.window_end
    inner join estimates
        on
            merchant_jobs.platform_id = estimates.platform_id
            and merchant_jobs.window_end = estimates.window_end
            and merchant_jobs.scenario_id = estimates.scenario_id
            and estimates.component_id = 'merchants'

)

select * from final
