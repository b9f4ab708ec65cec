{% macro duckdb__csv_lines() -%}
    {%- set columns = merchant_columns() -%}
    {%- if merchant_format() == 'csv' %}
    select
        cast(file_index + 1 as bigint) as file_number,
        {{ columns | join(',\n        ') }}
    from {{ csv_text('merchant_paths()', columns) }}
    {%- else %}
    select
        cast(null as bigint) as file_number,
        {%- for column in columns %}
        cast(null as varchar) as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    where 1 = 0
    {%- endif %}
{%- endmacro %}
