-- From a figure back to the cells of the seeds: its value and all that leads to it. An
-- input stands before the first step that reads it.
with figures as (

    select * from {{ ref('aud_figure_reconciliation') }}

),

steps as (

    select * from {{ ref('int_verification__report_steps') }}

),

sources as (

    select * from {{ ref('dim_sources') }}

),

reached as (

    select
        figures.report_id,
        figures.figure_id,
        figures.element_id,
        dependencies.depends_on_id as step_id,
        dependencies.first_read_at
    from figures
    inner join {{ ref('int_verification__dependencies') }} as dependencies
        on
            figures.report_id = dependencies.report_id
            and figures.name = dependencies.step_id
    where figures.relation in ('steps', 'disclosures')

),

final as (

    select
        reached.report_id,
        reached.figure_id,
        row_number() over (
            partition by reached.report_id, reached.figure_id
            order by
                coalesce(nullif(steps.evaluation_order, 0), reached.first_read_at),
                steps.evaluation_order,
                steps.formula nulls first,
                steps.step_id,
                steps.element_id
        ) as step_number,
        steps.step_id,
        steps.element_id,
        steps.name_zh,
        steps.name_en,
        steps.formula,
        steps.calculation,
        steps.value,
        steps.unit,
        steps.weakest_provenance,
        steps.seed,
        steps.seed_line,
        steps.source_id,
        sources.title_zh as source_title_zh,
        sources.title_en as source_title_en,
        sources.url as source_url
    from reached
    inner join steps
        on
            reached.report_id = steps.report_id
            and reached.step_id = steps.step_id
            and (
                '-' in (reached.element_id, steps.element_id)
                or reached.element_id = steps.element_id
            )
    left join sources
        on steps.source_id = sources.source_id

)

select * from final
