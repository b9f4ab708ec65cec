with source as (

    select * from {{ ref('input_values') }}

),

reports as (

    select * from {{ ref('reports') }}

),

final as (

    select
        platform_id,
        scenario_id,
        {{ date_from_text('period_start') }} as period_start,
        {{ date_from_text('period_end') }} as period_end,
        input_name,
        element_id,
        {{ decimal_from_text('low', 28, 12) }} as low,
        {{ decimal_from_text('central', 28, 12) }} as central,
        {{ decimal_from_text('high', 28, 12) }} as high,
        distribution,
        uncertainty_kind,
        unit,
        {{ provenance_of(['platform_id', 'scenario_id']) }} as provenance,
        source_id,
        rationale_zh,
        rationale_en,
        seed_file as seed,
        seed_line
    from source

)

select * from final
