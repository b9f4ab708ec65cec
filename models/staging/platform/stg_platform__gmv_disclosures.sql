with source as (

    select * from {{ ref('gmv_disclosures') }}

),

final as (

    select
        platform_id,
        disclosure_id,
        {{ date_from_text('period_start') }} as period_start,
        {{ date_from_text('period_end') }} as period_end,
        {{ decimal_from_text('gmv_yi_yuan', 18, 4) }} as gmv_yi_yuan,
        {{ decimal_from_text('half_width_yi_yuan', 18, 4) }} as half_width_yi_yuan,
        confidence,
        provenance,
        source_id,
        note,
        seed_file as seed,
        seed_line
    from source

)

select * from final
