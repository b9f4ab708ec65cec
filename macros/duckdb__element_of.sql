{% macro duckdb__element_of(numbers, position) -%}
    ({{ numbers }})[{{ position }}]
{%- endmacro %}
