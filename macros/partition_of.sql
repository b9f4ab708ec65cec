{#- The number of the partition that a file of merchants is in. All are in one unless each is in a
    folder such as day=2026-11-26.

    file_number  of the file, SQL -#}
{% macro partition_of(file_number) -%}
    {%- set numbers = fromjson(from_plugin('merchant_partitions', '[1]')) -%}
    {%- if numbers[-1] == 1 -%}
    cast(1 as bigint)
    {%- else -%}
    cast({{ adapter.dispatch('element_of')(numbers, file_number) }} as bigint)
    {%- endif -%}
{%- endmacro %}
