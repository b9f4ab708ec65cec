{#- Prints the first rows that each failed test has found, a line each; dbt itself only counts
    them. Runs at the end of a run.

    results  of the nodes that ran -#}
{% macro log_failed_rows(results) %}
    {%- set most = 10 %}
    {%- for result in results if execute
        and result.node.resource_type == 'test' and result.status in ['fail', 'warn'] %}
        {%- set rows = run_query(
            'select * from (\n' ~ result.node.compiled_code ~ '\n) as failed limit ' ~ (most + 1)
        ) %}
        {%- for row in rows.rows[:most] %}
            {%- do log(
                (result.status | upper) ~ ' ' ~ result.node.name ~ ': '
                ~ failed_row(rows.column_names, row), info=true
            ) %}
        {%- endfor %}
        {%- if rows.rows | length > most %}
            {%- do log('... and more: dbt build --store-failures keeps all', info=true) %}
        {%- endif %}
    {%- endfor %}
{% endmacro %}
