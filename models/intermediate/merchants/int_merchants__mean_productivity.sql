-- The curve at the mean turnover, on which all merchant jobs rest, and how sure it is.
with fits as (

    select * from {{ ref('est_merchant_fits') }}

),

final as (

    select
        platform_id,
        sample_id,
        mean_turnover_wan_yuan,
        mean_turnover_conf_low,
        mean_turnover_conf_high,
        mean_productivity_wan_yuan_per_job as productivity_wan_yuan_per_job,
        mean_productivity_std_error as std_error,
        mean_productivity_conf_low as conf_low,
        mean_productivity_conf_high as conf_high,
        bootstrap_conf_low,
        bootstrap_conf_high
    from fits
    where industry_code = 'all'

)

select * from final
