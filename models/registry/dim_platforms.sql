with source as (

    select * from {{ ref('platforms') }}

),

reports as (

    select * from {{ ref('reports') }}

),

final as (

    select
        platform_id,
        name_zh,
        name_en,
        operator_zh,
        operator_en,
        {{ boolean_from_text('is_invented') }} as is_invented,
        {{ provenance_of(['platform_id']) }} as provenance,
        source_id
    from source

)

select * from final
