{#- citing model, its column, the registry that has to know the value, its column -#}
{% set references = [
    ('stg_report__employment_types', 'component_id',
     'stg_reference__employment_components', 'component_id'),
    ('stg_reference__employment_components', 'parent_component_id',
     'stg_reference__employment_components', 'component_id'),
    ('stg_report__figure_ledger', 'report_id restates_figure_id',
     'stg_report__figure_ledger', 'report_id figure_id'),
    ('stg_platform__input_values', 'input_name', 'dim_inputs', 'input_name'),
    ('stg_platform__input_values', 'scenario_id', 'dim_scenarios', 'scenario_id'),
    ('dim_scenarios', 'method_id', 'dim_components', 'method_id'),
] %}
{% for model_name in [
    'stg_platform__creator_tiers',
    'stg_platform__creators_with_income',
    'stg_platform__gmv_disclosures',
    'stg_platform__input_values',
    'stg_platform__institutions',
    'stg_platform__published_coefficients',
    'dim_scenarios',
    'stg_survey__merchants',
] %}
    {% do references.append(
        (model_name, 'platform_id', 'dim_platforms', 'platform_id')
    ) %}
{% endfor %}
{% for model_name in [
    'stg_economy__input_output_totals',
    'stg_platform__creator_tiers',
    'stg_platform__creators_with_income',
    'stg_platform__gmv_disclosures',
    'stg_platform__input_values',
    'stg_platform__institutions',
    'stg_platform__published_coefficients',
    'stg_reference__assumptions',
    'dim_platforms',
    'dim_scenarios',
    'stg_report__employment_types',
    'stg_report__exhibits',
    'stg_report__figure_ledger',
    'stg_survey__merchants',
    'stg_survey__plausible_bands',
] %}
    {% do references.append(
        (model_name, 'source_id', 'dim_sources', 'source_id')
    ) %}
    {% do references.append(
        (model_name, 'provenance', 'dim_provenance_kinds', 'provenance')
    ) %}
{% endfor %}

{{ stop_if_unknown(references) }}
