{#- Makes a table in its place, in one transaction: DuckDB puts back what was there when it fails.
    That of dbt makes it beside, renames twice and drops, by macros that each look through all macros
    of the project first: a sixth of a build. A Python model is written by a connection of its own,
    so beside, where a killed build may have left one, and then put in place. -#}
{% materialization table, adapter='duckdb', supported_languages=['sql', 'python'] %}
    {%- set target = this.incorporate(type='table') -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- set made = target if model.language == 'sql' else make_intermediate_relation(target) -%}
    {{ run_hooks(pre_hooks) }}
    {%- if existing is not none and not existing.is_table -%}
        {%- do adapter.drop_relation(existing) -%}
    {%- endif -%}
    {%- if made != target -%} {%- do drop_relation_if_exists(load_cached_relation(made)) -%} {%- endif -%}
    {%- call statement('main', language=model.language) -%}
        {%- if model.language == 'sql' -%} drop table if exists {{ target }}; {% endif -%}
        {{- create_table_as(False, made, compiled_code, model.language) -}}
    {%- endcall -%}
    {%- if made != target -%}
        {%- call statement('place') -%}
            drop table if exists {{ target }};
            alter table {{ made }} rename to {{ adapter.quote(target.identifier) }};
        {%- endcall -%}
    {%- endif -%}
    {%- do persist_docs(target, model) -%}
    {{ run_hooks(post_hooks) }}
    {%- do adapter.commit() -%}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}
