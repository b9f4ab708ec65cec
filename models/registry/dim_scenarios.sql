-- A scenario takes the options that it names, and in all else those of the report.
{%- set names = [
    'coefficient_source', 'mean_turnover_source', 'table_year', 'ratio_kind',
    'import_convention',
] %}
with source as (

    select * from {{ ref('scenarios') }}

),

choices as (

    select * from {{ ref('choices') }}

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
        ) }} as choices,
        {{ dbt.listagg('choices.sets', "' '", 'order by choices.decision_id') }} as sets
    from source
    inner join choices
        on
            source.method_id = choices.method_id
            and coalesce(choices.platform_id, source.platform_id) = source.platform_id
            and coalesce(
                {{ setting_of('source.choices', 'choices.decision_id') }},
                case when choices.is_report = 'true' then choices.option_id end
            ) = choices.option_id
    group by source.platform_id, source.scenario_id

),

settled as (

    select
        platform_id,
        scenario_id,
        {% for name in names %}
            {{ setting_of('sets', "'" ~ name ~ "'") }} as {{ name }},
        {% endfor %}
        choices,
        sets
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
        settled.sets || coalesce(' sample_id' || '=' || source.sample_id, '')
            as settings,
        settled.coefficient_source,
        settled.mean_turnover_source,
        source.sample_id,
        cast(settled.table_year as bigint) as table_year,
        case
            when settled.ratio_kind != 'use' then settled.ratio_kind
            when settled.import_convention = 'as_home_made' then 'total_use'
            when settled.import_convention = 'domestic' then 'domestic_use'
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
