with source as (

    select * from {{ ref('definitions') }}

),

final as (

    select
        method_id,
        definition_id,
        component_id,
        {{ integer_from_text('sort_order') }} as sort_order,
        kind,
        {{ decimal_from_text('low', 18, 6) }} as low,
        {{ decimal_from_text('central', 18, 6) }} as central,
        {{ decimal_from_text('high', 18, 6) }} as high,
        name_zh,
        name_en,
        provenance,
        source_id,
        rationale_zh,
        rationale_en
    from source

)

select * from final
