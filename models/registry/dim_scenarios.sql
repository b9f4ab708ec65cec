with source as (

    select * from {{ ref('scenarios') }}

),

final as (

    select
        platform_id,
        scenario_id,
        method_id,
        name_zh,
        name_en,
        coefficient_source,
        mean_turnover_source,
        sample_id,
        {{ integer_from_text('table_year') }} as table_year,
        ratio_definition,
        assumption_level,
        description_zh,
        description_en,
        provenance,
        source_id
    from source

)

select * from final
