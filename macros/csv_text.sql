{#- A CSV file that validation has passed, as a relation of text: nothing about it is guessed.

    paths    SQL of the path or paths
    columns  of the file -#}
{% macro csv_text(paths, columns) -%}
read_csv(
        {{ paths }},
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
{%- endmacro %}
