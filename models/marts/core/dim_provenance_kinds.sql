with provenance_kinds as (

    select * from {{ ref('stg_reference__provenance_kinds') }}

),

final as (

    select
        provenance,
        provenance_rank,
        name_zh,
        name_en,
        definition_zh,
        definition_en
    from provenance_kinds

)

select * from final
