{#- Whether a text is one of the words of a list that separates them by single spaces.

    word     SQL expression of the text
    list     SQL expression of the list; null lists nothing -#}
{% macro is_listed(word, list) -%}
    {{ dbt.position("' ' || " ~ word ~ " || ' '", "' ' || " ~ list ~ " || ' '") }} > 0
{%- endmacro %}
