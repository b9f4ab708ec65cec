{% macro duckdb__merchant_files() -%}
    select unnest(merchant_files(), recursive := true)
{%- endmacro %}
