{#- One row of a failed test as people read it: where, what is wrong, what to do; of a test of
    dbt its columns.

    columns  names of the columns
    row      their values -#}
{% macro failed_row(columns, row) -%}
    {%- set cells = dict(zip(columns, row)) -%}
    {%- if 'problem' in columns -%}
        {%- set place = [cells.get('seed'), cells.get('seed_line')] | select | join(' line ') -%}
        {{ return(
            (place ~ ': ' if place else '') ~ cells['problem']
            ~ ('; ' ~ cells['remedy'] if cells.get('remedy') else '')
        ) }}
    {%- endif -%}
    {%- set texts = [] -%}
    {%- for name in columns -%} {%- do texts.append(name ~ ' ' ~ cells[name]) -%} {%- endfor -%}
    {{ return(texts | join(', ')) }}
{%- endmacro %}
