{#- Makes a seed: the rows that the project ships, except those that own data replaces or leaves
    out, then the own ones; all text, with file and line. The one of dbt knows the shipped file alone,
    reads it in Python, and takes five statements for this one. -#}
{% materialization seed, adapter='duckdb' %}
    {%- set columns = model.columns | list -%}
    {%- set rows = seed_rows(model, columns) -%}
    {%- call statement('main') -%}
        create or replace table {{ this }}
        {%- if rows.strip() %} as {{ rows }}
        {%- else %} (
            {%- for column in columns %}{{ adapter.quote(column) }} varchar, {% endfor -%}
            seed_file varchar, seed_line bigint)
        {%- endif -%}
    {%- endcall -%}
    {%- do store_result('agate_table', response='OK') -%} {#- dbt asks for one -#}
    {%- do adapter.commit() -%}
    {{ return({'relations': [this.incorporate(type='table')]}) }}
{% endmaterialization %}
