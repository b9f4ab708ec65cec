-- What each merchant does to the fit of its sample and to that of its industry. A view:
-- whoever reads it scans the merchants once more.
with merchants as (

    select * from {{ ref('stg_survey__merchants') }}

),

fits as (

    select * from {{ ref('est_merchant_fits') }}

),

origins as (

    select * from {{ ref('stg_survey__origins') }}

),

industries as (

    select distinct
        industry_number,
        platform_id,
        sample_id,
        industry_code
    from origins

),

-- distinct, so that an engine joins the merchants by number and not by name
curves as (

    select distinct
        industries.industry_number,
        fits.*
    from industries
    inner join fits
        on
            industries.platform_id = fits.platform_id
            and industries.sample_id = fits.sample_id
            and fits.industry_code in ('all', industries.industry_code)
    where fits.unusable_reason is null

),

positions as (

    select
        curves.*,
        merchants.merchant_id,
        merchants.turnover_wan_yuan,
        merchants.headcount,
        -- labour productivity, the left side of equation 2.1
        cast(merchants.turnover_wan_yuan as double) / merchants.headcount
            as productivity_wan_yuan_per_job,
        merchants.survey_weight,
        cast(merchants.survey_weight as double) as w,
        cast(
            merchants.turnover_wan_yuan
            - cast(curves.lowest_wan_yuan as decimal(18, 2)) as double
        ) / curves.range_wan_yuan as u
    from merchants
    inner join curves
        on merchants.industry_number = curves.industry_number

),

orthonormal as (

    select
        *,
        orthonormal_0_0 as q0,
        orthonormal_1_0 + u * orthonormal_1_1 as q1,
        orthonormal_2_0 + u * (orthonormal_2_1 + u * orthonormal_2_2) as q2
    from positions

),

final as (

    select
        platform_id,
        sample_id,
        industry_code,
        merchant_id,
        turnover_wan_yuan,
        headcount,
        survey_weight,
        nobs,
        residual_sum_of_squares,
        fitted_0 + u * (fitted_1 + u * fitted_2) as fitted_wan_yuan_per_job,
        fitted_1 + 2 * u * fitted_2 as slope,
        productivity_wan_yuan_per_job - (fitted_0 + u * (fitted_1 + u * fitted_2))
            as residual_wan_yuan_per_job,
        -- not power(): it is slower, and engines differ in its last digit
        w * (q0 * q0 + q1 * q1 + q2 * q2) as leverage,
        w * (intercept_influence_0 + u * (
            intercept_influence_1 + u * intercept_influence_2
        )) as intercept_influence,
        w * (turnover_influence_0 + u * (
            turnover_influence_1 + u * turnover_influence_2
        )) as turnover_influence,
        w * (turnover_squared_influence_0 + u * (
            turnover_squared_influence_1 + u * turnover_squared_influence_2
        )) as turnover_squared_influence
    from orthonormal

)

select * from final
