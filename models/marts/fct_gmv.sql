with quarters as (

    select * from {{ ref('int_gmv__quarters') }}

),

trailing_four_quarters as (

    select * from {{ ref('int_gmv__trailing_four_quarters') }}

),

final as (

    select
        platform_id,
        'quarter' as period_type,
        quarter_start as period_start,
        quarter_end as period_end,
        gmv_yi_yuan,
        half_width_yi_yuan,
        formula,
        provenance
    from quarters

    union all

    select
        platform_id,
        'trailing_four_quarters' as period_type,
        window_start as period_start,
        window_end as period_end,
        gmv_yi_yuan,
        half_width_yi_yuan,
        formula,
        provenance
    from trailing_four_quarters

)

select * from final
