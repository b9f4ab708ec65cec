{#- SQL that fails with a text, such as the findings of validation.

    text  as it is to be read -#}
{% macro error_of(text) -%}
    select {{ stop_with("'" ~ escape_single_quotes(text) ~ "'", 'integer') }}
{%- endmacro %}
