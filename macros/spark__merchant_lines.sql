{#- Rows of a table have no number: see number_of_line. -#}
{% macro spark__merchant_lines(with_number) -%}
    {%- set columns = merchant_columns() -%}
    {%- if merchant_format() == 'csv' %}
    select
        lines.file_number,
        {%- if with_number %}
        blocks.lines_before + lines.scan_number - blocks.first_number + 1 as line_number,
        {%- endif %}
        {%- for column in columns %}
        lines.{{ column }},
        {%- endfor %}
        lines.are_cells_accepted
    from {{ ref('stg_survey__csv_lines') }} as lines
    {%- if with_number %}
    inner join (
        select
            file_number,
            block_start,
            min(scan_number) as first_number,
            coalesce(sum(count(*)) over (
                partition by file_number
                order by block_start
                rows between unbounded preceding and 1 preceding
            ), 0) as lines_before
        from {{ ref('stg_survey__csv_lines') }}
        group by file_number, block_start
    ) as blocks
        on
            lines.file_number = blocks.file_number
            and lines.block_start = blocks.block_start
    {%- endif %}
    {%- else %}
    {%- set rules = merchant_rules() %}
    {%- for table in merchant_sources() %}
    {{ 'union all' if not loop.first }}
    select
        cast({{ loop.index }} as bigint) as file_number,
        {%- if with_number %}
        {{ '_metadata.row_index + 1' if merchant_format() == 'parquet'
            else 'cast(null as bigint)' }} as line_number,
        {%- endif %}
        {%- for column in columns %}
        {{ rules[column].source }} as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ table }}
    {%- endfor %}
    {%- endif %}
{%- endmacro %}
