-- noqa: disable=LT05
{#- What the rows of a seed cite is declared once, in its yml (config.meta.references): the
    checks read it before anything is loaded, and this test states the same of what was.

    Names of columns make lines of any length. Merchants are those that were read, be it from the seed or from microdata. -#}
{% set seeds = [
    'audit_answers',
    'audit_questions',
    'audit_readings',
    'benchmarks',
    'choices',
    'comparisons',
    'components',
    'creator_tiers',
    'creators_with_income',
    'denominators',
    'designs',
    'employment_types',
    'estimator_validation',
    'estimators',
    'exhibits',
    'facts',
    'figure_ledger',
    'figure_links',
    'firm_samples',
    'gmv_disclosures',
    'industry_shares',
    'input_output_baskets',
    'input_output_flows',
    'input_output_tables',
    'input_output_totals',
    'input_values',
    'inputs',
    'institutions',
    'known_differences',
    'merchant_designs',
    'merchant_sample',
    'merchants_and_buyers',
    'method_criticism',
    'method_findings',
    'national_employment',
    'overlays',
    'platforms',
    'plausible_bands',
    'population_totals',
    'provenance_kinds',
    'published_coefficients',
    'published_platform_estimates',
    'recurring_sources',
    'report_claims',
    'report_countries',
    'reports',
    'scenarios',
    'second_publisher_totals',
    'sector_employment_reconstruction',
    'sector_industries',
    'sectors',
    'severities',
    'sources',
    'stage_choices',
    'stage_factors',
    'stage_inputs',
    'stage_options',
    'stage_parts',
    'steps',
    'units',
    'verification_statuses',
    'waivers'
] %}
{% set relations = {} %}
{% for seed in seeds %}
    {% do relations.update({seed: ref(seed)}) %}
{% endfor %}
{% do relations.update({'merchant_sample': ref('stg_survey__merchant_counts')}) %}
{% set declared = graph.nodes.values()
    | selectattr('resource_type', 'equalto', 'seed') | list %}
{% if execute and declared | map(attribute='name') | sort | list != seeds %}
    {{ exceptions.raise_compiler_error(
        'tests/singular/references_are_known.sql must list all seeds in their order'
    ) }}
{% endif %}
with problems as (

    {% for seed in declared %}
        {% for reference in seed.config.meta.get('references', []) %}
            {% set columns = reference.columns %}
            {% set key = reference.get('key', columns) %}
            {% set has_lines = seed.name != 'merchant_sample' %}
            select distinct
                {{ 'citing.seed_file' if has_lines else 'cast(null as varchar)' }} as seed,
                {{ 'citing.seed_line' if has_lines else 'cast(null as bigint)' }} as seed_line,
                citing.{{ columns[-1] }} as value,
                '{{ seed.name }}.{{ columns | join(' ') }}'
                || ': {{ reference.to }} has no '
                || citing.{{ columns | join(" || ' ' || citing.") }} as problem
            from {{ relations[seed.name] }} as citing
            left join {{ relations[reference.to.split('/')[1]] }} as cited
                on
                    {% for column_name in columns %}
                        {{ 'and' if not loop.first }}
                        citing.{{ column_name }} = cited.{{ key[loop.index0] }}
                    {% endfor %}
            where
                citing.{{ columns | join(' is not null and citing.') }} is not null
                and cited.{{ key[0] }} is null
            union all
        {% endfor %}
    {% endfor %}

    select
        cast(null as varchar) as seed,
        cast(null as bigint) as seed_line,
        cast(null as varchar) as value,
        cast(null as varchar) as problem
    where 1 = 0

)

select * from problems
