{#- A build that goes on to what Spark has counted hands nothing over, and sums are never left with
    other inputs than theirs. The answers are written last: without them Spark begins nothing. -#}
{% macro duckdb__hand_over(step, tables, made) %}
    {%- if counts_here() -%} {{ return(hand_over_counted(step, made)) }} {%- endif -%}
    {%- if step in ['inputs', 'fits'] and 'fct_influential_merchants' not in made -%}
        {%- set folder = from_plugin('hand_over_' ~ step, '') -%}
        {%- set queries = {} -%}
        {%- for node in graph.nodes.values() if node.name in tables and node.relation_name -%}
            {%- do queries.update({node.name: 'select * from ' ~ node.relation_name}) -%}
        {%- endfor -%}
        {%- if step == 'inputs' -%}
            {%- do queries.update({
                'merchant_files': 'select unnest(merchant_files(), recursive := true)',
                'previous_quantiles': previous_quantiles(),
                'quantile_steps': quantile_steps(),
                'answers': 'select unnest(spark_answers(), recursive := true)',
            }) -%}
        {%- endif -%}
        {%- for name, query in queries.items() -%}
            {%- do run_query(
                'copy (select * from (' ~ query ~ ") as made order by all) to '"
                ~ escape_single_quotes(folder ~ '/' ~ name) ~ ".parquet'"
            ) -%}
        {%- endfor -%}
        {%- do log('handed over to Spark: ' ~ step, info=true) -%}
    {%- endif -%}
{% endmacro %}
