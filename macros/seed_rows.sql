{#- The rows of a seed as its table has them: text, with file and line. Empty where no file has a
    row that is loaded. The gates have passed the files and say which lines to load, so nothing
    about them is guessed.

    seed     its node
    columns  of its files -#}
{% macro seed_rows(seed, columns) -%}
    {%- set layers = run_query("select input_layers('" ~ seed.path ~ "')").columns[0].values()[0] -%}
    {%- for layer in fromjson(layers) %}
    {{ 'union all' if not loop.first }}
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
    {%- endfor %}
{%- endmacro %}
