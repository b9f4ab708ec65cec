with jobs as (

    select * from {{ ref('int_estimators__jobs') }}

),

estimators as (

    select * from {{ ref('dim_estimators') }}

),

final as (

    select
        jobs.platform_id,
        jobs.window_end,
        jobs.sample_id,
        jobs.estimator_id,
        estimators.sort_order,
        estimators.name_zh,
        estimators.name_en,
        jobs.jobs_wan,
        jobs.conf_low,
        jobs.conf_high,
        jobs.interval_method,
        jobs.ratio_to_report_formula,
        jobs.merchants_used,
        jobs.nobs,
        jobs.merchants_outside_domain,
        jobs.turnover_share_outside_domain,
        jobs.reason_code,
        estimators.assumption_zh,
        estimators.assumption_en,
        estimators.preferred_when_zh,
        estimators.preferred_when_en,
        jobs.weakest_provenance
    from jobs
    inner join estimators
        on jobs.estimator_id = estimators.estimator_id

)

select * from final
