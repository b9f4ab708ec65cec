{#- Whether this run has the whole project. Another engine has a ledger of merchants and makes the
    sums of it, which a build on DuckDB reads: docs/how-to/count-on-spark.md. -#}
{% macro is_duckdb() -%}
    {{ return(target.type == 'duckdb') }}
{%- endmacro %}
