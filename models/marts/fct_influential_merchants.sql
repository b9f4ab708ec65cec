-- Merchants without which the curve of their sample would be another: Cook's distance
-- above the usual 4 / n. One that decides the curve alone is first, without a distance.
with fits as (

    select * from {{ ref('est_merchant_fits') }}

),

samples as (

    select * from {{ ref('int_survey__samples') }}

),

influential as (

    select
        platform_id,
        sample_id,
        unnest(most_influential) as merchant
    from fits
    where industry_code = '-'

),

ranked as (

    select
        influential.platform_id,
        influential.sample_id,
        influential.merchant.merchant_id,
        cast(influential.merchant.turnover_wan_yuan as decimal(18, 2))
            as turnover_wan_yuan,
        influential.merchant.headcount,
        influential.merchant.fitted_wan_yuan_per_job,
        influential.merchant.residual_wan_yuan_per_job,
        influential.merchant.leverage,
        influential.merchant.cooks_distance,
        row_number() over (
            partition by influential.platform_id, influential.sample_id
            order by
                influential.merchant.cooks_distance desc nulls first,
                influential.merchant.merchant_id asc
        ) as influence_rank
    from influential

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

)

select * from final
