{#- Comments on a table and its columns in one statement. That of dbt asks twice which columns there
    are; a contract has compared them with the described ones already. -#}
{% macro duckdb__persist_docs(relation, model, for_relation, for_columns) %}
    {%- set comments = [] -%}
    {%- if for_relation and config.persist_relation_docs() and model.description -%}
        {%- do comments.append(alter_relation_comment(relation, model.description)) -%}
    {%- endif -%}
    {%- if for_columns and config.persist_column_docs() -%}
        {%- for column in model.columns.values() -%}
            {%- do comments.append(
                "comment on column " ~ relation ~ "." ~ adapter.quote(column.name) ~ " is "
                ~ duckdb_escape_comment(column.description) ~ ";"
            ) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- if comments -%}
        {%- call statement('comments') -%} {{ comments | join("\n") }} {%- endcall -%}
    {%- endif -%}
{% endmacro %}
