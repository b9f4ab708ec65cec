-- The registry's factors by the level at which a scenario takes them.
with assumptions as (

    select * from {{ ref('stg_reference__assumptions') }}

),

final as (

    select
        assumption_id,
        dataset,
        column_name,
        'low' as assumption_level,
        low as factor
    from assumptions

    union all

    select
        assumption_id,
        dataset,
        column_name,
        'central' as assumption_level,
        central as factor
    from assumptions

    union all

    select
        assumption_id,
        dataset,
        column_name,
        'high' as assumption_level,
        high as factor
    from assumptions

)

select * from final
