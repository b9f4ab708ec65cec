{#- The name of what Spark reads the merchants from. -#}
{% macro ledger() -%}
    {{ return(
        from_plugin('merchant_table', '')
        or fromjson(from_plugin('merchant_paths', '[]')) | join(' ')
    ) }}
{%- endmacro %}
