with merchants as (

    select * from {{ ref('int_merchants__sample') }}

),

final as (

    select
        platform_id,
        sample_id,
        count(*) as nobs,
        sum(turnover_wan_yuan) as turnover_wan_yuan,
        cast(sum(headcount) as bigint) as headcount,
        cast(
            sum(cast(survey_weight as decimal(38, 6)) * turnover_wan_yuan)
            / sum(survey_weight) as decimal(18, 6)
        ) as mean_turnover_wan_yuan,
        -- one sample has one provenance and one source: tested on staging
        max(provenance) as provenance,
        max(source_id) as source_id
    from merchants
    group by platform_id, sample_id

)

select * from final
