{#- The tables that are handed over, by the step that makes them. -#}
{% macro handed_over_tables() -%}
    {{ return({
        'inputs': ['waivers', 'plausible_bands', 'scenarios', 'dim_scenarios', 'dim_reports'],
        'sums': [
            'stg_survey__merchant_files', 'stg_survey__origins', 'stg_survey__repeated_merchants',
            'stg_survey__rejected_lines', 'stg_survey__merchant_counts',
            'int_survey__distribution_checks', 'int_survey__samples', 'int_fit__moments',
            'int_fit__block_sums',
        ],
        'fits': ['est_merchant_fits'],
        'residuals': ['int_fit__leverage_sums', 'int_fit__compared_merchants'],
    }) }}
{%- endmacro %}
