{#- Loads a seed: the rows that the project ships, but for those that own data replaces or leaves
    out, then the own ones. Replaces the macro of dbt-duckdb, which knows only the project. The
    gates have passed the files and say which lines to load, so nothing about them is guessed. -#}
{% macro duckdb__load_csv_rows(model, agate_table) %}
    {%- set layers = run_query("select input_layers('" ~ model.path ~ "')") -%}
    {%- for layer in fromjson(layers.columns[0].values()[0]) %}
    {%- set sql -%}
        insert into {{ this.render() }}
        {{ layer_rows(layer, agate_table.column_names) }}
    {%- endset -%}
    {% do adapter.add_query(sql, abridge_sql_log=True) %}
    {%- endfor %}
    {{ return('') }}
{% endmacro %}
