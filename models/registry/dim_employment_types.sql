with source as (

    select * from {{ ref('employment_types') }}

),

reports as (

    select * from {{ ref('dim_reports') }}

),

final as (

    select
        source.report_id,
        source.employment_type_id,
        {{ integer_from_text('source.sort_order') }} as sort_order,
        source.group_zh,
        source.group_en,
        source.module_zh,
        source.module_en,
        source.representative_type_zh,
        source.representative_type_en,
        source.employment_mode_zh,
        source.employment_mode_en,
        source.component_id,
        source.sector_code,
        {{ provenance_of(['report_id'], 'source') }} as provenance,
        source.source_id
    from source
    inner join reports
        on source.report_id = reports.report_id

)

select * from final
