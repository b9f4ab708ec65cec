{% macro duckdb__printable_text(text) -%}
    regexp_replace({{ text }}, '[\p{C}\p{Zl}\p{Zp}]', ' ', 'g')
{%- endmacro %}
