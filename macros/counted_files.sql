{#- How many files of merchants were counted before: those that a daily increment does not read
    again. The first ones, as partitions are in the order of their names. -#}
{% macro counted_files() -%}
    {{ return(from_plugin('counted_files', 0) | int) }}
{%- endmacro %}
