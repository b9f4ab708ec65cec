{#- A number as text, rounded.

    expression   SQL expression of the number
    decimals     digits after the point -#}
{% macro rounded_number(expression, decimals) -%}
    cast(cast({{ expression }} as decimal(18, {{ decimals }})) as varchar)
{%- endmacro %}
