{#- The word of a bound before a printed number, with its space in English; empty for an exact one.

    comparator   SQL expression of the comparator; the sum of a part that is `over` is `at_least`
    language     zh or en -#}
{% macro bound_word(comparator, language) -%}
    {%- set words = {
        'zh': {'over': '超过', 'at_least': '超过', 'about': '约', 'up_to': '近'},
        'en': {'over': 'over ', 'at_least': 'over ', 'about': 'about ', 'up_to': 'up to '},
    } -%}
    case {{ comparator }}
        {%- for name, word in words[language].items() %}
            when '{{ name }}' then '{{ word }}'
        {%- endfor %}
        else ''
    end
{%- endmacro %}
