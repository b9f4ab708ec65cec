with source as (

    select * from {{ ref('industry_shares') }}

),

final as (

    select
        country,
        {{ integer_from_text('year') }} as year,
        industry,
        {{ decimal_from_text('official_percent', 8, 4) }} as official_percent,
        {{ decimal_from_text('reconstructed_percent', 8, 4) }} as reconstructed_percent,
        cast(
            {{ decimal_from_text('reconstructed_percent', 8, 4) }}
            - {{ decimal_from_text('official_percent', 8, 4) }} as decimal(8, 4)
        ) as gap_points,
        series,
        provenance,
        source_id
    from source

)

select * from final
