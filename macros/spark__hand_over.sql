{#- Each table goes to a folder of this run, and Spark renames a file to its place when it is
    whole; the manifest, with the hashes of all files, comes last. -#}
{% macro spark__hand_over(step, tables, made) %}
    {%- if step in ['sums', 'residuals'] -%}
        {%- set folder = hand_over_folder() ~ '/' ~ step ~ '/' ~ invocation_id -%}
        {%- set counts = [] -%}
        {%- set kept = fromjson(from_plugin('kept_rows', '[]')) -%}
        {%- if step == 'sums' and from_plugin('keeps_rows', '') -%}
            {%- set rows = hand_over_folder() ~ '/rows/' ~ invocation_id -%}
            {%- do run_query(
                "insert overwrite directory '" ~ rows ~ "' using parquet select * from "
                ~ generate_schema_name('staging') ~ '.stg_survey__accepted_lines'
            ) -%}
            {%- set written = run_query(
                'select (select count(*) from parquet.`' ~ rows ~ '`),'
                ~ ' (select sum(length) from binaryFile.`' ~ rows ~ '/*.parquet`)'
            ).rows[0] -%}
            {%- do kept.append(
                {'run': invocation_id, 'rows': written[0] | int, 'bytes': written[1] | int}
            ) -%}
        {%- endif -%}
        {%- for node in graph.nodes.values() if node.name in tables and node.relation_name -%}
            {%- do run_query(
                "insert overwrite directory '" ~ folder ~ '/' ~ node.name ~ "' using parquet "
                ~ 'select /*+ coalesce(1) */ * from ' ~ node.relation_name
            ) -%}
            {%- do counts.append(
                "select '" ~ node.name ~ "' as table_name, count(*) as row_count from parquet.`"
                ~ folder ~ '/' ~ node.name ~ '`'
            ) -%}
        {%- endfor -%}
        {%- set manifest -%}
            insert overwrite directory '{{ hand_over_folder() }}/{{ step }}/manifest' using json
            select /*+ coalesce(1) */
                '{{ step }}' as step,
                '{{ invocation_id }}' as invocation_id,
                'Apache Spark' as engine,
                split(version(), ' ')[0] as engine_version,
                '{{ from_plugin('ledger', '') }}' as ledger,
                '{{ ledger_snapshot() }}' as snapshot,
                '{{ from_plugin('fingerprint', '') }}' as fingerprint,
                '{{ from_plugin('gate_rules', '') }}' as rules,
                '{{ tojson(kept) }}' as kept_rows,
                files.table_name,
                counts.row_count,
                files.files
            from (
                select
                    element_at(split(path, '/'), -2) as table_name,
                    collect_list(named_struct(
                        'name', element_at(split(path, '/'), -1), 'sha256', sha2(content, 256)
                    )) as files
                from binaryFile.`{{ folder }}/*/*.parquet`
                group by 1
            ) as files
            inner join ({{ counts | join(' union all ') }}) as counts
                on files.table_name = counts.table_name
        {%- endset -%}
        {%- do run_query(manifest) -%}
        {%- do log('handed over to DuckDB: ' ~ step, info=true) -%}
    {%- endif -%}
{% endmacro %}
