{#- Asks a function of `platform_employment.dbt.plugin` while a model is compiled.

    function_name  an SQL function without parameters
    unless_asked   the answer while dbt parses the project -#}
{% macro from_plugin(function_name, unless_asked) -%}
    {%- if not execute -%} {{ return(unless_asked) }} {%- endif -%}
    {{ return(run_query("select " ~ function_name ~ "()").columns[0].values()[0]) }}
{%- endmacro %}
