{#- A variable of dbt that is true or false, as SQL writes it. -#}
{% macro boolean_variable(name) -%}
    {%- set value = var(name) -%}
    {%- if value is not boolean -%}
        {{ exceptions.raise_compiler_error(
            name ~ " must be true or false, not " ~ (value | tojson)
        ) }}
    {%- endif -%}
    {{ return(value | string | lower) }}
{%- endmacro %}
