{#- The rows of the merchant microdata as text, with the number of their file: the seed
    merchant_sample, or the files that the environment names. The gates have passed the
    files, so nothing about them is guessed; their paths come from the plugin, never from
    a variable of dbt. -#}
{% macro merchant_rows(columns) -%}
    {%- set source_format = merchant_format() -%}
    {%- if source_format == 'seed' %}
    select
        case
            when seed_file like 'seeds/%' then cast(1 as bigint)
            else cast(len(merchant_files()) as bigint)
        end as file_number,
        {{ columns | join(',\n        ') }}
    from {{ ref('merchant_sample') }}
    {%- elif source_format == 'csv' %}
    select
        cast(file_index + 1 as bigint) as file_number,
        {{ columns | join(',\n        ') }}
    from read_csv(
        merchant_paths(),
        auto_detect = false,
        header = true,
        delim = ',',
        quote = '"',
        escape = '"',
        nullstr = '',
        -- a folder named headcount=5 says nothing
        hive_partitioning = false,
        columns = {
            {%- for column in columns -%}
                '{{ column }}': 'varchar'{{ ', ' if not loop.last }}
            {%- endfor -%}
        }
    )
    {%- elif source_format == 'parquet' %}
    select
        cast(file_index + 1 as bigint) as file_number,
        {%- for column in columns %}
        {{ text_of(column) }} as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from read_parquet(
        merchant_paths(),
        union_by_name = true,
        hive_partitioning = false
    )
    {%- endif %}
{%- endmacro %}
