{#- The estimate that the combinations of a method vary in a window: the one of a report, of
    this window before one of another. -#}
{% macro varied_estimates() -%}
    select
        platform_id,
        window_end,
        method_id,
        estimate_key
    from (
        select
            platform_id,
            window_end,
            method_id,
            estimate_key,
            row_number() over (
                partition by platform_id, window_end, method_id
                order by report_id is null, sort_order
            ) as preference
        from {{ ref('dim_estimates') }}
        where is_report_scenario
    ) as candidates
    where preference = 1
{%- endmacro %}
