{% macro duckdb__stop_with(message, data_type) -%}
    cast(error({{ message }}) as {{ data_type }})
{%- endmacro %}
