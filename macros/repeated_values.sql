{#- The values that more than one row of a relation has, once each.

    relation     table
    column_name  of whole numbers -#}
{% macro repeated_values(relation, column_name) -%}
    {{ return(adapter.dispatch('repeated_values')(relation, column_name)) }}
{%- endmacro %}
