{#- Asks a function of `platform_employment.dbt.plugin` while a model is compiled, or what it said
    before where another engine compiles.

    function_name  an SQL function without parameters
    unless_asked   the answer while dbt only parses the project -#}
{% macro from_plugin(function_name, unless_asked) -%}
    {%- if not execute -%} {{ return(unless_asked) }} {%- endif -%}
    {{ return(adapter.dispatch('from_plugin')(function_name)) }}
{%- endmacro %}
