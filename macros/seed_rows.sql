{#- The rows of a seed as its table has them: text, with file and line. Empty if no file has a row
    that is loaded. Validation has accepted the files and lists the lines to load, so nothing about
    them is guessed. A text that is written in one language alone is shown in both, marked as not
    translated.

    seed     its node
    columns  of its files -#}
{% macro seed_rows(seed, columns) -%}
    {%- set layers = run_query("select input_layers('" ~ seed.path ~ "')").columns[0].values()[0] -%}
    {%- for layer in fromjson(layers) %}
    {{ 'union all' if not loop.first }}
    select *
    from (
        select
            *
            {%- for column in columns if column.endswith('_zh') and column[:-3] ~ '_en' in columns %}
            {%- set name = column[:-3] %}
            {{ ' replace (' if loop.first }}
                coalesce({{ name }}_zh, {{ name }}_en || '（未翻译）') as {{ name }}_zh,
                coalesce({{ name }}_en, {{ name }}_zh || ' (not translated)') as {{ name }}_en
            {{- ')' if loop.last else ',' }}
            {%- endfor %},
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
