-- The quantiles of the release that the environment names; without one there is no row.
with previous as (

    {{ previous_quantiles() }}

),

final as (

    select
        platform_id,
        sample_id,
        measure,
        quantile,
        merchants,
        value
    from previous

)

select * from final
