{% macro spark__repeated_values(relation, column_name) -%}
    select {{ column_name }}
    from {{ relation }}
    group by {{ column_name }}
    having count(*) > 1
{%- endmacro %}
