{#- The table of another engine that a variable of dbt names: `schema.table`, or the path of
    Parquet files on Spark.

    variable  ledger or ledger_designs -#}
{% macro ledger(variable) -%}
    {%- set name = var(variable) | string -%}
    {%- if modules.re.fullmatch('[A-Za-z0-9_]+([.][A-Za-z0-9_]+){0,2}', name) -%}
        {{ return(name) }}
    {%- elif target.type == 'spark' and modules.re.fullmatch('(/[A-Za-z0-9_.=-]+)+', name) -%}
        {{ return('parquet.`' ~ name ~ '`') }}
    {%- endif -%}
    {{ exceptions.raise_compiler_error(
        variable ~ ': ' ~ (name | tojson) ~ ' is neither schema.table nor the absolute path of '
        ~ "Parquet files: --vars '{" ~ variable ~ ": lake.merchants}'"
    ) }}
{%- endmacro %}
