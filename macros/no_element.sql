{#- The element of an input that is one number and not a number a tier or a type. -#}
{% macro no_element() -%}
    '-'
{%- endmacro %}
