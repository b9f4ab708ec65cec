{#- The lines of the merchant microdata with the number of their file: the ones of the seed
    merchant_sample, or of the files that the environment names. A CSV was read before, as
    text; of a Parquet file or one table per number stays a number. Validation has passed the files,
    so nothing about them is guessed; their paths come from the plugin, never from a variable
    of dbt.

    with_number  with the number of a line among the files of its file, from 1 -#}
{% macro merchant_lines(with_number=false) -%}
    {%- set columns = merchant_columns() -%}
    {%- set source_format = merchant_format() -%}
    {%- if source_format == 'parquet' %}
    {%- set rules = merchant_rules() %}
    select
        cast(file_index + 1 as bigint) as file_number,
        {%- if with_number %}
        cast(file_row_number + 1 as bigint) as line_number,
        {%- endif %}
        {%- for column in columns %}
        {{ rules[column].source }} as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from read_parquet(
        merchant_paths(),
        union_by_name = true,
        -- a folder named headcount=5 says nothing
        hive_partitioning = false
    )
    {%- elif source_format == 'csv' %}
    select
        lines.file_number,
        {%- if with_number %}
        -- DuckDB counts the rows of a table in the order in which they were written
        lines.rowid + 1 - files.lines_in_files_before as line_number,
        {%- endif %}
        {%- for column in columns %}
        lines.{{ column }},
        {%- endfor %}
        lines.are_cells_accepted
    from {{ ref('stg_survey__csv_lines') }} as lines
    {%- if with_number %}
    inner join {{ ref('stg_survey__merchant_files') }} as files
        on lines.file_number = files.file_number
    {%- endif %}
    {%- elif source_format == 'sums' %}
    select
        cast(null as bigint) as file_number,
        {%- if with_number %}
        cast(null as bigint) as line_number,
        {%- endif %}
        {%- for column in columns %}
        cast(null as varchar) as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    where 1 = 0
    {%- else %}
    select
        case
            when seed_file like 'seeds/%' then cast(1 as bigint)
            else cast(len(merchant_files()) as bigint)
        end as file_number,
        {%- if with_number %}
        -- the header is line 1
        seed_line - 1 as line_number,
        {%- endif %}
        {{ columns | join(',\n        ') }}
    from {{ ref('merchant_sample') }}
    {%- endif %}
{%- endmacro %}
