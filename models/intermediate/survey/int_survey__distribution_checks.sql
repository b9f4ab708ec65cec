with bands as (

    select
        measure,
        {{ decimal_from_text('quantile', 3, 2) }} as quantile,
        unit,
        {{ decimal_from_text('stop_low', 18, 4) }} as stop_low,
        {{ decimal_from_text('warning_low', 18, 4) }} as warning_low,
        {{ decimal_from_text('warning_high', 18, 4) }} as warning_high,
        {{ decimal_from_text('stop_high', 18, 4) }} as stop_high,
        {{ decimal_from_text('warning_factor', 18, 2) }} as warning_factor,
        {{ decimal_from_text('stop_factor', 18, 2) }} as stop_factor
    from {{ ref('plausible_bands') }}

),

quantiles as (

    {{ merchant_quantiles(ref('int_survey__histograms'), 'bands') }}

),

previous as (

    {{ previous_quantiles() }}

),

ranked as (

    select
        quantiles.*,
        bands.unit,
        bands.stop_low,
        bands.warning_low,
        bands.warning_high,
        bands.stop_high,
        bands.warning_factor,
        bands.stop_factor,
        previous.sample_id as previous_sample_id,
        previous.value as previous_value,
        cast(quantiles.value as double) / cast(previous.value as double) as ratio,
        -- the same sample of the release before, or its largest one of the platform
        row_number() over (
            partition by
                quantiles.platform_id,
                quantiles.sample_id,
                quantiles.measure,
                quantiles.quantile
            order by
                case when previous.sample_id = quantiles.sample_id then 0 else 1 end,
                previous.merchants desc,
                previous.sample_id asc
        ) as sample_rank
    from quantiles
    inner join bands
        on
            quantiles.measure = bands.measure
            and quantiles.quantile = bands.quantile
    left join previous
        on
            quantiles.platform_id = previous.platform_id
            and quantiles.measure = previous.measure
            and quantiles.quantile = previous.quantile

),

compared as (

    select
        *,
        {{ rounded_decimal('ratio', 4) }} as factor,
        -- a value with no digit but zeros is below every bound
        greatest(
            ratio, cast(previous_value as double) / nullif(cast(value as double), 0)
        ) as distance
    from ranked
    where sample_rank = 1

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
