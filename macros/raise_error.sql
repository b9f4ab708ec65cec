{#- Fails the query with a message, typed like the value that could not be made.

    message     an SQL text expression
    data_type   the type of the `case` branch it is in -#}
{% macro raise_error(message, data_type) -%}
    cast({{ 'raise_error' if target.type == 'spark' else 'error' }}({{ message }}) as {{ data_type }})
{%- endmacro %}
