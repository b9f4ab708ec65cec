with source as (

    select * from {{ ref('population_totals') }}

),

final as (

    select
        platform_id,
        sample_id,
        size_class,
        cast({{ decimal_from_text('size_class_low', 18, 2) }} as double)
            as size_class_low,
        cast({{ decimal_from_text('size_class_high', 18, 2) }} as double)
            as size_class_high,
        cast({{ integer_from_text('merchants') }} as double) as merchants,
        cast({{ decimal_from_text('turnover_wan_yuan', 18, 2) }} as double)
            as turnover_wan_yuan,
        source_id
    from source

)

select * from final
