{#- The text columns of a row as one line of CSV, quoted where it must be.

    columns  text columns, null for an empty cell -#}
{% macro csv_line(columns) -%}
    {%- for column_name in columns %}
    case
        when
            {{ column_name }} like '%,%'
            or {{ column_name }} like '%"%'
            or {{ column_name }} like '%' || chr(10) || '%'
            or {{ column_name }} like '%' || chr(13) || '%'
            then '"' || replace({{ column_name }}, '"', '""') || '"'
        else coalesce({{ column_name }}, '')
    end
    {%- if not loop.last %} || ',' || {%- endif %}
    {%- endfor %}
{%- endmacro %}
