with source as (

    select * from {{ ref('published_coefficients') }}

),

reports as (

    select * from {{ ref('reports') }}

),

final as (

    select
        platform_id,
        {{ date_from_text('window_end') }} as window_end,
        {{ decimal_from_text('intercept', 18, 12) }} as intercept,
        {{ decimal_from_text('turnover', 18, 12) }} as turnover,
        {{ decimal_from_text('turnover_squared', 18, 12) }} as turnover_squared,
        {{ rounding_half_width('intercept', 18, 12) }} as intercept_half_width,
        {{ rounding_half_width('turnover', 18, 12) }} as turnover_half_width,
        {{ rounding_half_width('turnover_squared', 18, 12) }}
            as turnover_squared_half_width,
        {{ decimal_from_text('merchant_jobs_wan', 18, 4) }} as merchant_jobs_wan,
        {{ rounding_half_width('merchant_jobs_wan', 18, 4) }}
            as merchant_jobs_half_width,
        {{ provenance_of(['platform_id']) }} as provenance,
        source_id,
        note,
        seed_file as seed,
        seed_line
    from source

)

select * from final
