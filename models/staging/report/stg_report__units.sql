with source as (

    select * from {{ ref('units') }}

),

final as (

    select
        unit,
        name_zh,
        name_en
    from source

)

select * from final
