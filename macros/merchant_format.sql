{#- `seed`, or the format of the merchant microdata that the environment names. -#}
{% macro merchant_format() -%}
    {{ return(from_plugin('merchant_format', 'seed')) }}
{%- endmacro %}
