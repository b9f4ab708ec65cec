{#- citing model, its column, the registry that has to know the value, its column -#}
{% set references = [
    ('stg_report__accepted_verdicts', 'verdict',
     'stg_report__verdicts', 'verdict'),
    ('stg_report__calculation_steps', 'leads_to_step_id',
     'stg_report__calculation_steps', 'step_id'),
    ('stg_report__calculation_steps', 'unit', 'dim_units', 'unit'),
    ('stg_report__excused_differences', 'figure_id',
     'stg_report__figure_ledger', 'figure_id'),
    ('stg_report__excused_differences', 'provenance',
     'dim_provenance_kinds', 'provenance'),
    ('stg_report__figure_links', 'figure_id',
     'stg_report__figure_ledger', 'figure_id'),
    ('stg_report__figure_links', 'basis', 'stg_report__verdicts', 'verdict'),
    ('stg_report__method_criticism', 'finding_id',
     'stg_report__method_findings', 'finding_id'),
    ('stg_report__method_findings', 'unit', 'dim_units', 'unit'),
] %}
{% for model_name in [
    'stg_economy__national_employment',
    'stg_reference__published_platform_estimates',
    'stg_report__method_criticism',
] %}
    {% do references.append(
        (model_name, 'source_id', 'dim_sources', 'source_id')
    ) %}
    {% do references.append(
        (model_name, 'provenance', 'dim_provenance_kinds', 'provenance')
    ) %}
{% endfor %}

{{ stop_if_unknown(references) }}
