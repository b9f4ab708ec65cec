{#- Engines differ in what they make of a sum of 64 bits that overflows, some say nothing, and
    in how a cast rounds. So 31 bits are added up at a time, which does not overflow below
    2^32 rows (see the tests of the models), and adding and taking 1.5 * 2^52 rounds as IEEE
    arithmetic does, everywhere. -#}
{% macro default__wide_sum(expression) -%}
    {%- set scaled = '(' ~ expression ~ ') * 2147483648.0' -%}
    {%- set rest = '(' ~ scaled ~ ' - floor(' ~ scaled ~ '))' -%}
    {%- set rounded = '(' ~ rest ~ ' * 2147483648.0 + 6755399441055744.0) - 6755399441055744.0' -%}
    cast(
        cast(sum(cast(floor({{ scaled }}) as bigint)) as decimal(38, 0)) * 2147483648
        + cast(sum(cast({{ rounded }} as bigint)) as decimal(38, 0))
        as decimal(38, 0)
    )
{%- endmacro %}
