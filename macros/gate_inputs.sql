{#- Runs before anything is loaded: a table that fails a gate stops the run with one line
    a finding. `dbt run` knows no data tests, and they are what stops a build for merchant
    microdata. -#}
{% macro gate_inputs() %}
    {% if execute and flags.WHICH == 'run' and merchant_format() != 'seed' %}
        {{ exceptions.raise_compiler_error(
            "dbt run skips the tests that stop a build for merchant microdata: "
            ~ "use dbt build"
        ) }}
    {% endif %}
    {% if execute and flags.WHICH in ['run', 'test'] %}
        {% set seeds = run_query(
            "select count(*) from information_schema.tables where table_schema = '"
            ~ generate_schema_name('raw') | trim ~ "'"
        ) %}
        {% if seeds.columns[0].values()[0] == 0 %}
            {{ exceptions.raise_compiler_error(
                "this database has no seeds yet: use dbt build, or dbt seed first"
            ) }}
        {% endif %}
    {% endif %}
    {% if execute and flags.WHICH in ['build', 'run', 'seed'] %}
        {% set findings = run_query("select unnest(input_findings())").columns[0].values() %}
        {% if findings %}
            {{ exceptions.raise_compiler_error(
                "the inputs do not pass the gates:\n" ~ findings | join("\n")
            ) }}
        {% endif %}
        {% if ' retry' in invocation_args_dict.get('invocation_command', '') %}
            {% set changed = changed_seeds() %}
            {% if changed %}
                {{ exceptions.raise_compiler_error(
                    "dbt retry loads no seed again, and these are not what they were: "
                    ~ changed | join(", ") ~ "; use dbt build"
                ) }}
            {% endif %}
        {% endif %}
        {% for note in run_query("select unnest(input_notes())").columns[0].values() %}
            {% do log(note, info=true) %}
        {% endfor %}
    {% endif %}
{% endmacro %}
