{{ config(severity='warn') }}
{%- set today = "cast('" ~ var('as_of') ~ "' as date)" if var('as_of') else 'current_date' %}
select
    cast(null as varchar) as seed,
    cast(null as bigint) as seed_line,
    series_id as value,
    title_en || ': the period that ends on ' || next_period_end || ' was expected by ' || expected_by
    || '. Add its rows, or set stopped_on in recurring_sources.csv when the series has ended.'
        as problem
from {{ ref('aud_source_freshness') }}
where stopped_on is null and expected_by < {{ today }}
