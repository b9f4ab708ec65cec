{#- Loads a seed: the rows that the project ships, but for those that own data replaces or leaves
    out, then the own ones. Replaces the macro of dbt-duckdb, which knows only the project. The
    gates have passed the files and say which lines to load, so nothing about them is guessed. -#}
{% macro duckdb__load_csv_rows(model, agate_table) %}
    {%- set layers = run_query("select input_layers('" ~ model.path ~ "')") -%}
    {%- for layer in fromjson(layers.columns[0].values()[0]) %}
    {%- set sql -%}
        insert into {{ this.render() }}
        select *
        from (
            select
                *,
                '{{ escape_single_quotes(layer['file']) }}' as seed_file,
                -- one record a line, below the header
                row_number() over () + 1 as seed_line
            from read_csv(
                '{{ escape_single_quotes(layer['path']) }}',
                auto_detect = false,
                header = true,
                delim = ',',
                quote = '"',
                escape = '"',
                nullstr = '',
                hive_partitioning = false,
                columns = {
                    {%- for column_name in agate_table.column_names -%}
                        '{{ column_name }}': 'varchar'{{ ', ' if not loop.last }}
                    {%- endfor -%}
                }
            )
        ) as numbered
        {%- if layer['left_out'] %}
        where seed_line not in ({{ layer['left_out'] | join(', ') }})
        {%- endif %}
    {%- endset -%}
    {% do adapter.add_query(sql, abridge_sql_log=True) %}
    {%- endfor %}
    {{ return('') }}
{% endmacro %}
