-- The lines that are accepted. Those that are not stand in
-- stg_survey__rejected_lines, which is made first, so that its tests stop everything
-- that follows from here.
-- depends_on: {{ ref('stg_survey__rejected_lines') }}
with lines as (

    select * from {{ ref('stg_survey__merchant_lines') }}

),

repeated_merchants as (

    select * from {{ ref('stg_survey__repeated_merchants') }}

),

accepted as (

    select lines.*
    from lines
    left join repeated_merchants
        on
            lines.platform_id = repeated_merchants.platform_id
            and lines.sample_id = repeated_merchants.sample_id
            and lines.merchant_id = repeated_merchants.merchant_id
    where
        lines.reason_code is null
        and repeated_merchants.merchant_id is null

),

final as (

    select
        file_number,
        platform_id,
        sample_id,
        merchant_id,
        industry_code,
        {{ decimal_from_text('turnover_wan_yuan', 18, 2) }} as turnover_wan_yuan,
        {{ integer_from_text('headcount') }} as headcount,
        {{ decimal_from_text('survey_weight', 18, 6) }} as survey_weight,
        provenance,
        source_id
    from accepted

)

select * from final
