{#- What was kept of a table when the partitions before were counted, as a relation.

    name  of the table -#}
{% macro kept(name) -%}
    {{ return(adapter.dispatch('parquet_files')(fromjson(from_plugin('kept_tables', '{}'))[name])) }}
{%- endmacro %}
