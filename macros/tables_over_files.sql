{#- Makes a table of Spark over each of these files of merchants, which the gates have passed.

    numbers  of the files -#}
{% macro tables_over_files(numbers) -%}
    {%- set paths = fromjson(from_plugin('merchant_paths', '[]')) -%}
    {%- for table in merchant_sources(numbers) if execute -%}
        {%- do run_query('drop table if exists ' ~ table) -%}
        {%- do run_query(table_over_file(table, paths[numbers[loop.index0] - 1])) -%}
    {%- endfor -%}
{%- endmacro %}
