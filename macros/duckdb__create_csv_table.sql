{#- Makes the table of a seed, all text: typing is staging's, so that nothing is guessed. Beside
    the columns of its file it has the file and line that a row stands in, so that a number can
    be traced to its cell. dbt does not load a shipped seed without rows, such as waivers; own
    data of that name may have some. Replaces the macro of dbt. -#}
{% macro duckdb__create_csv_table(model, agate_table) %}
    {% set sql %}
        create table {{ this.render() }} (
            {%- for column_name in agate_table.column_names %}
            {{ adapter.quote(column_name) }} varchar,
            {%- endfor %}
            seed_file varchar,
            seed_line bigint
        )
    {% endset %}
    {% do run_query(sql) %}
    {% if agate_table.rows | length == 0 %}
        {% do load_csv_rows(model, agate_table) %}
    {% endif %}
    {{ return(sql) }}
{% endmacro %}
