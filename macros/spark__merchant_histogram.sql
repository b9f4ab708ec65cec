{#- Logarithms differ in their last digit, so a value near the edge of a step is compared with
    the least double that DuckDB counts in it. -#}
{% macro spark__merchant_histogram(relation, value) -%}
    select
        counted.platform_id,
        counted.sample_id,
        counted.step,
        steps.middle,
        counted.merchants
    from (
        select
            merchants.platform_id,
            merchants.sample_id,
            steps.step
                + case
                    when merchants.value < steps.lowest then -1
                    when merchants.value >= steps.next_lowest then 1
                    else 0
                end as step,
            count(*) as merchants
        from (
            select
                platform_id,
                sample_id,
                {{ value }} as value
            from {{ relation }}
        ) as merchants
        inner join {{ handed_over('inputs', 'quantile_steps') }} as steps
            on floor(200 * log10(merchants.value)) = steps.step
        group by 1, 2, 3
    ) as counted
    inner join {{ handed_over('inputs', 'quantile_steps') }} as steps
        on counted.step = steps.step
{%- endmacro %}
