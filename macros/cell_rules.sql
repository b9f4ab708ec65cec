{#- Whether the rules accept the cells of a line, those aside that it has in common with its
    origin; null is no.

    rules  of the columns: see merchant_rules -#}
{% macro cell_rules(rules) -%}
    {%- if not execute -%} {{ return('false') }} {%- endif -%}
    {%- for column in ['merchant_id', 'turnover_wan_yuan', 'headcount', 'survey_weight'] %}
    {{ 'and ' if not loop.first }}{{ rules[column].accepted }}
    {%- endfor %}
{%- endmacro %}
