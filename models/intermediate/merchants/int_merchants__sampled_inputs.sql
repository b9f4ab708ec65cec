-- The sampling error in merchant jobs. The mean of a sample is part of the error of
-- productivity with the curve of that sample, and an input of its own with the
-- published one.
with merchant_jobs as (

    select * from {{ ref('int_merchants__jobs') }}

),

scenarios as (

    select * from {{ ref('dim_scenarios') }}

),

mean_productivity as (

    select * from {{ ref('int_merchants__mean_productivity') }}

),

final as (

    select
        merchant_jobs.platform_id,
        merchant_jobs.window_end,
        merchant_jobs.scenario_id,
        'productivity_wan_yuan_per_job' as input_name,
        mean_productivity.conf_low as low,
        merchant_jobs.productivity_wan_yuan_per_job as central,
        mean_productivity.conf_high as high,
        'normal' as distribution,
        'sampling' as uncertainty_kind,
        merchant_jobs.coefficient_provenance as provenance
    from merchant_jobs
    inner join scenarios
        on
            merchant_jobs.platform_id = scenarios.platform_id
            and merchant_jobs.scenario_id = scenarios.scenario_id
    inner join mean_productivity
        on
            scenarios.platform_id = mean_productivity.platform_id
            and scenarios.sample_id = mean_productivity.sample_id
            and merchant_jobs.mean_turnover_source
            = mean_productivity.mean_turnover_source
    where merchant_jobs.coefficient_source = 'fitted'

    union all

    select
        merchant_jobs.platform_id,
        merchant_jobs.window_end,
        merchant_jobs.scenario_id,
        'mean_turnover_wan_yuan' as input_name,
        mean_productivity.mean_turnover_conf_low as low,
        cast(merchant_jobs.mean_turnover_wan_yuan as double) as central,
        mean_productivity.mean_turnover_conf_high as high,
        'normal' as distribution,
        'sampling' as uncertainty_kind,
        merchant_jobs.mean_turnover_provenance as provenance
    from merchant_jobs
    inner join scenarios
        on
            merchant_jobs.platform_id = scenarios.platform_id
            and merchant_jobs.scenario_id = scenarios.scenario_id
    inner join mean_productivity
        on
            scenarios.platform_id = mean_productivity.platform_id
            and scenarios.sample_id = mean_productivity.sample_id
            and merchant_jobs.mean_turnover_source
            = mean_productivity.mean_turnover_source
    where
        merchant_jobs.coefficient_source = 'published'
        and merchant_jobs.mean_turnover_source = 'sample'

)

select * from final
