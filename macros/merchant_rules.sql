{#- For each column of merchant microdata its SQL expressions, which are explained in
    platform_employment.validation.sql: whether a cell is accepted, its value, its text, the
    reason code of that. The rules belong to validation, written once, in the yml of
    merchant_sample and in platform_employment.validation.cells. -#}
{% macro merchant_rules() -%}
    {%- if not execute -%} {{ return({}) }} {%- endif -%}
    {%- set query = "select merchant_rules('" ~ merchant_format() ~ "')" -%}
    {{ return(fromjson(run_query(query).columns[0].values()[0])) }}
{%- endmacro %}
