{#- A row as messages name it: the values of its key, joined with a space.

    key_columns   the columns of the key -#}
{% macro row_name(key_columns) -%}
    {%- for column_name in key_columns -%}
        {%- if not loop.first %} || ' ' || {% endif -%}
        coalesce(cast({{ column_name }} as {{ dbt.type_string() }}), '(empty)')
    {%- endfor -%}
{%- endmacro %}
