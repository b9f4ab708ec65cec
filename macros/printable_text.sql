{#- A text with a blank for each sign that breaks a line or steers a terminal.

    text  SQL expression -#}
{% macro printable_text(text) -%}
    regexp_replace({{ text }}, '[\p{C}\p{Zl}\p{Zp}]', ' ', 'g')
{%- endmacro %}
