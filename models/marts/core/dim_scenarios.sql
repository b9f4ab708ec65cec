with scenarios as (

    select * from {{ ref('stg_reference__scenarios') }}

),

final as (

    select
        platform_id,
        scenario_id,
        name_zh,
        name_en,
        description_zh,
        description_en,
        coefficient_source,
        mean_turnover_source,
        sample_id,
        table_year,
        ratio_definition,
        assumption_level,
        report_window_end,
        provenance,
        source_id
    from scenarios

)

select * from final
