with source as (

    select * from {{ ref('excused_differences') }}

),

final as (

    select
        report_id,
        figure_id,
        aspect,
        reason_zh,
        reason_en,
        provenance
    from source

)

select * from final
