{#- SQL that fails with a text, such as the findings of validation.

    text  as it is to be read -#}
{% macro raise_error_query(text) -%}
    select {{ raise_error("'" ~ escape_single_quotes(text) ~ "'", 'integer') }}
{%- endmacro %}
