with quantiles as (

    select * from {{ ref('int_merchants__matched_quantiles') }}

),

bands as (

    select * from {{ ref('stg_survey__plausible_bands') }}

),

compared as (

    select
        quantiles.platform_id,
        quantiles.sample_id,
        quantiles.measure,
        quantiles.quantile,
        quantiles.unit,
        quantiles.merchants,
        quantiles.value,
        bands.stop_low,
        bands.warning_low,
        bands.warning_high,
        bands.stop_high,
        quantiles.previous_sample_id,
        quantiles.previous_value,
        cast(
            cast(quantiles.value as double) / cast(quantiles.previous_value as double)
            as decimal(18, 4)
        ) as factor,
        -- a value with no digit but zeros is below every bound
        greatest(
            cast(quantiles.value as double) / cast(quantiles.previous_value as double),
            cast(quantiles.previous_value as double)
            / nullif(cast(quantiles.value as double), 0)
        ) as distance,
        bands.warning_factor,
        bands.stop_factor
    from quantiles
    inner join bands
        on
            quantiles.measure = bands.measure
            and quantiles.quantile = bands.quantile

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
        case
            when value < stop_low or value > stop_high or distance > stop_factor
                then 'stop'
            when
                value < warning_low
                or value > warning_high
                or distance > warning_factor
                then 'warning'
            else 'ok'
        end as result,
        platform_id || ' ' || sample_id || ': ' || measure || ' at quantile '
        || quantile || ' is ' || cast(value as double) || ' ' || unit
        || '; plausible in the declared unit from '
        || cast(warning_low as double)
        || ' to ' || cast(warning_high as double)
        || coalesce(
            '; ' || cast(factor as double) || ' times the '
            || cast(previous_value as double) || ' of the release before',
            ''
        ) as message
    from compared

)

select * from final
