{#- `$` would match before a last line end, and a plain literal lose its backslashes. -#}
{% macro spark__full_match(text, pattern) -%}
    {{ text }} rlike r'(?d)\A(?:{{ pattern }})\z'
{%- endmacro %}
