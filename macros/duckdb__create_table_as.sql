{#- Makes a table as dbt-duckdb does; one that Spark has handed over from its files, by the names
    and types of the model, which has no rows then. Replaces the macro of dbt-duckdb. -#}
{% macro duckdb__create_table_as(
    temporary, relation, compiled_code, language='sql', partitioned_by=none, sorted_by=none
) -%}
    {%- set handed_over = handed_over_tables() -%}
    {%- if hand_over_folder() and model.name in handed_over.sums + handed_over.residuals
        and merchant_format() == 'handed_over' -%}
        {%- set query = "select handed_over('" ~ model.name ~ "')" -%}
        {%- set found = fromjson(run_query(query).columns[0].values()[0]) -%}
        {%- if found.problem -%}
            {{ exceptions.raise_compiler_error(found.problem) }}
        {%- endif -%}
        {%- set paths = [] -%}
        {%- for path in found.files -%}
            {%- do paths.append("'" ~ escape_single_quotes(path) ~ "'") -%}
        {%- endfor -%}
        {%- set compiled_code -%}
            select * from ({{ compiled_code }}) as model where 1 = 0
            union all by name
            select * from read_parquet([{{ paths | join(', ') }}], hive_partitioning = false)
        {%- endset -%}
    {%- endif -%}
    {{ return(dbt.duckdb__create_table_as(
        temporary, relation, compiled_code, language, partitioned_by, sorted_by
    )) }}
{%- endmacro %}
