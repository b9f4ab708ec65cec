-- The coefficients of equation 2.1 by where they come from.
with published as (

    select * from {{ ref('stg_platform__published_coefficients') }}

),

fitted as (

    select * from {{ ref('est_merchant_productivity') }}

),

samples as (

    select * from {{ ref('int_survey__samples') }}

),

fitted_by_sample as (

    select
        platform_id,
        sample_id,
        max(case when term = 'intercept' then estimate end) as intercept,
        max(case when term = 'turnover' then estimate end) as turnover,
        max(case when term = 'turnover_squared' then estimate end)
            as turnover_squared
    from fitted
    where industry_code = 'all' and cov_type = 'nonrobust'
    group by platform_id, sample_id

),

final as (

    select
        platform_id,
        'published' as coefficient_source,
        cast(null as varchar) as sample_id,
        window_end as reference_window_end,
        cast(intercept as double) as intercept,
        cast(turnover as double) as turnover,
        cast(turnover_squared as double) as turnover_squared,
        provenance,
        source_id
    from published

    union all

    select
        fitted_by_sample.platform_id,
        'fitted' as coefficient_source,
        fitted_by_sample.sample_id,
        cast(null as date) as reference_window_end,
        fitted_by_sample.intercept,
        fitted_by_sample.turnover,
        fitted_by_sample.turnover_squared,
        samples.provenance,
        samples.source_id
    from fitted_by_sample
    inner join samples
        on
            fitted_by_sample.platform_id = samples.platform_id
            and fitted_by_sample.sample_id = samples.sample_id

)

select * from final
