-- Merchants dealt to up to 4096 blocks by a salted hash of their key, for a bootstrap.
-- As in the moments, sums are of whole numbers, here of 2^-62 of the largest value, so
-- that they do not depend on the order of the rows.
with merchants as (

    select * from {{ ref('stg_survey__merchants') }}

),

moments as (

    select * from {{ ref('int_fit__moments') }}

),

origins as (

    select * from {{ ref('stg_survey__origins') }}

),

samples as (

    select distinct
        sample_number,
        platform_id,
        sample_id
    from origins

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
        samples.sample_number,
        bounds.platform_id,
        bounds.sample_id,
        bounds.lowest_wan_yuan,
        cast(bounds.highest_wan_yuan - bounds.lowest_wan_yuan as double)
            as range_wan_yuan,
        bounds.largest_weight
    from bounds
    inner join samples
        on
            bounds.platform_id = samples.platform_id
            and bounds.sample_id = samples.sample_id

),

positions as (

    select
        merchants.sample_number,
        -- what decides the block, three hexadecimal digits
        merchants.key_hash & 61695 as block_bits,
        cast(merchants.turnover_wan_yuan - units.lowest_wan_yuan as double)
        / units.range_wan_yuan as u,
        -- a merchant employs one person or more
        cast(merchants.turnover_wan_yuan as double) / merchants.headcount
        / (cast(units.lowest_wan_yuan as double) + units.range_wan_yuan) as z,
        cast(merchants.survey_weight as double) / units.largest_weight as w
    from merchants
    inner join units
        on merchants.sample_number = units.sample_number

),

sums as (

    select
        sample_number,
        block_bits,
        count(*) as merchants,
        {{ wide_sum('w') }} as power_0,
        {{ wide_sum('w * u') }} as power_1,
        {{ wide_sum('w * u * u') }} as power_2,
        {{ wide_sum('w * u * u * u') }} as power_3,
        {{ wide_sum('w * u * u * u * u') }} as power_4,
        {{ wide_sum('w * z') }} as productivity_power_0,
        {{ wide_sum('w * z * u') }} as productivity_power_1,
        {{ wide_sum('w * z * u * u') }} as productivity_power_2
    from positions
    group by sample_number, block_bits

),

final as (

    select
        units.platform_id,
        units.sample_id,
        {{ block_of('sums.block_bits') }} as block,
        units.lowest_wan_yuan,
        units.range_wan_yuan,
        units.largest_weight,
        sums.merchants,
        sums.power_0,
        sums.power_1,
        sums.power_2,
        sums.power_3,
        sums.power_4,
        sums.productivity_power_0,
        sums.productivity_power_1,
        sums.productivity_power_2
    from sums
    inner join units
        on sums.sample_number = units.sample_number

)

select * from final
