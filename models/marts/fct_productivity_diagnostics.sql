with fits as (

    select * from {{ ref('est_merchant_fits') }}

),

samples as (

    select * from {{ ref('int_survey__samples') }}

),

final as (

    select
        fits.platform_id,
        fits.sample_id,
        fits.industry_code,
        fits.nobs,
        fits.unusable_reason,
        fits.r_squared,
        fits.condition_number,
        fits.breusch_pagan_statistic,
        fits.breusch_pagan_p_value,
        fits.reset_statistic,
        fits.reset_p_value,
        fits.mean_turnover_wan_yuan,
        fits.mean_productivity_wan_yuan_per_job,
        fits.mean_productivity_std_error,
        fits.mean_productivity_conf_low,
        fits.mean_productivity_conf_high,
        fits.interval_kind,
        fits.no_interval_reason,
        fits.degrees_of_freedom,
        fits.domain_low_wan_yuan,
        fits.domain_high_wan_yuan,
        fits.largest_leverage,
        fits.merchants_outside_domain,
        fits.turnover_share_outside_domain,
        fits.placebo_merchants,
        fits.sample_r_squared,
        fits.placebo_r_squared,
        fits.placebo_r_squared_low,
        fits.placebo_r_squared_high,
        fits.sample_b1,
        fits.placebo_b1,
        fits.placebo_b1_low,
        fits.placebo_b1_high,
        fits.placebo_p_value,
        samples.provenance,
        samples.source_id
    from fits
    inner join samples
        on
            fits.platform_id = samples.platform_id
            and fits.sample_id = samples.sample_id

)

select * from final
