{#- A computed number, above 0, as text with three significant digits; zeros at its end stay.

    number     SQL expression of the number
    rounding   function that rounds to a whole number: round, or ceil for a limit from above -#}
{% macro three_digits(number, rounding='round') -%}
    {%- set scale = 'power(10, 2 - floor(log10(nullif(' ~ number ~ ', 0))))' -%}
    {%- set rounded = rounding ~ '((' ~ number ~ ') * ' ~ scale ~ ') / ' ~ scale -%}
    case
        {%- for least, decimals in [(100, 0), (10, 1), (1, 2), (0.1, 3), (0.01, 4)] %}
            when {{ rounded }} >= {{ least }}
                then cast(cast({{ rounded }} as decimal(18, {{ decimals }})) as varchar)
        {%- endfor %}
        when {{ number }} > 0 then cast(cast({{ rounded }} as decimal(18, 6)) as varchar)
        else '0'
    end
{%- endmacro %}
