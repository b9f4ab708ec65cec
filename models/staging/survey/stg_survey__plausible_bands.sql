with source as (

    select * from {{ ref('plausible_bands') }}

),

final as (

    select
        measure,
        {{ decimal_from_text('quantile', 3, 2) }} as quantile,
        unit,
        {{ decimal_from_text('stop_low', 18, 4) }} as stop_low,
        {{ decimal_from_text('warning_low', 18, 4) }} as warning_low,
        {{ decimal_from_text('warning_high', 18, 4) }} as warning_high,
        {{ decimal_from_text('stop_high', 18, 4) }} as stop_high,
        {{ decimal_from_text('warning_factor', 18, 2) }} as warning_factor,
        {{ decimal_from_text('stop_factor', 18, 2) }} as stop_factor,
        rationale_zh,
        rationale_en,
        provenance,
        source_id
    from source

)

select * from final
