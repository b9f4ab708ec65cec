with source as (

    select * from {{ ref('exhibits') }}

),

final as (

    select
        report_id,
        exhibit_id,
        kind,
        number,
        title_zh,
        title_en,
        {{ integer_from_text('chapter') }} as chapter,
        section,
        disclosure,
        disclosed_figure_ids,
        not_disclosed_zh,
        not_disclosed_en,
        provenance,
        source_id
    from source

)

select * from final
