with source as (

    select * from {{ ref('sectors') }}

),

final as (

    select
        table_id || '/' || sector_code as sector_key,
        table_id,
        sector_code,
        sector_role,
        name_zh,
        name_en,
        seed_line as sort_order
    from source

)

select * from final
