with source as (

    select * from {{ ref('creators_with_income') }}

),

final as (

    select
        platform_id,
        {{ date_from_text('period_start') }} as period_start,
        {{ date_from_text('period_end') }} as period_end,
        {{ decimal_from_text('creators_wan', 18, 4) }} as creators_wan,
        comparator,
        provenance,
        source_id,
        note,
        seed_file as seed,
        seed_line
    from source

)

select * from final
