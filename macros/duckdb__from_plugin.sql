{% macro duckdb__from_plugin(function_name) -%}
    {{ return(run_query("select " ~ function_name ~ "()").columns[0].values()[0]) }}
{%- endmacro %}
