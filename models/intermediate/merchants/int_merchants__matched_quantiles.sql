-- The same sample of the release before, or its largest one of the platform.
with quantiles as (

    select * from {{ ref('int_merchants__quantiles') }}

),

previous as (

    select * from {{ ref('int_merchants__previous_quantiles') }}

),

ranked as (

    select
        quantiles.platform_id,
        quantiles.sample_id,
        quantiles.measure,
        quantiles.quantile,
        quantiles.unit,
        quantiles.merchants,
        quantiles.value,
        previous.sample_id as previous_sample_id,
        previous.value as previous_value,
        row_number() over (
            partition by
                quantiles.platform_id,
                quantiles.sample_id,
                quantiles.measure,
                quantiles.quantile
            order by
                case
                    when previous.sample_id = quantiles.sample_id then 0 else 1
                end asc,
                previous.merchants desc,
                previous.sample_id asc
        ) as sample_rank
    from quantiles
    left join previous
        on
            quantiles.platform_id = previous.platform_id
            and quantiles.measure = previous.measure
            and quantiles.quantile = previous.quantile

),

final as (

    select
        platform_id,
        sample_id,
        measure,
        quantile,
        unit,
        merchants,
        value,
        previous_sample_id,
        previous_value
    from ranked
    where sample_rank = 1

)

select * from final
