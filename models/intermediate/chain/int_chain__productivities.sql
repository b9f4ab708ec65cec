-- The fitted curve at a mean turnover, on which all merchant jobs rest, and how sure it
-- is. The implied mean is held: there the error is that of the coefficients alone.
with fits as (

    select * from {{ ref('est_merchant_fits') }}

),

curves as (

    select * from {{ ref('int_chain__published_curves') }}

),

implied as (

    select
        fits.*,
        curves.window_end,
        (
            cast(curves.implied_turnover_wan_yuan as double) - fits.lowest_wan_yuan
        ) / fits.range_wan_yuan as u
    from fits
    inner join curves
        on fits.platform_id = curves.platform_id
    where
        fits.industry_code = 'all'
        and curves.implied_turnover_wan_yuan is not null

),

polynomials as (

    select
        *,
        fitted_0 + u * (fitted_1 + u * fitted_2) as productivity_wan_yuan_per_job,
        orthonormal_0_0 as q0,
        orthonormal_1_0 + u * orthonormal_1_1 as q1,
        orthonormal_2_0 + u * (orthonormal_2_1 + u * orthonormal_2_2) as q2
    from implied

),

errors as (

    select
        *,
        sqrt(
            covariance_0_0 * q0 * q0
            + covariance_1_1 * q1 * q1
            + covariance_2_2 * q2 * q2
            + 2 * covariance_0_1 * q0 * q1
            + 2 * covariance_0_2 * q0 * q2
            + 2 * covariance_1_2 * q1 * q2
        ) as std_error
    from polynomials

),

factors as (

    select
        *,
        -- the 95 % interval on the logarithmic scale; none for an error as large as
        -- the value
        case
            when std_error < productivity_wan_yuan_per_job
                then
                    exp(
                        1.959963984540054 * std_error / productivity_wan_yuan_per_job
                    )
        end as factor
    from errors

),

final as (

    select
        platform_id,
        sample_id,
        'sample' as mean_turnover_source,
        cast(null as date) as window_end,
        mean_turnover_conf_low,
        mean_turnover_conf_high,
        mean_productivity_wan_yuan_per_job as productivity_wan_yuan_per_job,
        mean_productivity_conf_low as conf_low,
        mean_productivity_conf_high as conf_high,
        bootstrap_conf_low,
        bootstrap_conf_high
    from fits
    where industry_code = 'all'

    union all

    select
        platform_id,
        sample_id,
        'implied' as mean_turnover_source,
        window_end,
        cast(null as double) as mean_turnover_conf_low,
        cast(null as double) as mean_turnover_conf_high,
        productivity_wan_yuan_per_job,
        productivity_wan_yuan_per_job / factor as conf_low,
        productivity_wan_yuan_per_job * factor as conf_high,
        cast(null as double) as bootstrap_conf_low,
        cast(null as double) as bootstrap_conf_high
    from factors

)

select * from final
