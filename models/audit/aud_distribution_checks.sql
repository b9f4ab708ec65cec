with distribution_checks as (

    select * from {{ ref('int_survey__distribution_checks') }}

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
        stop_low,
        warning_low,
        warning_high,
        stop_high,
        previous_sample_id,
        previous_value,
        factor,
        warning_factor,
        stop_factor,
        result,
        message
    from distribution_checks

)

select * from final
