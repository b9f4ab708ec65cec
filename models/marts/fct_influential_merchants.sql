-- Merchants without which the curve of their sample would be another: Cook's distance
-- above the usual 4 / n.
with residuals as (

    select * from {{ ref('int_fit__residuals') }}

),

samples as (

    select * from {{ ref('int_survey__samples') }}

),

distances as (

    select
        platform_id,
        sample_id,
        merchant_id,
        turnover_wan_yuan,
        headcount,
        fitted_wan_yuan_per_job,
        residual_wan_yuan_per_job,
        leverage,
        nobs,
        -- e^2 / (3 s^2) h / (1 - h)^2
        survey_weight * power(residual_wan_yuan_per_job, 2) * (nobs - 3)
        / (3 * residual_sum_of_squares)
        * leverage / power(greatest(1 - leverage, 1e-8), 2) as cooks_distance
    from residuals
    where industry_code = 'all'

),

ranked as (

    select
        *,
        row_number() over (
            partition by platform_id, sample_id
            order by cooks_distance desc, merchant_id asc
        ) as influence_rank
    from distances
    where cooks_distance > 4.0 / nobs

),

final as (

    select
        ranked.platform_id,
        ranked.sample_id,
        cast(ranked.influence_rank as integer) as influence_rank,
        ranked.merchant_id,
        ranked.turnover_wan_yuan,
        ranked.headcount,
        ranked.fitted_wan_yuan_per_job,
        ranked.residual_wan_yuan_per_job,
        ranked.leverage,
        ranked.cooks_distance,
        samples.provenance,
        samples.source_id
    from ranked
    inner join samples
        on
            ranked.platform_id = samples.platform_id
            and ranked.sample_id = samples.sample_id
    where ranked.influence_rank <= 10

)

select * from final
