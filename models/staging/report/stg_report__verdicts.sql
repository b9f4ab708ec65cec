with source as (

    select * from {{ ref('verdicts') }}

),

final as (

    select
        verdict,
        {{ integer_from_text('verdict_rank') }} as verdict_rank,
        name_zh,
        name_en,
        definition_zh,
        definition_en
    from source

)

select * from final
