{#- Lets Spark write a table of the sums as Parquet into the folder that the variable sums_folder
    names. -#}
{% macro written_to_sums_folder() -%}
    {%- if target.type == 'spark' and execute and not var('sums_folder') -%}
        {{ exceptions.raise_compiler_error(
            "name a new folder for the sums: --vars '{sums_folder: /lake/sums}'"
        ) }}
    {%- elif target.type == 'spark' -%}
        {{ return(config(file_format='parquet', location_root=var('sums_folder'))) }}
    {%- endif -%}
{%- endmacro %}
