-- What a second scan of the merchants adds to each fit once its curve is known.
with residuals as (

    select * from {{ ref('int_fit__residuals') }}

),

weighed as (

    select
        *,
        -- squared residual as if the merchant had not been in the fit, in units of the
        -- mean one; a leverage of one is refused by those who read the largest
        power(residual_wan_yuan_per_job / greatest(1 - leverage, 1e-8), 2)
        * nobs / residual_sum_of_squares as squared_deletion_residual,
        fitted_wan_yuan_per_job <= 0 or slope <= 0 as is_outside,
        cast(survey_weight as decimal(38, 6)) * turnover_wan_yuan
            as weighted_turnover_wan_yuan
    from residuals

),

final as (

    -- decimals: a sum of doubles depends on its order
    select
        platform_id,
        sample_id,
        industry_code,
        max(leverage) as largest_leverage,
        sum(cast(
            squared_deletion_residual * power(intercept_influence, 2)
            as decimal(38, 18)
        )) as intercept_hc3,
        sum(cast(
            squared_deletion_residual * power(turnover_influence, 2)
            as decimal(38, 18)
        )) as turnover_hc3,
        sum(cast(
            squared_deletion_residual * power(turnover_squared_influence, 2)
            as decimal(38, 18)
        )) as turnover_squared_hc3,
        count(case when is_outside then 1 end) as merchants_outside_domain,
        cast(
            coalesce(sum(case when is_outside then weighted_turnover_wan_yuan end), 0)
            / sum(weighted_turnover_wan_yuan) as double
        ) as turnover_share_outside_domain
    from weighed
    group by platform_id, sample_id, industry_code

)

select * from final
