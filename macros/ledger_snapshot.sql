{#- What was read: of files the hashes of all as one, of a table of Spark its state. -#}
{% macro ledger_snapshot() -%}
    {%- set query -%}
        select {{ "sha2(concat_ws(' ', array_sort(collect_list(file_sha256))), 256)"
            if target.type == 'spark' else "sha256(string_agg(file_sha256, ' ' order by file_sha256))" }}
        from {{ generate_schema_name('staging') }}.stg_survey__merchant_files
    {%- endset -%}
    {{ return(run_query(query).columns[0].values()[0]) }}
{%- endmacro %}
