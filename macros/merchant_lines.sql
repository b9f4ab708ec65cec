{#- The lines of the merchant microdata with the number of their file: those of the seed
    merchant_sample, or of the files that the environment names. A CSV was read before, as
    text; of a Parquet file or a table a number stays a number. The gates have passed the files,
    so nothing about them is guessed; their paths come from the plugin, never from a variable
    of dbt.

    with_number  with the number of a line among those of its file, from 1 -#}
{% macro merchant_lines(with_number=false) -%}
    {{ return(adapter.dispatch('merchant_lines')(with_number)) }}
{%- endmacro %}
