{#- A double, zero or more, as a decimal of that many digits after the point: multiplied by the
    power of ten as a double and rounded to the nearest whole number, halves up.

    number   of less than 10^18 in its last digit
    scale    digits after the point, less than 19 -#}
{% macro rounded_decimal(number, scale) -%}
    cast({{ number }} as decimal(18, {{ scale }}))
{%- endmacro %}
