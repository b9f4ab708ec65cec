{#- The lines of the CSV files of merchant microdata that the environment names, as text;
    none where it names other files or nothing. The gates have passed the files, so nothing
    about them is guessed; their paths come from the plugin, never from a variable of dbt. -#}
{% macro csv_lines() -%}
    {%- set columns = merchant_columns() -%}
    {%- if merchant_format() == 'csv' %}
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
    {%- else %}
    select
        cast(null as bigint) as file_number,
        {%- for column in columns %}
        cast(null as varchar) as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    where 1 = 0
    {%- endif %}
{%- endmacro %}
