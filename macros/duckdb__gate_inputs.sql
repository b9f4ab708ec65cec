{#- The SQL that runs before anything is loaded: an error with one line a finding where a table
    fails a gate, so that all nodes count as skipped and `dbt retry` makes them; nothing else.
    `dbt run` knows no data tests, and they are what stops a build for merchant microdata. -#}
{% macro duckdb__gate_inputs() %}
    {%- if flags.WHICH == 'run' and merchant_format() != 'seed' -%}
        {{ return(error_of(
            "dbt run skips the tests that stop a build for merchant microdata: use dbt build"
        )) }}
    {%- endif -%}
    {%- if flags.WHICH in ['run', 'test'] -%}
        {%- set seeds = run_query(
            "select count(*) from information_schema.tables where table_schema = '"
            ~ generate_schema_name('raw') | trim ~ "'"
        ) -%}
        {%- if seeds.columns[0].values()[0] == 0 -%}
            {{ return(error_of(
                "this database has no seeds yet: use dbt build, or dbt seed first"
            )) }}
        {%- endif -%}
    {%- endif -%}
    {%- if flags.WHICH in ['build', 'run', 'seed'] -%}
        {%- set findings = run_query("select unnest(input_findings())").columns[0].values() -%}
        {%- if findings -%}
            {{ return(error_of(
                "the inputs do not pass the gates:\n" ~ findings | join("\n")
            )) }}
        {%- endif -%}
        {%- if ' retry' in invocation_args_dict.get('invocation_command', '') -%}
            {%- set stale = load_changed_seeds() -%}
            {%- if stale -%}
                {{ return(error_of(
                    "the inputs have changed, and dbt retry does not make again what rests on "
                    ~ "them: " ~ stale | join(", ") ~ "; use dbt build"
                )) }}
            {%- endif -%}
        {%- endif -%}
        {%- for note in run_query("select unnest(input_notes())").columns[0].values() -%}
            {%- do log(note, info=true) -%}
        {%- endfor -%}
        {%- do start_workers() -%}
    {%- endif -%}
{% endmacro %}
