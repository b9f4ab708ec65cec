-- noqa: disable=AM04
with source as (

    select * from {{ ref('stage_parts') }}

),

figures as (

    select * from {{ ref('stg_report__figure_ledger') }}

),

units as (

    select * from {{ ref('dim_units') }}

),

numbered as (

    select
        source.report_id,
        source.part,
        source.figure_id,
        figures.value,
        figures.comparator,
        figures.unit,
        units.dimension,
        units.scale,
        -- wan, thousand, million
        split_part(figures.unit, '_', 1) as scale_name,
        source.reason_zh,
        source.reason_en
    from source
    left join figures
        on
            source.report_id = figures.report_id
            and source.figure_id = figures.figure_id
    left join units
        on figures.unit = units.unit

),

final as (

    select * from numbered

    union all

    select * replace ('chain' as part)
    from numbered
    where part = 'shops'

)

select * from final
