-- What the parts of a total are. People that two components count: institutions of a
-- type that the report's own table of employment types puts elsewhere; and creators
-- with income who stream for merchants, if each merchant has one, which is assumed. And
-- persons that are added to jobs, or counted next to them for any owe to it.
with steps as (

    select * from {{ ref('int_verification__report_steps') }}

),

employment_types as (

    select * from {{ ref('dim_employment_types') }}

),

units as (

    select * from {{ ref('dim_units') }}

),

totals as (

    select
        report_id,
        max(case when component_id is not null then cast(value as double) end)
            as total_jobs_wan,
        max(case when role = 'gmv' then cast(value as double) end)
        / max(case when role = 'turnover' then cast(value as double) end)
            as merchants_wan,
        max(
            case
                when is_input and role = 'creators' and element_id = '-'
                    then step_id
            end
        ) as creators_name
    from steps
    group by report_id

),

found as (

    select
        components.report_id,
        'listed_elsewhere' as rule,
        sum(elements.value) as jobs_wan,
        'assumed' as weakest_provenance,
        max(elements.step_id) as about
    from steps as elements
    inner join employment_types
        on
            elements.report_id = employment_types.report_id
            and elements.element_id = employment_types.employment_type_id
    inner join steps as components
        on
            elements.report_id = components.report_id
            and employment_types.component_id != components.component_id
            and {{ is_listed('elements.step_id', 'components.operands') }}
    where elements.role = 'jobs'
    group by components.report_id

    union all

    select
        report_id,
        'streamers_of_merchants' as rule,
        merchants_wan as jobs_wan,
        'assumed' as weakest_provenance,
        'turnover ' || creators_name as about
    from totals
    where merchants_wan is not null and creators_name is not null

    union all

    select
        components.report_id,
        'persons_as_jobs' as rule,
        sum(components.value) as jobs_wan,
        max(conversions.weakest_provenance) as weakest_provenance,
        max(conversions.step_id) as about
    from steps as conversions
    inner join units
        on
            conversions.unit = units.unit
            and units.dimension = 'jobs persons^-1'
    inner join steps as components
        on
            conversions.report_id = components.report_id
            and components.component_id is not null
            and {{ is_listed('conversions.step_id', 'components.operands') }}
    where conversions.role = 'conversion'
    group by components.report_id

    union all

    select
        report_id,
        'head_count' as rule,
        max(amount) / 10000 as jobs_wan,
        max(weakest_provenance) as weakest_provenance,
        max(step_id) as about
    from steps
    where role = 'head_count'
    group by report_id

),

final as (

    select
        found.report_id,
        found.rule,
        '-' as subject,
        100 * found.jobs_wan / totals.total_jobs_wan as value,
        {{ rounded_number('found.jobs_wan', 1) }} as number_1,
        {{ rounded_number('totals.total_jobs_wan', 1) }} as number_2,
        null as number_3,
        found.weakest_provenance,
        found.about
    from found
    inner join totals
        on found.report_id = totals.report_id

)

select * from final
