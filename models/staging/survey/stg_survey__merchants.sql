-- noqa: disable=LT02
-- The lines that are accepted: the estimation sample of equation 2.1. A model that
-- estimates from it has the hook stop_on_refusals, or reads one that has it.
{% if is_duckdb() %}
with lines as (

    select * from {{ ref('stg_survey__accepted_lines') }}

),

origins as (

    select * from {{ ref('stg_survey__origins') }}

),

repeated_merchants as (

    select * from {{ ref('stg_survey__repeated_merchants') }}

),

final as (

    select
        lines.file_number,
        lines.origin_number,
        origins.platform_id,
        origins.sample_id,
        lines.merchant_id,
        origins.industry_code,
        lines.turnover_wan_yuan,
        lines.headcount,
        lines.survey_weight,
        origins.provenance,
        origins.source_id,
        origins.sample_number,
        origins.industry_number,
        lines.key_hash
    from lines
    inner join origins
        on lines.origin_number = origins.origin_number
    left join repeated_merchants
        on
            origins.sample_number = repeated_merchants.sample_number
            and lines.key_hash = repeated_merchants.key_hash
            and lines.merchant_id = repeated_merchants.merchant_id
    where repeated_merchants.merchant_id is null

)

select * from final
{% else %}
-- a ledger on another engine, typed as the lines above
select
    cast(1 as bigint) as file_number,
    platform_id,
    sample_id,
    merchant_id,
    industry_code,
    cast(turnover_wan_yuan as decimal(18, 2)) as turnover_wan_yuan,
    cast(headcount as bigint) as headcount,
    cast(survey_weight as decimal(18, 6)) as survey_weight,
    provenance,
    source_id,
    {{ key_hash('merchant_id') }} as key_hash
from {{ ledger('ledger') }}
{% endif %}
