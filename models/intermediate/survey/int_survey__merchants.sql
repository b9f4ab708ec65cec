-- Made after the distributions were compared, so that a unit slip stops what follows.
-- depends_on: {{ ref('int_survey__distribution_checks') }}
with merchants as (

    select * from {{ ref('stg_survey__merchants') }}

),

final as (

    select
        platform_id,
        sample_id,
        merchant_id,
        industry_code,
        turnover_wan_yuan,
        headcount,
        survey_weight,
        -- labour productivity, the left side of equation 2.1
        cast(turnover_wan_yuan as double) / headcount
            as productivity_wan_yuan_per_job,
        provenance,
        source_id,
        sample_number,
        industry_number,
        key_hash
    from merchants

)

select * from final
