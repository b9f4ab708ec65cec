with source as (

    select * from {{ ref('designs') }}

),

final as (

    select
        platform_id,
        sample_id,
        sampling,
        cast({{ decimal_from_text('response_rate', 5, 4) }} as double) as response_rate,
        source_id
    from source

)

select * from final
