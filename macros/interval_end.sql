{#- One end of the range of an operation on two ranges of numbers that are not negative, each of
    which is used once.

    operation    text of the sign: + - * or /
    one, other   names of the ranges; their columns end in _low, _value and _high
    end          low, value or high -#}
{% macro interval_end(operation, one, other, end) -%}
    {%- set opposite = {'low': 'high', 'value': 'value', 'high': 'low'}[end] -%}
    case {{ operation }}
        when '+' then {{ one }}_{{ end }} + {{ other }}_{{ end }}
        when '-' then {{ one }}_{{ end }} - {{ other }}_{{ opposite }}
        when '*' then {{ one }}_{{ end }} * {{ other }}_{{ end }}
        when '/' then {{ one }}_{{ end }} / {{ other }}_{{ opposite }}
        else {{ one }}_{{ end }}
    end
{%- endmacro %}
