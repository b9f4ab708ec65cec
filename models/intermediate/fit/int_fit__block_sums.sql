-- Merchants dealt to up to 4096 blocks by a salted hash of their key, for a bootstrap.
-- As in the moments, sums are of whole numbers, here of 2^-62 of the largest value, so
-- that they do not depend on the order of the rows.
with merchants as (

    select * from {{ ref('int_survey__merchants') }}

),

moments as (

    select * from {{ ref('int_fit__moments') }}

),

bounds as (

    select
        platform_id,
        sample_id,
        min(lowest_wan_yuan) as lowest_wan_yuan,
        -- of the industries of the sample
        max(lowest_wan_yuan + cast(range_wan_yuan as decimal(20, 2)))
            as highest_wan_yuan,
        cast(max(survey_weight) as double) as largest_weight
    from moments
    group by platform_id, sample_id

),

units as (

    select
        platform_id,
        sample_id,
        lowest_wan_yuan,
        cast(highest_wan_yuan - lowest_wan_yuan as double) as range_wan_yuan,
        largest_weight
    from bounds

),

positions as (

    select
        merchants.platform_id,
        merchants.sample_id,
        substr({{ dbt.hash("'block' || merchants.merchant_id") }}, 1, 3) as block,
        cast(merchants.turnover_wan_yuan - units.lowest_wan_yuan as double)
        / units.range_wan_yuan as u,
        -- a merchant employs one person or more
        merchants.productivity_wan_yuan_per_job
        / (cast(units.lowest_wan_yuan as double) + units.range_wan_yuan) as z,
        cast(merchants.survey_weight as double) / units.largest_weight as w
    from merchants
    inner join units
        on
            merchants.platform_id = units.platform_id
            and merchants.sample_id = units.sample_id

),

final as (

    select
        platform_id,
        sample_id,
        block,
        count(*) as merchants,
        {{ sum_of_whole_numbers('w') }} as power_0,
        {{ sum_of_whole_numbers('w * u') }} as power_1,
        {{ sum_of_whole_numbers('w * u * u') }} as power_2,
        {{ sum_of_whole_numbers('w * u * u * u') }} as power_3,
        {{ sum_of_whole_numbers('w * u * u * u * u') }} as power_4,
        {{ sum_of_whole_numbers('w * z') }} as productivity_power_0,
        {{ sum_of_whole_numbers('w * z * u') }} as productivity_power_1,
        {{ sum_of_whole_numbers('w * z * u * u') }} as productivity_power_2
    from positions
    group by platform_id, sample_id, block

)

select * from final
