with fits as (

    select * from {{ ref('est_merchant_fits') }}

),

leverage_sums as (

    select * from {{ ref('int_fit__leverage_sums') }}

),

placebos as (

    select * from {{ ref('est_merchant_placebos') }}

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
        fits.certain_digits,
        fits.breusch_pagan_statistic,
        fits.breusch_pagan_p_value,
        fits.reset_statistic,
        fits.reset_p_value,
        fits.mean_turnover_wan_yuan,
        fits.mean_productivity_wan_yuan_per_job,
        fits.mean_productivity_std_error,
        fits.mean_productivity_conf_low,
        fits.mean_productivity_conf_high,
        fits.bootstrap_conf_low,
        fits.bootstrap_conf_high,
        fits.domain_low_wan_yuan,
        fits.domain_high_wan_yuan,
        leverage_sums.largest_leverage,
        leverage_sums.merchants_outside_domain,
        leverage_sums.turnover_share_outside_domain,
        placebos.placebo_merchants,
        placebos.drawn_r_squared,
        placebos.placebo_r_squared,
        placebos.placebo_r_squared_low,
        placebos.placebo_r_squared_high,
        placebos.drawn_turnover,
        placebos.placebo_turnover,
        placebos.placebo_turnover_low,
        placebos.placebo_turnover_high,
        placebos.placebo_p_value,
        samples.provenance,
        samples.source_id
    from fits
    inner join samples
        on
            fits.platform_id = samples.platform_id
            and fits.sample_id = samples.sample_id
    left join leverage_sums
        on
            fits.platform_id = leverage_sums.platform_id
            and fits.sample_id = leverage_sums.sample_id
            and fits.industry_code = leverage_sums.industry_code
    left join placebos
        on
            fits.platform_id = placebos.platform_id
            and fits.sample_id = placebos.sample_id
            and fits.industry_code = placebos.industry_code

)

select * from final
