{#- Folders name their schema outright (`marts`, not `main_marts`): every build has a database of its
    own, so there is nothing to prefix against. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ (custom_schema_name or target.schema) | trim }}
{%- endmacro %}
