with source as (

    select * from {{ ref('waivers') }}

),

final as (

    select
        file_sha256,
        {{ integer_from_text('line') }} as line,
        reason_code,
        reason_zh,
        reason_en,
        decided_by,
        {{ date_from_text('decided_on') }} as decided_on
    from source

)

select * from final
