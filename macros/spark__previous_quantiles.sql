{% macro spark__previous_quantiles() -%}
    select * from {{ handed_over('inputs', 'previous_quantiles') }}
{%- endmacro %}
