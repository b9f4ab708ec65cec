{% macro duckdb__csv_lines() -%}
    {%- set columns = merchant_columns() -%}
    {%- if merchant_format() == 'csv' %}
    select
        cast(file_index + 1 as bigint) as file_number,
        {{ columns | join(',\n        ') }},
        coalesce({{ judged_cells(merchant_rules()) }}, false) as are_cells_accepted
    from {{ csv_text('merchant_paths()', columns) }}
    {%- else %}
    select
        cast(null as bigint) as file_number,
        {%- for column in columns %}
        cast(null as varchar) as {{ column }},
        {%- endfor %}
        false as are_cells_accepted
    where 1 = 0
    {%- endif %}
{%- endmacro %}
