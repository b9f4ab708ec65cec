{#- Folders name their schema outright (`marts`, not `main_marts`): every build on DuckDB has a
    database of its own, so there is nothing to prefix against. On another engine the schema of
    the target stands before it. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {%- set prefix = '' if target.type == 'duckdb' else target.schema ~ '_' -%}
    {{ prefix ~ (custom_schema_name or target.schema) | trim }}
{%- endmacro %}
