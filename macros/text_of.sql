{#- The text of a typed column; a number without the zeros that its type pads it with. -#}
{% macro text_of(column_name) -%}
    nullif(
        case
            when
                typeof({{ column_name }}) like 'DECIMAL%'
                or typeof({{ column_name }}) in ('FLOAT', 'DOUBLE')
                then regexp_replace(
                    cast({{ column_name }} as varchar),
                    '\.0*$|(\.[0-9]*[1-9])0+$',
                    '\1'
                )
            else cast({{ column_name }} as varchar)
        end, ''
    )
{%- endmacro %}
