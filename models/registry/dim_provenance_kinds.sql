with source as (

    select * from {{ ref('provenance_kinds') }}

),

final as (

    select
        provenance,
        {{ integer_from_text('provenance_rank') }} as provenance_rank,
        name_zh,
        name_en,
        definition_zh,
        definition_en
    from source

)

select * from final
