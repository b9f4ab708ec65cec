{#- The seeds that are loaded and whose tables are not what their files say now. -#}
{% macro changed_seeds() -%}
    {%- set changed = [] -%}
    {%- for seed in graph.nodes.values() | selectattr('resource_type', 'equalto', 'seed')
        if adapter.get_relation(seed.database, seed.schema, seed.alias) -%}
        {%- set layers = run_query("select input_layers('" ~ seed.path ~ "')") -%}
        {%- set files = [] -%}
        {%- for layer in fromjson(layers.columns[0].values()[0]) -%}
            {%- do files.append(layer_rows(layer, seed.columns | list)) -%}
        {%- endfor -%}
        {%- set now = files | join(' union all ') or
            'select * from ' ~ seed.relation_name ~ ' where 1 = 0' -%}
        {%- set then = 'select * from ' ~ seed.relation_name -%}
        {%- set found = run_query(
            'select count(*) from ((' ~ now ~ ' except all ' ~ then ~ ') union all ('
            ~ then ~ ' except all (' ~ now ~ '))) as changed'
        ) -%}
        {%- if found.columns[0].values()[0] > 0 -%} {%- do changed.append(seed.name) -%} {%- endif -%}
    {%- endfor -%}
    {{ return(changed) }}
{%- endmacro %}
