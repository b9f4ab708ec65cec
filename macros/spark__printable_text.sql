{% macro spark__printable_text(text) -%}
    regexp_replace({{ text }}, r'[\p{C}\p{Zl}\p{Zp}]', ' ')
{%- endmacro %}
