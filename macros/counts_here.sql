{#- Whether this engine counts the merchants and hands over what it has counted. -#}
{% macro counts_here() -%}
    {{ return(target.type == 'spark' or from_plugin('counts_here', false)) }}
{%- endmacro %}
