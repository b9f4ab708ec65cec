-- Whatever a plausible quantile is, ten thousand times as much of it, or as little, is
-- outside the bounds at which the build stops: 元 for 万元, 万元 for 亿元.
with bands as (

    select * from {{ ref('stg_survey__plausible_bands') }}

),

problems as (

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

{{ stop_if_any('problems') }}
