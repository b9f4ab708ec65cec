{#- A cast would round the shortest text of the double, and functions that round differ. What
    `rint` rounds down from a half is put right, and 10^-scale keeps the digits. -#}
{% macro spark__rounded_decimal(number, scale) -%}
    {%- set scaled = '((' ~ number ~ ') * 1e' ~ scale ~ ')' -%}
    {%- set rounded = 'rint(' ~ scaled ~ ')' -%}
    cast(
        cast(
            cast(
                {{ rounded }} + if({{ scaled }} - {{ rounded }} = 0.5e0, 1e0, 0e0) as bigint
            ) as decimal(19, 0)
        ) * {{ '0.' ~ '0' * (scale - 1) ~ '1' }}BD as decimal(18, {{ scale }})
    )
{%- endmacro %}
