-- For each figure whose value is a step of the calculation: that step and all steps
-- that lead to it, inputs first.
with recursive links as (

    select * from {{ ref('stg_report__figure_links') }}

),

steps as (

    select * from {{ ref('int_report__step_values') }}

),

formulas as (

    select * from {{ ref('int_report__step_formulas') }}

),

sources as (

    select * from {{ ref('dim_sources') }}

),

reached as (

    select
        links.figure_id,
        steps.step_id
    from links
    inner join steps
        on
            links.model_name = steps.model_name
            and links.row_key = steps.row_key
            and links.column_name = steps.column_name

    union all

    select
        reached.figure_id,
        steps.step_id
    from reached
    inner join steps
        on reached.step_id = steps.leads_to_step_id

),

final as (

    select
        reached.figure_id,
        row_number() over (
            partition by reached.figure_id order by steps.step_order
        ) as step_number,
        steps.step_id,
        steps.name_zh,
        steps.name_en,
        formulas.formula,
        steps.value,
        steps.unit,
        steps.model_name,
        steps.row_key,
        steps.column_name,
        steps.weakest_provenance,
        steps.source_id,
        sources.title_zh as source_title_zh,
        sources.title_en as source_title_en,
        sources.url as source_url
    from reached
    inner join steps
        on reached.step_id = steps.step_id
    inner join formulas
        on reached.step_id = formulas.step_id
    left join sources
        on steps.source_id = sources.source_id

)

select * from final
