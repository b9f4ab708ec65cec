{#- State of a table of Spark: a hash over name, size and time of its files, their bytes and its
    rows. -#}
{% macro merchant_snapshot() -%}
    select
        sha2(
            concat_ws('\n', array_sort(collect_list(concat_ws(' ', path, bytes, written)))), 256
        ) as snapshot,
        cast(sum(bytes) as bigint) as bytes,
        cast(sum(lines) as bigint) as lines
    from (
        select
            _metadata.file_path as path,
            _metadata.file_size as bytes,
            _metadata.file_modification_time as written,
            count(*) as lines
        from {{ merchant_sources()[0] }}
        group by 1, 2, 3
    ) as files
{%- endmacro %}
