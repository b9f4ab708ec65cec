{#- A statement with numbers in the places {1}, {2} and {3}: the relation has them as
    text in number_1, number_2 and number_3. -#}
{% macro fill_in(statement) -%}
    replace(replace(replace(
        {{ statement }}, '{1}', number_1
    ), '{2}', number_2), '{3}', number_3)
{%- endmacro %}
