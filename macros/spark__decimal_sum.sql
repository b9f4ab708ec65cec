{#- What DuckDB's cast does, by IEEE arithmetic alone: the whole number of 10^-18 that is nearest,
    halves up, added up in four parts of 24 bits, none of which overflows below 2^39 rows. Then
    the digits are put behind the point: a decimal here keeps 38 of them only in such steps. -#}
{% macro spark__decimal_sum(expression) -%}
    {%- set scaled = '((' ~ expression ~ ') * 1e18)' -%}
    {%- set whole = '(rint(' ~ scaled ~ ') + if(' ~ scaled ~ ' - rint(' ~ scaled
        ~ ') = 0.5e0, 1e0, 0e0))' -%}
    {%- set parts = [] -%}
    {%- for power in ['4722366482869645213696', '281474976710656', '16777216', '1'] -%}
        {%- set rest = whole if loop.first else whole ~ ' % ' ~ loop.previtem ~ 'D' -%}
        {%- do parts.append(
            'cast(sum(floor((' ~ rest ~ ') / ' ~ power ~ 'D)) as decimal(19, 0)) * ' ~ power ~ 'BD'
        ) -%}
    {%- endfor -%}
    {%- set total = 'cast(' ~ parts | join(' + ') ~ ' as decimal(38, 0))' -%}
    cast(
        cast({{ total }} div 1000000000000000000 as decimal(19, 0))
        + cast({{ total }} % 1000000000000000000 as decimal(18, 0)) * 0.000000000000000001BD
        as decimal(38, 18)
    )
{%- endmacro %}
