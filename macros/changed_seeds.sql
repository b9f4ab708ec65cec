{#- The seeds whose files do not have the rows of their tables any more: `dbt retry` loads a seed only
    where it was not loaded, so what it builds would be half old. -#}
{% macro changed_seeds() -%}
    {%- set changed = [] -%}
    {%- for seed in graph.nodes.values() | selectattr('resource_type', 'equalto', 'seed')
        if adapter.get_relation(seed.database, seed.schema, seed.alias) -%}
        {%- set then = 'select * from ' ~ seed.relation_name -%}
        {%- set now = seed_rows(seed, seed.columns | list).strip() or then ~ ' where 1 = 0' -%}
        {%- set differing = run_query(
            'select count(*) from ((' ~ now ~ ' except all ' ~ then ~ ') union all ('
            ~ then ~ ' except all (' ~ now ~ '))) as differing'
        ) -%}
        {%- if differing.columns[0].values()[0] > 0 -%} {%- do changed.append(seed.name) -%} {%- endif -%}
    {%- endfor -%}
    {{ return(changed) }}
{%- endmacro %}
