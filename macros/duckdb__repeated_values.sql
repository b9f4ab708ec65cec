{#- Sorting takes less time and memory than a group for each value. -#}
{% macro duckdb__repeated_values(relation, column_name) -%}
    select distinct {{ column_name }}
    from (
        select
            {{ column_name }},
            lag({{ column_name }}) over (order by {{ column_name }}) as previous
        from {{ relation }}
    ) as sorted
    where {{ column_name }} = previous
{%- endmacro %}
