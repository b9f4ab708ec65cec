{#- What DuckDB has handed over to Spark in a step, as a relation there.

    folder  inputs, or below fits
    name    of the table -#}
{% macro handed_over(folder, name) -%}
    parquet.`{{ hand_over_folder() }}/{{ folder }}/{{ name }}.parquet`
{%- endmacro %}
