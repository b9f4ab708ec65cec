with source as (

    select * from {{ ref('assumptions') }}

),

final as (

    select
        assumption_id,
        dataset,
        column_name,
        unit,
        {{ decimal_from_text('low', 18, 6) }} as low,
        {{ decimal_from_text('central', 18, 6) }} as central,
        {{ decimal_from_text('high', 18, 6) }} as high,
        subject_zh,
        subject_en,
        rationale_zh,
        rationale_en,
        provenance,
        source_id
    from source

)

select * from final
