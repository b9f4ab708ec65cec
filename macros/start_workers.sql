{#- Let the processes start that make Python models: see dbt/worker.py. -#}
{% macro start_workers() %}
    {%- set models = [] -%}
    {%- for id in selected_resources if graph.nodes.get(id, {}).get('language') == 'python' -%}
        {%- do models.append(graph.nodes[id].name) -%}
    {%- endfor -%}
    {%- if models -%}
        {%- do run_query("select start_workers(" ~ models ~ ")") -%}
    {%- endif -%}
{% endmacro %}
