{#- The jobs of all components, those that are calculated and those that add others up. -#}
{% macro all_component_jobs() -%}
    {% for name in ['fct_all_jobs', 'fct_job_totals'] -%}
        select
            platform_id,
            window_end,
            scenario_id,
            estimate_key,
            component_key,
            jobs_wan_of_scenario as jobs_wan,
            input_provenance,
            weakest_provenance
        from {{ ref(name) }}
        {{ 'union all' if not loop.last }}
    {% endfor %}
{%- endmacro %}
