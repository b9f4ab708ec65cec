{#- Writes the tables of a step into folders of this run, then the manifest, which DuckDB renames to
    its place when it is whole.

    step  sums or residuals -#}
{% macro hand_over_tables(step) %}
    {%- set folders = {} -%}
    {%- for below in [step, step ~ '/manifest', 'rows'] -%}
        {%- do folders.update({below: run_query(
            "select hand_over_folder('" ~ below ~ "')"
        ).columns[0].values()[0] | replace("'", "''")}) -%}
    {%- endfor -%}
    {%- set counts = [] -%}
    {%- for node in graph.nodes.values()
        if node.name in handed_over_tables()[step] and node.relation_name -%}
        {%- set below = step ~ '/' ~ invocation_id ~ '/' ~ node.name -%}
        {%- do run_query("select hand_over_folder('" ~ below ~ "')") -%}
        {%- do run_query(
            'copy (select * from ' ~ node.relation_name ~ " order by all) to '" ~ folders[step] ~ '/'
            ~ invocation_id ~ '/' ~ node.name ~ "/part-0.parquet'"
        ) -%}
        {%- do counts.append(
            "select '" ~ node.name ~ "' as table_name, count(*) as row_count from "
            ~ node.relation_name
        ) -%}
    {%- endfor -%}
    {%- set kept = fromjson(from_plugin('kept_rows', '[]')) -%}
    {%- if step == 'sums' and from_plugin('keeps_rows', false) -%}
        {%- set rows = folders['rows'] ~ '/' ~ invocation_id -%}
        {%- do run_query(
            'copy (select * from ' ~ generate_schema_name('staging') ~ ".stg_survey__accepted_lines) to '"
            ~ rows ~ "' (format parquet, per_thread_output)"
        ) -%}
        {%- set written = run_query(
            "select (select count(*) from read_parquet('" ~ rows ~ "/*.parquet')),"
            ~ " (select sum(size) from read_blob('" ~ rows ~ "/*.parquet'))"
        ).rows[0] -%}
        {%- do kept.append(
            {'run': invocation_id, 'rows': written[0] | int, 'bytes': written[1] | int}
        ) -%}
    {%- endif -%}
    {%- set manifest -%}
        copy (
            select
                '{{ step }}' as step,
                '{{ invocation_id }}' as invocation_id,
                'DuckDB' as engine,
                version() as engine_version,
                '{{ from_plugin('ledger', '') | replace("'", "''") }}' as ledger,
                '{{ ledger_snapshot() }}' as snapshot,
                '{{ from_plugin('fingerprint', '') }}' as fingerprint,
                '{{ from_plugin('gate_rules', '') }}' as rules,
                '{{ tojson(kept) }}' as kept_rows,
                files.table_name,
                counts.row_count,
                files.files
            from (
                select
                    split_part(filename, '/', -2) as table_name,
                    list({'name': split_part(filename, '/', -1), 'sha256': sha256(content)})
                        as files
                from read_blob('{{ folders[step] }}/{{ invocation_id }}/*/*.parquet')
                group by all
            ) as files
            inner join ({{ counts | join(' union all ') }}) as counts
                on files.table_name = counts.table_name
        ) to '{{ folders[step] }}/manifest/part-0.json' (format json)
    {%- endset -%}
    {%- do run_query(manifest) -%}
    {%- do run_query(
        "copy (select 1 as nothing where 1 = 0) to '" ~ folders[step]
        ~ "/manifest/_SUCCESS' (format csv, header false)"
    ) -%}
    {%- do log('handed over by DuckDB: ' ~ step, info=true) -%}
{% endmacro %}
