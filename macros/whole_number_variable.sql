{#- A variable of dbt that is a whole number: it goes into SQL. -#}
{% macro whole_number_variable(name) -%}
    {%- set number = var(name) -%}
    {%- if
        number is boolean
        or number is not integer
        or number < 0
        or number > 1000000000000
    -%}
        {{ exceptions.raise_compiler_error(
            name ~ " must be a whole number from 0 to 1000000000000, not "
            ~ (number | tojson)
        ) }}
    {%- endif -%}
    {{ return(number) }}
{%- endmacro %}
