with source as (

    select * from {{ ref('merchant_sample') }}

),

final as (

    select
        platform_id,
        sample_id,
        merchant_id,
        industry_code,
        {{ decimal_from_text('turnover_wan_yuan', 18, 2) }} as turnover_wan_yuan,
        {{ integer_from_text('headcount') }} as headcount,
        {{ decimal_from_text('survey_weight', 18, 6) }} as survey_weight,
        provenance,
        source_id
    from source

)

select * from final
