with employment_types as (

    select * from {{ ref('dim_employment_types') }}

),

reports as (

    select * from {{ ref('dim_reports') }}

),

final as (

    select
        employment_types.report_id,
        employment_types.sort_order,
        employment_types.group_zh,
        employment_types.group_en,
        employment_types.module_zh,
        employment_types.module_en,
        employment_types.representative_type_zh,
        employment_types.representative_type_en,
        employment_types.employment_mode_zh,
        employment_types.employment_mode_en
    from employment_types
    inner join reports
        on employment_types.report_id = reports.report_id

)

select * from final
