{#- Whether the environment names a folder of sums instead of microdata. -#}
{% macro is_from_sums() -%}
    {{ return(is_duckdb() and merchant_format() == 'sums') }}
{%- endmacro %}
