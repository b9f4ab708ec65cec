with employment_types as (

    select * from {{ ref('stg_report__employment_types') }}

),

final as (

    select
        report_id,
        employment_type_id,
        sort_order,
        group_zh,
        group_en,
        module_zh,
        module_en,
        representative_type_zh,
        representative_type_en,
        employment_mode_zh,
        employment_mode_en,
        component_id,
        provenance,
        source_id
    from employment_types

)

select * from final
