with source as (

    select * from {{ ref('strengths') }}

),

final as (

    select
        strength,
        {{ integer_from_text('strength_rank') }} as strength_rank,
        name_zh,
        name_en,
        phrase_zh,
        phrase_en,
        definition_zh,
        definition_en
    from source

)

select * from final
