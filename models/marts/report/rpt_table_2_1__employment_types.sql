with employment_types as (

    select * from {{ ref('dim_employment_types') }}

),

final as (

    select
        sort_order,
        group_zh,
        group_en,
        module_zh,
        module_en,
        representative_type_zh,
        representative_type_en,
        employment_mode_zh,
        employment_mode_en
    from employment_types

)

select * from final
