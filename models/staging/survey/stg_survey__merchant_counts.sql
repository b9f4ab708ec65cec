-- What tests and samples ask of the merchants as a whole, in exact sums that add up.
{{ config(materialized='table') }}

with merchants as (

    select * from {{ ref('stg_survey__merchants') }}

),

origins as (

    select * from {{ ref('stg_survey__origins') }}

),

sums as (

    select
        file_number,
        origin_number,
        count(*) as merchants,
        sum(turnover_wan_yuan) as turnover_wan_yuan,
        cast(sum(headcount) as bigint) as headcount,
        sum(survey_weight) as survey_weight,
        sum(cast(survey_weight as decimal(19, 6)) * turnover_wan_yuan)
            as weighted_turnover_wan_yuan
    from merchants
    group by file_number, origin_number

),

final as (

    select
        sums.file_number,
        origins.platform_id,
        origins.sample_id,
        origins.industry_code,
        origins.provenance,
        origins.source_id,
        sums.merchants,
        sums.turnover_wan_yuan,
        sums.headcount,
        sums.survey_weight,
        sums.weighted_turnover_wan_yuan
    from sums
    inner join origins
        on sums.origin_number = origins.origin_number

)

select * from final
