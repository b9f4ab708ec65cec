{#- Runs before anything is loaded: a table that fails a gate stops the run with one line
    a finding. -#}
{% macro gate_inputs() %}
    {% if execute and flags.WHICH in ['build', 'run', 'seed'] %}
        {% set findings = run_query("select unnest(input_findings())").columns[0].values() %}
        {% if findings %}
            {{ exceptions.raise_compiler_error(
                "the inputs do not pass the gates:\n" ~ findings | join("\n")
            ) }}
        {% endif %}
    {% endif %}
{% endmacro %}
