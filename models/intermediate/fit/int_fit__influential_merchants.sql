-- noqa: disable=LT02
-- The ten merchants without which the curve of a sample too large for memory would
-- change most: Cook's distance above 4 / n, first those that decide the curve alone.
{{ written_to_sums_folder() }}
{% if is_from_sums() %}
{{ sums_folder('int_fit__influential_merchants', {
    'platform_id': 'varchar', 'sample_id': 'varchar', 'merchant_id': 'varchar',
    'turnover_wan_yuan': 'decimal(18, 2)', 'headcount': 'bigint',
}) }}
{% else %}
with sums as (

    select * from {{ ref('int_fit__sums') }}
    where industry_code = '-'

),

merchants as (

    select * from {{ ref('stg_survey__merchants') }}

),

polynomials as (

    select
        sums.platform_id,
        sums.sample_id,
        sums.nobs,
        sums.rss,
        merchants.merchant_id,
        merchants.turnover_wan_yuan,
        merchants.headcount,
        cast(merchants.survey_weight as double) as w,
        cast(merchants.turnover_wan_yuan as double) / merchants.headcount as p,
        sums.c0,
        sums.c1,
        sums.c2,
        sums.a0 as q0,
        sums.a1 * (
            cast(merchants.turnover_wan_yuan - sums.lowest_wan_yuan as double)
            / sums.range_wan_yuan - sums.m
        ) as q1,
        cast(merchants.turnover_wan_yuan - sums.lowest_wan_yuan as double)
        / sums.range_wan_yuan as u,
        sums.a2,
        sums.k,
        sums.m,
        sums.r
    from merchants
    inner join sums
        on
            merchants.platform_id = sums.platform_id
            and merchants.sample_id = sums.sample_id

),

fitted as (

    select
        *,
        a2 * (u * u - k * (u - m) - r) as q2,
        c0 * q0 + c1 * q1 + c2 * (a2 * (u * u - k * (u - m) - r))
            as fitted_wan_yuan_per_job
    from polynomials

),

residuals as (

    select
        *,
        p - fitted_wan_yuan_per_job as residual_wan_yuan_per_job,
        w * (q0 * q0 + q1 * q1 + q2 * q2) as leverage
    from fitted

),

distances as (

    select
        *,
        case
            when 1 - leverage >= 1e-8
                then
                    w * (residual_wan_yuan_per_job * residual_wan_yuan_per_job)
                    * leverage / ((1 - leverage) * (1 - leverage))
                    * (nobs - 3) / (3 * rss)
        end as cooks_distance
    from residuals

),

ranked as (

    select
        *,
        row_number() over (
            partition by platform_id, sample_id
            order by
                case when cooks_distance is null then 0 else 1 end,
                cooks_distance desc,
                merchant_id asc
        ) as influence_rank
    from distances
    -- few are, so that the sort is small
    where cooks_distance is null or cooks_distance > 4e0 / nobs

),

final as (

    select
        platform_id,
        sample_id,
        merchant_id,
        turnover_wan_yuan,
        headcount,
        fitted_wan_yuan_per_job,
        residual_wan_yuan_per_job,
        leverage,
        cooks_distance
    from ranked
    where influence_rank <= 10

)

select * from final
{% endif %}
