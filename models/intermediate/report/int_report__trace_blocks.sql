-- The traces as six texts a step, and after the steps of a figure where the inputs were
-- read.
{{ config(materialized='view') }}

with steps as (

    select * from {{ ref('int_report__trace_steps') }}

),

sources as (

    select * from {{ ref('dim_sources') }}

),

cited_sources as (

    select distinct
        steps.figure_id,
        sources.source_id,
        sources.title_en,
        sources.url,
        sources.reliability
    from steps
    inner join sources
        on steps.source_id = sources.source_id

),

final as (

    select
        figure_id,
        step_number,
        cast(step_number as varchar) as step,
        name_en as quantity,
        coalesce(formula, 'input') as formula,
        {{ plain_number('value') }} || ' ' || unit as value,
        model_name || '.' || column_name as stands_in,
        weakest_provenance || coalesce(' ' || source_id, '') as evidence
    from steps

    union all

    select
        figure_id,
        1000 + row_number() over (partition by figure_id order by source_id)
            as step_number,
        'source' as step,
        source_id as quantity,
        title_en as formula,
        null as value,
        url as stands_in,
        reliability as evidence
    from cited_sources

)

select * from final
