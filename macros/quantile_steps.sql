{#- The steps of duckdb__merchant_histogram, with the least double of each and of the next. -#}
{% macro quantile_steps() -%}
    select
        cast(step as bigint) as step,
        edges[step + 2001] as lowest,
        edges[step + 2002] as next_lowest,
        cast(power(10, (cast(step as double) + 0.5) / 200) as decimal(18, 4)) as middle
    from (select quantile_edges() as edges) as found
    cross join range(-2000, 2001) as steps (step)
{%- endmacro %}
