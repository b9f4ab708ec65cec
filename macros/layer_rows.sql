{#- The rows of a file of a seed as its table has them: text, with file and line.

    layer    as the plugin gives it: the name to show, the path, the lines that are left out
    columns  of the file -#}
{% macro layer_rows(layer, columns) -%}
select *
from (
    select
        *,
        '{{ escape_single_quotes(layer['file']) }}' as seed_file,
        -- one record a line, below the header
        row_number() over () + 1 as seed_line
    from {{ csv_text("'" ~ escape_single_quotes(layer['path']) ~ "'", columns) }}
) as numbered
{%- if layer['left_out'] %}
where seed_line not in ({{ layer['left_out'] | join(', ') }})
{%- endif %}
{%- endmacro %}
