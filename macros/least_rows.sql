{#- An aggregate: the first rows of a group as a list of structs, in the order of their
    fields. One pass keeps no more rows than that.

    fields      SQL expressions by field name, in the order that sorts
    number      how many rows
    condition   of the rows that count -#}
{% macro least_rows(fields, number, condition) -%}
    {{ return(adapter.dispatch('least_rows')(fields, number, condition)) }}
{%- endmacro %}
