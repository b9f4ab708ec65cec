with source as (

    select * from {{ ref('sector_employment') }}

),

final as (

    select
        table_id,
        sector_code,
        {{ integer_from_text('year') }} as year,
        {{ decimal_from_text('employed_persons_wan', 18, 4) }} as employed_persons_wan,
        employment_classes,
        provenance,
        source_id,
        seed_file as seed,
        seed_line
    from source

)

select * from final
