{% macro duckdb__element_of(numbers, position) -%}
    ({{ numbers }})[cast({{ position }} as bigint)]
{%- endmacro %}
