{#- Loads the seeds whose files are not what they were, for `dbt retry`, which makes what failed or
    was skipped and would go on with their old rows. Gives the tables that rest on them and are
    not made again; there nothing is loaded. -#}
{% macro load_changed_seeds() -%}
    {%- set changed = {} -%}
    {%- set above = [] -%}
    {%- for seed in graph.nodes.values() | selectattr('resource_type', 'equalto', 'seed')
        if seed.unique_id not in selected_resources
        and adapter.get_relation(seed.database, seed.schema, seed.alias) -%}
        {%- set then = 'select * from ' ~ seed.relation_name -%}
        {%- set now = seed_rows(seed, seed.columns | list).strip() or then ~ ' where 1 = 0' -%}
        {%- set differing = run_query(
            'select count(*) from ((' ~ now ~ ' except all ' ~ then ~ ') union all ('
            ~ then ~ ' except all (' ~ now ~ '))) as differing'
        ) -%}
        {%- if differing.columns[0].values()[0] > 0 -%}
            {%- do changed.update({seed.relation_name: now}) -%}
            {%- do above.append(seed.unique_id) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set nodes = graph.nodes.values() | rejectattr('resource_type', 'equalto', 'seed') | list -%}
    {%- set stale = [] -%}
    {%- set tests = [] -%}
    {%- for _ in nodes -%}
        {%- for node in nodes if node.unique_id not in above -%}
            {%- if node.depends_on.nodes | select('in', above) | first is defined -%}
                {%- do above.append(node.unique_id) -%}
                {%- if node.unique_id in selected_resources
                    or node.config.materialized == 'view' -%}
                {%- elif node.resource_type == 'test' -%} {%- do tests.append(node.name) -%}
                {%- elif adapter.get_relation(node.database, node.schema, node.alias) -%}
                    {%- do stale.append(node.name) -%}
                {%- endif -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- if not stale -%}
        {%- for relation, rows in changed.items() -%}
            {%- do run_query('delete from ' ~ relation) -%}
            {%- do run_query('insert into ' ~ relation ~ ' ' ~ rows) -%}
            {%- do log('loaded again: ' ~ relation | replace('"', ''), info=true) -%}
        {%- endfor -%}
        {%- if tests -%}
            {%- do log('not tested again: ' ~ tests | join(', ') ~ '; dbt test does', info=true) -%}
        {%- endif -%}
    {%- endif -%}
    {{ return(stale) }}
{%- endmacro %}
