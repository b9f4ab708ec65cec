{#- The columns of merchant microdata in the order of the table merchant_sample. -#}
{% macro merchant_columns() -%}
    {{ return([
        'platform_id', 'sample_id', 'merchant_id', 'industry_code',
        'turnover_wan_yuan', 'headcount', 'survey_weight', 'provenance', 'source_id'
    ]) }}
{%- endmacro %}
