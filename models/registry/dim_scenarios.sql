-- A scenario takes the options that it names, and in everything else the ones of the report.
with source as (

    select * from {{ ref('scenarios') }}

),

choices as (

    select * from {{ ref('choices') }}
    where coalesce(layer, 'choices') = 'choices'

),

reports as (

    select * from {{ ref('reports') }}

),

chosen as (

    select
        source.platform_id,
        source.scenario_id,
        {{ dbt.listagg(
            "choices.decision_id || '=' || choices.option_id", "' '",
            'order by choices.decision_id'
        ) }} as choices
    from source
    inner join choices
        on
            source.method_id = choices.method_id
            and coalesce(choices.platform_id, source.platform_id) = source.platform_id
            and coalesce(
                {{ get_setting('source.choices', 'choices.decision_id') }},
                case when choices.is_report = 'true' then choices.option_id end
            ) = choices.option_id
    group by source.platform_id, source.scenario_id

),

settled as (

    select
        platform_id,
        scenario_id,
        choices,
        {{ get_setting('choices', "'merchant_jobs'") }} as merchant_jobs,
        {{ get_setting('choices', "'table'") }} as table_option,
        coalesce({{ get_setting('choices', "'ratio'") }}, 'use') as ratio,
        coalesce({{ get_setting('choices', "'imports'") }}, 'as_home_made') as imports
    from chosen

),

final as (

    select
        source.platform_id,
        source.scenario_id,
        {{ scenario_key('source') }} as scenario_key,
        source.method_id,
        source.name_zh,
        source.name_en,
        source.description_zh,
        source.description_en,
        settled.choices,
        case
            when settled.merchant_jobs like 'published_curve%' then 'published'
            when settled.merchant_jobs like 'sample_curve%' then 'fitted'
            when settled.merchant_jobs is not null then 'estimator'
        end as coefficient_source,
        case
            when settled.merchant_jobs in (
                'published_curve', 'sample_curve_at_implied_mean'
            ) then 'implied'
            when settled.merchant_jobs in (
                'sample_curve', 'published_curve_at_sample_mean'
            ) then 'sample'
        end as mean_turnover_source,
        source.sample_id,
        try_cast(settled.table_option as bigint) as table_year,
        case
            when settled.table_option is null then null
            when settled.ratio != 'use' then settled.ratio
            when settled.imports = 'as_home_made' then 'total_use'
            when settled.imports = 'domestic' then 'domestic_use'
        end as ratio_definition,
        {{ provenance_of(['platform_id', 'scenario_id'], 'source') }} as provenance,
        source.source_id
    from source
    left join settled
        on
            source.platform_id = settled.platform_id
            and source.scenario_id = settled.scenario_id

)

select * from final
