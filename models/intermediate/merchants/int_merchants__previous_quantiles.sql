-- The quantiles of the release that the environment names, one sample a platform;
-- without one there is no row.
with previous as (

    {{ previous_quantiles() }}

),

ranked as (

    select
        *,
        row_number() over (
            partition by platform_id, measure, quantile
            order by merchants desc, sample_id asc
        ) as sample_rank
    from previous

),

final as (

    select
        platform_id,
        sample_id,
        measure,
        quantile,
        value
    from ranked
    where sample_rank = 1

)

select * from final
