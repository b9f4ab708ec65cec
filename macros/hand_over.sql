{#- Hands over what this run has made for the other engine, where the environment names a folder
    for that. Runs at the end of a run.

    results  of the nodes that ran -#}
{% macro hand_over(results) %}
    {%- if execute and hand_over_folder() and flags.WHICH in ['build', 'retry'] -%}
        {%- set made = [] -%}
        {%- set failed = [] -%}
        {%- for result in results -%}
            {%- if result.status == 'success' -%} {%- do made.append(result.node.name) -%}
            {%- elif result.status in ['error', 'fail', 'skipped'] -%} {%- do failed.append(1) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- for step, tables in handed_over_tables().items()
            if not failed and not (tables | reject('in', made) | list) -%}
            {%- do adapter.dispatch('hand_over')(step, tables, made) -%}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}
