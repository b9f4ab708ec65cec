{#- The lines of the CSV files of merchant microdata that the environment names, as text;
    none where it names other files or nothing. Their paths come from the plugin, never from a
    variable of dbt. -#}
{% macro csv_lines() -%}
    {{ return(adapter.dispatch('csv_lines')()) }}
{%- endmacro %}
