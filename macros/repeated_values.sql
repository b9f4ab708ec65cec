{#- The values that more than one row of a relation has, once each. Sorting takes less time and
    memory than a group for each value.

    relation     table
    column_name  of whole numbers -#}
{% macro repeated_values(relation, column_name) -%}
    select distinct {{ column_name }}
    from (
        select
            {{ column_name }},
            lag({{ column_name }}) over (order by {{ column_name }}) as previous
        from {{ relation }}
    ) as sorted
    where {{ column_name }} = previous
{%- endmacro %}
