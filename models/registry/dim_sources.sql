with source as (

    select * from {{ ref('sources') }}

),

final as (

    select
        source_id,
        title_zh,
        title_en,
        publisher,
        published_on,
        url,
        reliability,
        note
    from source

)

select * from final
