{#- Half a unit of the last printed digit of a number that is still text: what rounding
    alone can explain. 0.059 may be anything from 0.0585 to 0.0595.

    column_name        the text column
    precision, scale   of the decimal that is given -#}
{% macro rounding_half_width(column_name, precision, scale) -%}
    cast(
        0.5 * power(10.0, -length(split_part({{ column_name }}, '.', 2)))
        as decimal({{ precision }}, {{ scale }})
    )
{%- endmacro %}
