{#- citing model, its column, the registry that has to know the value, its column -#}
{% set references = [
    ('stg_report__accepted_verdicts', 'verdict',
     'stg_report__verdicts', 'verdict'),
    ('stg_report__excused_differences', 'report_id figure_id',
     'stg_report__figure_ledger', 'report_id figure_id'),
    ('stg_report__excused_differences', 'provenance',
     'dim_provenance_kinds', 'provenance'),
    ('stg_report__figure_links', 'report_id figure_id',
     'stg_report__figure_ledger', 'report_id figure_id'),
    ('stg_report__figure_links', 'basis', 'stg_report__verdicts', 'verdict'),
    ('stg_report__method_criticism', 'finding_id',
     'stg_report__method_findings', 'finding_id'),
    ('stg_report__method_findings', 'unit', 'dim_units', 'unit'),
    ('dim_reports', 'platform_id scenario_id',
     'dim_scenarios', 'platform_id scenario_id'),
    ('dim_reports', 'source_id', 'dim_sources', 'source_id'),
] %}
{% for model_name in [
    'stg_report__accepted_verdicts',
    'stg_report__excused_differences',
    'stg_report__exhibits',
    'stg_report__figure_ledger',
    'stg_report__figure_links',
    'stg_report__method_criticism',
    'dim_employment_types',
] %}
    {% do references.append((model_name, 'report_id', 'reports', 'report_id')) %}
{% endfor %}
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
