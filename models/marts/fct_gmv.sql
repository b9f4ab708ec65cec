-- Quarters alone: they add up to the twelve months of `fct_gmv_windows`, which overlap.
with quarters as (

    select * from {{ ref('int_gmv__quarters') }}

),

final as (

    select
        platform_id,
        quarter_start as period_start,
        quarter_end as period_end,
        gmv_yi_yuan,
        half_width_yi_yuan,
        formula,
        provenance
    from quarters

)

select * from final
