{#- Loads a seed: the rows that the project ships, but for those that own data replaces or leaves
    out, then the own ones. Replaces the macro of dbt-duckdb, which knows only the project. -#}
{% macro duckdb__load_csv_rows(model, agate_table) %}
    {%- set rows = seed_rows(model, agate_table.column_names) -%}
    {%- if rows.strip() -%}
        {%- do adapter.add_query('insert into ' ~ this.render() ~ rows, abridge_sql_log=True) -%}
    {%- endif -%}
    {{ return('') }}
{% endmacro %}
