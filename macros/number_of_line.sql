{#- The number of a line that is not accepted. Rows of a table of another engine have none: there
    those that are not accepted are counted, in the order of their cells.

    columns  of merchants -#}
{% macro number_of_line(columns) -%}
    {%- if merchant_format() == 'table' -%}
    row_number() over (partition by file_number order by {{ columns | join(', ') }})
    {%- else -%}
    line_number
    {%- endif -%}
{%- endmacro %}
