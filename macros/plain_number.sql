{#- A decimal as people write it: without the zeros that its type adds at the end.

    number   a decimal with a scale above zero -#}
{% macro plain_number(number) -%}
    rtrim(rtrim(cast({{ number }} as {{ dbt.type_string() }}), '0'), '.')
{%- endmacro %}
