-- Whatever a plausible quantile is, ten thousand times as much of it, or as little, is
-- outside the bounds at which the build stops: 元 for 万元, 万元 for 亿元. A quantile
-- without a band would not be looked at. The largest turnover a person shows a slip in
-- one line.
{%- set expected = {
    'turnover': ['0.1', '0.5', '0.9'],
    'headcount': ['0.1', '0.5', '0.9'],
    'productivity': ['0.1', '0.5', '0.9', '1'],
} %}

with bands as (

    select
        measure,
        {{ decimal_from_text('quantile', 3, 2) }} as quantile,
        {{ decimal_from_text('stop_low', 18, 4) }} as stop_low,
        {{ decimal_from_text('warning_low', 18, 4) }} as warning_low,
        {{ decimal_from_text('warning_high', 18, 4) }} as warning_high,
        {{ decimal_from_text('stop_high', 18, 4) }} as stop_high,
        {{ decimal_from_text('warning_factor', 18, 2) }} as warning_factor,
        {{ decimal_from_text('stop_factor', 18, 2) }} as stop_factor
    from {{ ref('plausible_bands') }}

),

expected as (

    {% for measure, quantiles in expected.items() %}
        {% for quantile in quantiles %}
            select
                '{{ measure }}' as measure,
                cast({{ quantile }} as decimal(3, 2)) as quantile
            {{ 'union all' if not loop.last }}
        {% endfor %}
        {{ 'union all' if not loop.last }}
    {% endfor %}

),

problems as (

    select
        expected.measure || ' at quantile ' || expected.quantile
        || ' has no band' as problem
    from expected
    left join bands
        on
            expected.measure = bands.measure
            and expected.quantile = bands.quantile
    where bands.measure is null

    union all

    select
        {{ row_name(['measure', 'quantile']) }}
        || ': a slip of 10000 could pass for plausible' as problem
    from bands
    where
        warning_low * 10000 <= stop_high
        or warning_high / 10000 >= stop_low
        or stop_low > warning_low
        or warning_low >= warning_high
        or warning_high > stop_high
        or stop_factor >= 10000
        or warning_factor > stop_factor

)

select * from problems
