-- What each merchant does to the fit of its sample and to that of its industry. A view:
-- whoever reads it scans the merchants once more.
with merchants as (

    select * from {{ ref('int_survey__merchants') }}

),

fits as (

    select * from {{ ref('est_merchant_fits') }}

),

positions as (

    select
        fits.*,
        merchants.merchant_id,
        merchants.turnover_wan_yuan,
        merchants.headcount,
        merchants.productivity_wan_yuan_per_job,
        merchants.survey_weight,
        cast(merchants.survey_weight as double) as w,
        cast(
            merchants.turnover_wan_yuan
            - cast(fits.lowest_wan_yuan as decimal(18, 2)) as double
        ) / fits.range_wan_yuan as u
    from merchants
    inner join fits
        on
            merchants.platform_id = fits.platform_id
            and merchants.sample_id = fits.sample_id
            and fits.industry_code in ('all', merchants.industry_code)
    where
        fits.unusable_reason is null
        and {{ boolean_variable('second_scan') }}

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
        w * (
            power(orthonormal_0_0, 2)
            + power(orthonormal_1_0 + u * orthonormal_1_1, 2)
            + power(orthonormal_2_0 + u * (orthonormal_2_1 + u * orthonormal_2_2), 2)
        ) as leverage,
        w * (intercept_influence_0 + u * (
            intercept_influence_1 + u * intercept_influence_2
        )) as intercept_influence,
        w * (turnover_influence_0 + u * (
            turnover_influence_1 + u * turnover_influence_2
        )) as turnover_influence,
        w * (turnover_squared_influence_0 + u * (
            turnover_squared_influence_1 + u * turnover_squared_influence_2
        )) as turnover_squared_influence
    from positions

)

select * from final
