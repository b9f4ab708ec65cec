{#- Whether the cells of one of the merchant_lines are accepted: the ones of a CSV were judged when it
    was read.

    rules  of the columns: see merchant_rules -#}
{% macro cells_accepted(rules) -%}
    {{ return('are_cells_accepted' if merchant_format() == 'csv' else cell_rules(rules)) }}
{%- endmacro %}
