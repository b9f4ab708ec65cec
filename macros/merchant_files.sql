{#- What is known of each file of merchant microdata before anything was loaded. -#}
{% macro merchant_files() -%}
    {{ return(adapter.dispatch('merchant_files')()) }}
{%- endmacro %}
