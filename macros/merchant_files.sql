{#- What is known of each file of merchant microdata before anything was loaded. -#}
{% macro merchant_files() -%}
    select unnest(merchant_files(), recursive := true)
{%- endmacro %}
