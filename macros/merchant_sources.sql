{#- The tables of Spark that the merchants are read from, one a file. -#}
{% macro merchant_sources() -%}
    {%- set format = merchant_format() -%}
    {%- if format == 'table' -%}
        {{ return([from_plugin('merchant_table', '')]) }}
    {%- endif -%}
    {%- set tables = [] -%}
    {%- for _ in fromjson(from_plugin('merchant_paths', '[]')) -%}
        {%- do tables.append(generate_schema_name('staging') ~ '.merchant_file_' ~ loop.index) -%}
    {%- endfor -%}
    {{ return(tables) }}
{%- endmacro %}
