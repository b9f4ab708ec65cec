{#- Makes the table of a seed. dbt does not load a shipped seed without rows, such as
    waivers; own data of that name may have some. Replaces the macro of dbt. -#}
{% macro duckdb__create_csv_table(model, agate_table) %}
    {% set sql = dbt.default__create_csv_table(model, agate_table) %}
    {% if agate_table.rows | length == 0 %}
        {% do load_csv_rows(model, agate_table) %}
    {% endif %}
    {{ return(sql) }}
{% endmacro %}
