-- What a claim of net jobs lacks, and the total of a report next to the official number of
-- all workers in new forms of employment.
with reports as (

    select * from {{ ref('dim_reports') }}

),

answers as (

    select * from {{ ref('stg_report__audit_answers') }}
    where question_id = 'counterfactual'

),

roots as (

    select distinct component_id
    from {{ ref('dim_components') }}
    where parent_component_id is null

),

units as (

    select * from {{ ref('dim_units') }}

),

totals as (

    select
        steps.report_id,
        steps.step_id,
        steps.weakest_provenance,
        steps.amount / 10000 as jobs_wan
    from {{ ref('int_verification__report_steps') }} as steps
    inner join roots
        on steps.component_id = roots.component_id
    inner join units
        on
            steps.unit = units.unit
            and units.dimension in ('jobs', 'persons', 'persons_and_jobs')

),

benchmarks as (

    select
        benchmarks.report_id,
        facts.value * units.scale / 10000 as persons_wan
    from {{ ref('stg_outside__benchmarks') }} as benchmarks
    inner join {{ ref('dim_facts') }} as facts
        on benchmarks.fact_id = facts.fact_id
    inner join units
        on facts.unit = units.unit
    where
        benchmarks.benchmark_id = 'new_forms_of_employment'
        and facts.owner_kind = 'official'

),

final as (

    select
        reports.report_id,
        'net_without_comparison' as rule,
        '-' as subject,
        case answers.answer when 'no' then 2 else 1 end as value,
        {{ rounded_number('totals.jobs_wan', 0) }} as number_1,
        null as number_2,
        null as number_3,
        totals.weakest_provenance,
        totals.step_id as about
    from reports
    inner join totals
        on reports.report_id = totals.report_id
    inner join answers
        on reports.report_id = answers.report_id
    where reports.is_net and answers.answer != 'yes'

    union all

    select
        totals.report_id,
        'beyond_benchmark' as rule,
        '-' as subject,
        100 * totals.jobs_wan / benchmarks.persons_wan as value,
        {{ rounded_number('totals.jobs_wan', 1) }} as number_1,
        {{ rounded_number('benchmarks.persons_wan', 0) }} as number_2,
        {{ rounded_number('100 * totals.jobs_wan / benchmarks.persons_wan', 0) }}
            as number_3,
        totals.weakest_provenance,
        totals.step_id as about
    from totals
    inner join benchmarks
        on totals.report_id = benchmarks.report_id

)

select * from final
