-- The one scan of the merchants from which equation 2.1 is fitted. Each industry has
-- units of its own: in those of its sample a narrow one would have few digits left.
{{ config(pre_hook="{{ stop_on_refusals() }}") }}
with moments as (

    {{ merchant_moments(
        ref('stg_survey__merchants'),
        keys=['industry_number'],
        weight='survey_weight'
    ) }}

),

origins as (

    select * from {{ ref('stg_survey__origins') }}

),

industries as (

    select distinct
        industry_number,
        platform_id,
        sample_id,
        industry_code
    from origins

),

final as (

    select
        industries.platform_id,
        industries.sample_id,
        industries.industry_code,
        moments.survey_weight,
        moments.headcount,
        moments.size_class,
        moments.lowest_wan_yuan,
        moments.range_wan_yuan,
        moments.merchants,
        moments.power_1,
        moments.power_2,
        moments.power_3,
        moments.power_4,
        moments.power_5,
        moments.power_6,
        moments.power_7,
        moments.power_8
    from moments
    inner join industries
        on moments.industry_number = industries.industry_number

)

select * from final
