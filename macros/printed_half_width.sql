{#- Half a unit of the last digit of a number as text; of the last digit other than 0 where the
    source says about.

    value       the text of the number
    comparator  column of the comparator -#}
{% macro printed_half_width(value, comparator) -%}
    {%- set decimals = "split_part(" ~ value ~ ", '.', 2)" -%}
    {%- set whole = "split_part(" ~ value ~ ", '.', 1)" -%}
    0.5 * power(
        10.0,
        case
            when {{ comparator }} != 'about' then -length({{ decimals }})
            when rtrim({{ decimals }}, '0') != '' then -length(rtrim({{ decimals }}, '0'))
            else length({{ whole }}) - length(rtrim({{ whole }}, '0'))
        end
    )
{%- endmacro %}


{#- The ends of the range that a printed number leaves: its half width either way, an end that the
    comparator leaves open is null. -#}
{% macro printed_low(value, comparator, half_width) -%}
    case {{ comparator }}
        when 'over' then {{ value }}
        when 'at_least' then {{ value }}
        when 'up_to' then null
        else {{ value }} - {{ half_width }}
    end
{%- endmacro %}


{% macro printed_high(value, comparator, half_width) -%}
    case {{ comparator }}
        when 'up_to' then {{ value }}
        when 'over' then null
        when 'at_least' then null
        else {{ value }} + {{ half_width }}
    end
{%- endmacro %}
