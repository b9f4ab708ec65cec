{#- Makes a table of Spark over each of these files of merchants, which the gates have passed. -#}
{% macro tables_over_files() -%}
    {%- set paths = fromjson(from_plugin('merchant_paths', '[]')) -%}
    {%- for table in merchant_sources() if execute -%}
        {%- do run_query('drop table if exists ' ~ table) -%}
        {%- do run_query(table_over_file(table, paths[loop.index0])) -%}
    {%- endfor -%}
{%- endmacro %}
