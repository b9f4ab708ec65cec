with source as (

    select * from {{ ref('units') }}

),

final as (

    select
        unit,
        dimension,
        {{ decimal_from_text('scale', 30, 12) }} as scale,
        name_zh,
        name_en
    from source

)

select * from final
