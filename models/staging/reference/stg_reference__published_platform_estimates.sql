with source as (

    select * from {{ ref('published_platform_estimates') }}

),

final as (

    select
        estimate_id,
        subject_id,
        scope,
        name_zh,
        name_en,
        {{ date_from_text('period_start') }} as period_start,
        {{ date_from_text('period_end') }} as period_end,
        comparator,
        printed,
        place,
        {{ decimal_from_text('value', 18, 4) }} as value,
        unit,
        author_zh,
        author_en,
        confidence,
        provenance,
        source_id,
        note
    from source

)

select * from final
