with source as (

    select * from {{ ref('method_findings') }}

),

final as (

    select
        finding_id,
        rule,
        subject,
        {{ integer_from_text('sort_order') }} as sort_order,
        topic,
        title_zh,
        title_en,
        statement_zh,
        statement_en,
        unit,
        worse_direction,
        {{ decimal_from_text('moderate_threshold', 18, 4) }} as moderate_threshold,
        {{ decimal_from_text('serious_threshold', 18, 4) }} as serious_threshold,
        threshold_reason_zh,
        threshold_reason_en
    from source

)

select * from final
