{#- A number of jobs or persons as text: in 万 and 亿 in Chinese, in thousands, millions and billions in English.

    number       SQL expression of the number
    language     zh or en
    is_printed   a printed number keeps its digits; a computed one has three -#}
{% macro amount_text(number, language, is_printed=false) -%}
    {%- set words = {
        'zh': [(8, '亿'), (4, '万')],
        'en': [(9, ' billion'), (6, ' million'), (3, ' thousand')],
    } -%}
    case
        {#- 99 950 000 with three digits is 1.00亿, not 10000万 #}
        {%- for power, word in words[language] %}
        {%- set scaled = number ~ ' / 1e' ~ power %}
            when {{ number }} >= {{ 1 if is_printed else 0.9995 }}e{{ power }}
                then {{ plain_number('cast(' ~ scaled ~ ' as decimal(18, 4))') if is_printed else three_digits(scaled) }} || '{{ word }}'
        {%- endfor %}
        else {{ plain_number('cast(' ~ number ~ ' as decimal(18, 4))') if is_printed else three_digits(number) }}
    end
{%- endmacro %}
