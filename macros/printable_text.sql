{#- A text with a blank for each sign that breaks a line or steers a terminal.

    text  SQL expression -#}
{% macro printable_text(text) -%}
    {{ return(adapter.dispatch('printable_text')(text)) }}
{%- endmacro %}
