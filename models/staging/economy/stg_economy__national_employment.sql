with source as (

    select * from {{ ref('national_employment') }}

),

final as (

    select
        {{ integer_from_text('year') }} as year,
        {{ decimal_from_text('employed_persons_wan', 18, 4) }} as employed_persons_wan,
        provenance,
        source_id,
        note
    from source

)

select * from final
