{#- The SQL that runs before anything is loaded: an error where the inputs do not pass the gates, so
    that all nodes count as skipped and `dbt retry` makes them; nothing else. -#}
{% macro gate_inputs() %}
    {%- if not execute -%} {{ return('') }} {%- endif -%}
    {{ return(adapter.dispatch('gate_inputs')()) }}
{% endmacro %}
