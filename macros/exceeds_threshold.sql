{#- Whether the value of a finding reaches a threshold of it: a change counts by its size,
    whichever way it goes; what gets worse below the threshold counts as it is.

    value, threshold, direction   SQL expressions -#}
{% macro exceeds_threshold(value, threshold, direction) -%}
    case {{ direction }}
        when 'above' then abs({{ value }}) >= {{ threshold }}
        else {{ value }} <= {{ threshold }}
    end
{%- endmacro %}
