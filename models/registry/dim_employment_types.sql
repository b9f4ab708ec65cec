with source as (

    select * from {{ ref('employment_types') }}

),

final as (

    select
        report_id,
        employment_type_id,
        {{ integer_from_text('sort_order') }} as sort_order,
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
    from source

)

select * from final
