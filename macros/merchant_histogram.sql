{#- How many merchants of each sample are in each step of a logarithmic scale, 200 to a power of
    ten, with the middle of the step.

    relation  table or view of merchants
    value     SQL expression of a double above zero -#}
{% macro merchant_histogram(relation, value) -%}
    {{ return(adapter.dispatch('merchant_histogram')(relation, value)) }}
{%- endmacro %}
