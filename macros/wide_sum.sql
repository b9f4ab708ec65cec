{#- The sum of an expression in whole numbers of 2^-62, each value rounded to the nearest one,
    halves to even: unlike a sum of doubles it does not depend on the order of the rows.

    expression  of doubles from 0 to 1 -#}
{% macro wide_sum(expression) -%}
    {{ return(adapter.dispatch('wide_sum')(expression)) }}
{%- endmacro %}
