with source as (

    select * from {{ ref('stage_factors') }}

),

stages as (

    select
        'once' as stage,
        1 as stage_order
    union all
    select
        'fte' as stage,
        2 as stage_order
    union all
    select
        'net' as stage,
        3 as stage_order

),

final as (

    select
        stages.stage,
        stages.stage_order,
        source.part,
        source.input_name
    from stages
    inner join stages as earlier
        on stages.stage_order >= earlier.stage_order
    inner join source
        on earlier.stage = source.stage

)

select * from final
