{#- The numbers of the files of merchants that were not counted before. -#}
{% macro new_files() -%}
    {%- set partitions = fromjson(from_plugin('merchant_partitions', '[]')) -%}
    {{ return(range(counted_files() + 1, partitions | length + 1) | list) }}
{%- endmacro %}
