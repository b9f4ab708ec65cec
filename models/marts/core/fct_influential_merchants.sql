with influence as (

    select * from {{ ref('int_merchants__influence') }}

),

samples as (

    select * from {{ ref('int_merchants__samples') }}

),

final as (

    select
        influence.platform_id,
        influence.sample_id,
        cast(influence.influence_rank as integer) as influence_rank,
        influence.merchant_id,
        influence.turnover_wan_yuan,
        influence.headcount,
        influence.fitted_wan_yuan_per_job,
        influence.residual_wan_yuan_per_job,
        influence.leverage,
        influence.cooks_distance,
        samples.provenance,
        samples.source_id
    from influence
    inner join samples
        on
            influence.platform_id = samples.platform_id
            and influence.sample_id = samples.sample_id
    where influence.influence_rank <= 10

)

select * from final
