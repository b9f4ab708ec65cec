{#- A table of Spark over a file of merchants, which the gates have passed.

    table  its name
    path   of the file -#}
{% macro table_over_file(table, path) -%}
    {%- set written = path | replace('\\', '\\\\') | replace("'", "\\'") %}
    create table {{ table }}
    {%- if merchant_format() == 'csv' %}
    ({{ merchant_columns() | join(' string, ') }} string)
    using csv options (
        header 'true',
        quote '"',
        escape '"',
        nullValue '',
        emptyValue '',
        mode 'FAILFAST',
        path '{{ written }}'
    )
    {%- else %}
    using parquet options (path '{{ written }}')
    {%- endif %}
{%- endmacro %}
