{#- With what the number of a line follows from: the block of its file that one task has read,
    and a number that grows along it. -#}
{% macro spark__csv_lines() -%}
    {%- set columns = merchant_columns() -%}
    {%- for table in (merchant_sources() if merchant_format() == 'csv' else []) %}
    {{ 'union all' if not loop.first }}
    select
        cast({{ loop.index }} as bigint) as file_number,
        _metadata.file_block_start as block_start,
        monotonically_increasing_id() as scan_number,
        {{ columns | join(',\n        ') }}
    from {{ table }}
    {%- else %}
    select
        cast(null as bigint) as file_number,
        {%- for column in columns %}
        cast(null as string) as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    where 1 = 0
    {%- endfor %}
{%- endmacro %}
