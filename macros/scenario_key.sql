{#- The key of dim_scenarios.

    relation  that has platform and scenario, none where there is but one
    scenario  its column of the scenario -#}
{% macro scenario_key(relation=none, scenario='scenario_id') -%}
    {%- set of = relation ~ '.' if relation else '' -%}
    {{ of }}platform_id || '/' || {{ of }}{{ scenario }}
{%- endmacro %}
