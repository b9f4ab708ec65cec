{#- A number of a stage as text with its scale: 万 in Chinese, million in English.

    number     SQL expression of the number in the unit of the report
    language   zh or en
    scale      relation with scale_name and scale_zh
    decimals   most digits after the point, in Chinese -#}
{% macro amount_text(number, language, scale='numbers', decimals=1) -%}
    {%- if language == 'zh' -%}
        {{ short_number(number, decimals) }} || {{ scale }}.scale_zh
    {%- else -%}
        case
            when {{ scale }}.scale_name = 'wan'
                then {{ short_number(number ~ ' / 100', 2 if decimals == 0 else 3) }} || ' million'
            else {{ short_number(number, 1) }} || ' ' || {{ scale }}.scale_name
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
