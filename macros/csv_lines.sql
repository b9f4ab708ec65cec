{#- The lines of the CSV files of merchant microdata that the environment names, as text;
    none where it names other files or nothing. Their paths come from the plugin, never from a
    variable of dbt. -#}
{% macro csv_lines() -%}
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
