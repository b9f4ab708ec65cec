{#- The quantiles in aud_distribution_checks of an earlier release, or none. -#}
{% macro previous_quantiles() -%}
    {{ return(adapter.dispatch('previous_quantiles')()) }}
{%- endmacro %}
