{#- On Spark: views of what DuckDB has handed over, and tables over the files of merchants. What
    was handed over before by the steps that begin now does not count any more. -#}
{% macro spark__gate_inputs() %}
    {%- if flags.WHICH != 'build' -%} {{ return('') }} {%- endif -%}
    {%- if not hand_over_folder() -%}
        {{ return(error_of("name a folder in PLATFORM_EMPLOYMENT_HAND_OVER: see docs/size.md")) }}
    {%- endif -%}
    {%- set handed = handed_over_tables() -%}
    {%- set is_first = 'model.' ~ project_name ~ '.int_fit__moments' in selected_resources -%}
    {%- for step in ['sums', 'residuals'] if is_first or step == 'residuals' -%}
        {%- do run_query(
            "insert overwrite directory '" ~ hand_over_folder() ~ '/' ~ step ~ "/manifest' using json "
            ~ 'select 1 as nothing where 1 = 0'
        ) -%}
    {%- endfor -%}
    {%- set folders = {'inputs': 'inputs'} -%}
    {%- if not is_first -%}
        {%- set sums = run_query(
            'select distinct invocation_id from json.`' ~ hand_over_folder() ~ '/sums/manifest`'
        ) -%}
        {%- do folders.update({'fits': 'fits/' ~ sums.columns[0].values()[0]}) -%}
    {%- endif -%}
    {%- set schemas = [] -%}
    {%- for step, folder in folders.items() -%}
        {%- for node in graph.nodes.values() if node.name in handed[step] and node.relation_name -%}
            {%- if node.schema not in schemas -%}
                {%- do run_query('create schema if not exists ' ~ node.schema) -%}
                {%- do schemas.append(node.schema) -%}
            {%- endif -%}
            {%- do run_query(
                'create or replace view ' ~ node.relation_name ~ ' as select * from '
                ~ handed_over(folder, node.name)
            ) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- if is_first and merchant_format() != 'table' -%}
        {%- do tables_over_files(new_files()) -%}
    {%- endif -%}
    {{ return('') }}
{% endmacro %}
