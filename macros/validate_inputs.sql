{#- The SQL that runs before anything is loaded: an error with one line per finding where the inputs do
    not pass the validation, so that all nodes count as skipped and `dbt retry` builds them; nothing
    else. -#}
{% macro validate_inputs() %}
    {%- if not execute or not is_duckdb() -%} {{ return('') }} {%- endif -%}
    {%- if flags.WHICH in ['run', 'test'] -%}
        {%- set seeds = run_query(
            "select count(*) from information_schema.tables where table_schema = '"
            ~ generate_schema_name('raw') | trim ~ "'"
        ) -%}
        {%- if seeds.columns[0].values()[0] == 0 -%}
            {{ return(raise_error_query(
                "this database has no seeds yet: use dbt build, or dbt seed first"
            )) }}
        {%- endif -%}
    {%- endif -%}
    {%- if flags.WHICH in ['build', 'run', 'seed'] -%}
        {%- set findings = run_query("select unnest(input_findings())").columns[0].values() -%}
        {%- if findings -%}
            {{ return(raise_error_query(
                "the inputs do not pass validation:\n" ~ findings | join("\n")
            )) }}
        {%- endif -%}
        {%- if ' retry' in invocation_args_dict.get('invocation_command', '') -%}
            {%- set changed = changed_seeds() -%}
            {%- if changed -%}
                {{ return(raise_error_query(
                    "the inputs have changed since the build that failed (" ~ changed | join(", ")
                    ~ "): run dbt build instead of dbt retry"
                )) }}
            {%- endif -%}
        {%- endif -%}
        {%- for note in run_query("select unnest(input_notes())").columns[0].values() -%}
            {%- do log(note, info=true) -%}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}
