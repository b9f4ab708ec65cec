{#- The gates have been over files. Of a table Spark knows the lines, and its snapshot stands for
    the hash of a file. -#}
{% macro spark__merchant_files() -%}
    {%- if merchant_format() == 'table' %}
    select
        cast(1 as bigint) as file_number,
        '{{ merchant_sources()[0] }}' as file,
        ledger.snapshot as file_sha256,
        ledger.bytes as file_bytes,
        ledger.lines,
        cast(1 as bigint) as first_line,
        cast({{ from_plugin('rule_version', 0) }} as bigint) as rule_version
    from ({{ merchant_snapshot() }}) as ledger
    {%- else %}
    select * from {{ handed_over('inputs', 'merchant_files') }}
    {%- endif %}
{%- endmacro %}
