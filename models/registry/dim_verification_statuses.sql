with source as (

    select * from {{ ref('verification_statuses') }}

),

final as (

    select
        verification_status,
        {{ integer_from_text('status_rank') }} as status_rank,
        name_zh,
        name_en,
        phrase_zh,
        phrase_en,
        definition_zh,
        definition_en
    from source

)

select * from final
