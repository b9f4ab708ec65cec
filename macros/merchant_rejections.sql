{#- For each column of merchant microdata an SQL expression of its reason code: the rules
    are those of the gates, written once, in the yml of merchant_sample and in
    platform_employment.gates.rows. -#}
{% macro merchant_rejections() -%}
    {{ return(fromjson(from_plugin('merchant_rejections', '{}'))) }}
{%- endmacro %}
