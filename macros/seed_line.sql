{#- The line of a seed's file that a row stands in; the header is line 1. A seed is loaded by
    one insert in the order of its file, and has one record a line.

    To be asked of the seed itself, before any join or filter. -#}
{% macro seed_line() -%}
    row_number() over () + 1
{%- endmacro %}
