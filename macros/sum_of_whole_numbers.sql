{#- The sum of an expression between 0 and 1 in whole numbers of 2^-62: unlike a sum of
    doubles it does not depend on the order of the rows.

    expression  of doubles from 0 to 1 -#}
{% macro sum_of_whole_numbers(expression) -%}
    cast(
        sum(cast(({{ expression }}) * 4611686018427387904.0 as bigint))
        as decimal(38, 0)
    )
{%- endmacro %}
