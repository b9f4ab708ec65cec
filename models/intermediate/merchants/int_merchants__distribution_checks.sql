with quantiles as (

    select * from {{ ref('int_merchants__quantiles') }}

),

bands as (

    select * from {{ ref('stg_survey__plausible_bands') }}

),

previous as (

    select * from {{ ref('int_merchants__previous_quantiles') }}

),

-- the same sample of the release before, or its largest one
ranked as (

    select
        quantiles.platform_id,
        quantiles.sample_id,
        quantiles.measure,
        quantiles.quantile,
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
    inner join previous
        on
            quantiles.platform_id = previous.platform_id
            and quantiles.measure = previous.measure
            and quantiles.quantile = previous.quantile

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
        ranked.previous_sample_id,
        ranked.previous_value,
        cast(
            cast(quantiles.value as double) / cast(ranked.previous_value as double)
            as decimal(18, 4)
        ) as factor,
        greatest(
            cast(quantiles.value as double) / cast(ranked.previous_value as double),
            cast(ranked.previous_value as double) / cast(quantiles.value as double)
        ) as distance,
        bands.warning_factor,
        bands.stop_factor
    from quantiles
    inner join bands
        on
            quantiles.measure = bands.measure
            and quantiles.quantile = bands.quantile
    left join ranked
        on
            quantiles.platform_id = ranked.platform_id
            and quantiles.sample_id = ranked.sample_id
            and quantiles.measure = ranked.measure
            and quantiles.quantile = ranked.quantile
            and ranked.sample_rank = 1

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
