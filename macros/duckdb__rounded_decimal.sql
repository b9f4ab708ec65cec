{% macro duckdb__rounded_decimal(number, scale) -%}
    cast({{ number }} as decimal(18, {{ scale }}))
{%- endmacro %}
