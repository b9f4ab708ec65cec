{#- The sum of doubles, zero or more, each rounded to 18 digits after the point, as a decimal: it
    does not depend on the order of the rows.

    expression  SQL -#}
{% macro decimal_sum(expression) -%}
    {{ return(adapter.dispatch('decimal_sum')(expression)) }}
{%- endmacro %}
