{#- The end of a query that makes a table of the partitions that are counted: what is kept of the
    others, of a daily increment alone.

    name       of the table
    column     partition_number or file_number
    numbers    of the partitions or files that are counted -#}
{% macro and_kept(name, column=none, numbers=[]) -%}
    {%- if counted_files() %}
    union all
    select * from {{ kept(name) }} as kept
    {%- if column %}
    where {{ column }} not in ({{ numbers | join(', ') }})
    {%- endif %}
    {%- endif %}
{%- endmacro %}
