{#- A number of a stage as text with its scale: 万 in Chinese, million in English.

    number       SQL expression of the number in the unit of the report
    language     zh or en
    scale        relation with scale_name and scale_zh
    is_printed   a printed number keeps its digits; a computed one has three -#}
{% macro amount_text(number, language, scale='numbers', is_printed=false) -%}
    {%- if language == 'zh' -%}
        {{ short_number(number, 0) if is_printed else three_digits(number) }} || {{ scale }}.scale_zh
    {%- else -%}
        case
            when {{ scale }}.scale_name = 'wan'
                then
                    {{ short_number(number ~ ' / 100', 2) if is_printed
                        else three_digits(number ~ ' / 100') }}
                    || ' million'
            else
                {{ short_number(number, 1) if is_printed else three_digits(number) }}
                || ' ' || {{ scale }}.scale_name
        end
    {%- endif -%}
{%- endmacro %}

{#- A number rounded, without zeros at its end. -#}
{% macro short_number(number, decimals) -%}
    {%- if decimals == 0 -%}
        cast(cast({{ number }} as decimal(18, 0)) as varchar)
    {%- else -%}
        rtrim(rtrim(cast(cast({{ number }} as decimal(18, {{ decimals }})) as varchar), '0'), '.')
    {%- endif -%}
{%- endmacro %}
