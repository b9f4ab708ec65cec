-- From a figure back to the cells of the seeds: its value and all that leads to it. An
-- input stands before the first step that reads it.
with recursive figures as (

    select * from {{ ref('aud_figure_reconciliation') }}

),

steps as (

    select * from {{ ref('int_verdicts__report_steps') }}

),

sources as (

    select * from {{ ref('dim_sources') }}

),

readers as (

    {{ step_reads('steps') }}

),

reached as (

    select
        report_id,
        figure_id,
        name as step_id,
        element_id,
        1000 as place
    from figures
    where relation in ('steps', 'disclosures')

    union

    select
        reached.report_id,
        reached.figure_id,
        readers.step_id,
        reached.element_id,
        coalesce(readers.evaluation_order, reached.place) as place
    from reached
    inner join readers
        on
            reached.report_id = readers.report_id
            and reached.step_id = readers.reader_id

),

first_reached as (

    select
        report_id,
        figure_id,
        step_id,
        element_id,
        min(place) as place
    from reached
    group by report_id, figure_id, step_id, element_id

),

final as (

    select
        reached.report_id,
        reached.figure_id,
        row_number() over (
            partition by reached.report_id, reached.figure_id
            order by
                coalesce(nullif(steps.evaluation_order, 0), reached.place),
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
    from first_reached as reached
    inner join steps
        on
            reached.report_id = steps.report_id
            and reached.step_id = steps.step_id
            and (
                {{ no_element() }} in (reached.element_id, steps.element_id)
                or reached.element_id = steps.element_id
            )
    left join sources
        on steps.source_id = sources.source_id

)

select * from final
