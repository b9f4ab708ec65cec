{#- The tables of Spark that the merchants are read from, one a file.

    numbers  of the files, those that were not counted before without -#}
{% macro merchant_sources(numbers=none) -%}
    {%- set format = merchant_format() -%}
    {%- if format == 'table' -%}
        {{ return([from_plugin('merchant_table', '')]) }}
    {%- endif -%}
    {%- set tables = [] -%}
    {%- for number in numbers or new_files() -%}
        {%- do tables.append(generate_schema_name('staging') ~ '.merchant_file_' ~ number) -%}
    {%- endfor -%}
    {{ return(tables) }}
{%- endmacro %}
