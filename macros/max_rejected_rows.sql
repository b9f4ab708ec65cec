{#- The variable of the same name, a whole number: it goes into SQL. -#}
{% macro max_rejected_rows() -%}
    {%- set most = var('max_rejected_rows') -%}
    {%- if most is boolean or most is not integer or most < 0 -%}
        {{ exceptions.raise_compiler_error(
            "max_rejected_rows must be a whole number from 0, not " ~ (most | tojson)
        ) }}
    {%- endif -%}
    {{ return(most) }}
{%- endmacro %}
