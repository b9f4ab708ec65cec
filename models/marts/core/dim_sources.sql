with sources as (

    select * from {{ ref('stg_reference__sources') }}

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
    from sources

)

select * from final
