with source as (

    select * from {{ ref('audit_questions') }}

),

final as (

    select
        question_id,
        {{ integer_from_text('sort_order') }} as sort_order,
        part,
        name_zh,
        name_en,
        question_zh,
        question_en,
        reason_zh,
        reason_en,
        criteria_zh,
        criteria_en,
        source_id,
        place
    from source

)

select * from final
