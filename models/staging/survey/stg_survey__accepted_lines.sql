-- The one scan of the merchant microdata: what later steps read of the lines that the
-- checks accept, typed. No other line is written.
-- depends_on: {{ ref('stg_survey__csv_lines') }}
-- depends_on: {{ ref('merchant_sample') }}
{{ config(materialized='table') }}
{%- set rules = merchant_rules() %}

with lines as (

    {{ merchant_lines() }}

),

origins as (

    select * from {{ ref('stg_survey__origins') }}

),

accepted as (

    select
        lines.*,
        origins.origin_number
    from lines
    inner join origins
        on
            lines.platform_id = origins.platform_id
            and lines.sample_id = origins.sample_id
            and lines.industry_code = origins.industry_code
            and lines.provenance = origins.provenance
            and lines.source_id = origins.source_id
    where origins.is_accepted

),

final as (

    select
        file_number,
        origin_number,
        merchant_id,
        {{ rules.turnover_wan_yuan.value }} as turnover_wan_yuan,
        {{ rules.headcount.value }} as headcount,
        {{ rules.survey_weight.value }} as survey_weight,
        {{ key_hash('merchant_id') }} as key_hash
    from accepted
    where
        {{ cells_accepted(rules) }}

)

select * from final
