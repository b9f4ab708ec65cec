{#- `dateadd` gives a timestamp on some engines; periods are dates. -#}
{% macro add_to_date(datepart, interval, date_expression) -%}
    cast({{ dbt.dateadd(datepart, interval, date_expression) }} as date)
{%- endmacro %}
