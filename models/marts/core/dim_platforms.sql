with platforms as (

    select * from {{ ref('stg_reference__platforms') }}

),

final as (

    select
        platform_id,
        name_zh,
        name_en,
        operator_zh,
        operator_en,
        is_invented,
        provenance,
        source_id
    from platforms

)

select * from final
