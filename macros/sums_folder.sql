{#- A table of the folder of sums that the environment names instead of microdata: Parquet or CSV,
    as another engine has written them. The files have passed the validation.

    table_name  such as int_fit__sums
    columns     names and types of those that are not doubles -#}
{% macro sums_folder(table_name, columns, has_doubles=true) -%}
    {%- set paths = run_query(
        "select unnest(list_filter(merchant_paths(), lambda path: contains(path, '/"
        ~ table_name ~ "')))"
    ).columns[0].values() -%}
    {%- set quoted = [] -%}
    {%- for path in paths -%}
        {%- do quoted.append("'" ~ escape_single_quotes(path) ~ "'") -%}
    {%- endfor %}
    select
        {%- for name, type in columns.items() %}
        cast({{ name }} as {{ type }}) as {{ name }},
        {%- endfor %}
        {%- if has_doubles %}
        cast(columns(* exclude ({{ columns | join(', ') }})) as double)
        {%- endif %}
    {%- if paths[0].endswith('.csv') %}
    from read_csv([{{ quoted | join(', ') }}], header = true, all_varchar = true)
    {%- else %}
    from read_parquet([{{ quoted | join(', ') }}], hive_partitioning = false)
    {%- endif %}
{%- endmacro %}
