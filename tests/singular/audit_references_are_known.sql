{#- citing model, its column, the registry that has to know the value, its column -#}
{% set references = [
    ('stg_report__accepted_verdicts', 'verdict',
     'stg_report__verdicts', 'verdict'),
    ('stg_report__calculation_steps', 'leads_to_step_id',
     'stg_report__calculation_steps', 'step_id'),
    ('stg_report__calculation_steps', 'unit', 'stg_report__units', 'unit'),
    ('stg_report__excused_differences', 'figure_id',
     'stg_report__figure_ledger', 'figure_id'),
    ('stg_report__excused_differences', 'provenance',
     'stg_reference__provenance_kinds', 'provenance'),
    ('stg_report__figure_links', 'figure_id',
     'stg_report__figure_ledger', 'figure_id'),
    ('stg_report__figure_links', 'basis', 'stg_report__verdicts', 'verdict'),
    ('stg_report__method_criticism', 'finding_id',
     'stg_report__method_findings', 'finding_id'),
    ('stg_report__method_findings', 'unit', 'stg_report__units', 'unit'),
] %}
{% for model_name in [
    'stg_economy__national_employment',
    'stg_reference__published_platform_estimates',
    'stg_report__method_criticism',
] %}
    {% do references.append(
        (model_name, 'source_id', 'stg_reference__sources', 'source_id')
    ) %}
    {% do references.append(
        (model_name, 'provenance', 'stg_reference__provenance_kinds', 'provenance')
    ) %}
{% endfor %}

with problems as (

    {% for model_name, column_name, registry_name, registry_column in references %}
        select distinct
            '{{ model_name }}.{{ column_name }}: {{ registry_name }} has no '
            || citing.{{ column_name }} as problem
        from {{ ref(model_name) }} as citing
        left join {{ ref(registry_name) }} as registry
            on citing.{{ column_name }} = registry.{{ registry_column }}
        where
            citing.{{ column_name }} is not null
            and registry.{{ registry_column }} is null
        {{ 'union all' if not loop.last }}
    {% endfor %}

)

{{ stop_if_any('problems') }}
