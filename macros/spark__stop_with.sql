{% macro spark__stop_with(message, data_type) -%}
    cast(raise_error({{ message }}) as {{ data_type }})
{%- endmacro %}
