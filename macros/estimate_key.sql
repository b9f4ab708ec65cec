{#- The key of dim_estimates.

    relation  that has platform, window and scenario, none where there is but one
    window    its column of the last day, a date or a text of one
    scenario  its column of the scenario -#}
{% macro estimate_key(relation=none, window='window_end', scenario='scenario_id') -%}
    {%- set of = relation ~ '.' if relation else '' -%}
    {{ window_key(relation, window) }} || '/' || {{ of }}{{ scenario }}
{%- endmacro %}
