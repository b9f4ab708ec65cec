{#- Whole numbers of 64 bits are added up in 128 here, and a cast rounds halves to even, so one sum
    says what two do elsewhere. -#}
{% macro duckdb__wide_sum(expression) -%}
    cast(
        sum(cast(({{ expression }}) * 4611686018427387904.0 as bigint)) as decimal(38, 0)
    )
{%- endmacro %}
