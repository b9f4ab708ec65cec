with trailing_four_quarters as (

    select * from {{ ref('int_gmv__trailing_four_quarters') }}

),

final as (

    select
        platform_id,
        window_start,
        window_end,
        {{ window_key() }} as window_key,
        gmv_yi_yuan,
        half_width_yi_yuan,
        formula,
        provenance
    from trailing_four_quarters

)

select * from final
