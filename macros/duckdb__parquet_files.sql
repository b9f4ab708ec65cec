{% macro duckdb__parquet_files(paths) -%}
    {%- set quoted = [] -%}
    {%- for path in paths -%}
        {%- do quoted.append("'" ~ escape_single_quotes(path) ~ "'") -%}
    {%- endfor -%}
    read_parquet([{{ quoted | join(', ') }}], hive_partitioning = false)
{%- endmacro %}
