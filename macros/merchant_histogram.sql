{#- How many merchants of each sample have a value in which step of a logarithmic scale, 200 steps to
    a power of ten.

    relation  table or view of merchants
    value     SQL of the value, a double above 0 -#}
{% macro merchant_histogram(relation, value) -%}
    select
        *,
        cast(power(10, (step + 0.5) / 200) as decimal(18, 4)) as middle
    from (
        select
            platform_id,
            sample_id,
            floor(200 * log10({{ value }})) as step,
            count(*) as merchants
        from {{ relation }}
        group by platform_id, sample_id, step
    ) as counted
{%- endmacro %}
