-- Which period of each slowly disclosed input a window uses: the latest that began by
-- the end of the window. One that ended before the window does is carried forward.
with windows as (

    select * from {{ ref('int_gmv__trailing_four_quarters') }}

),

creators as (

    select * from {{ ref('stg_platform__creators_with_income') }}

),

tiers as (

    select * from {{ ref('stg_platform__creator_tiers') }}

),

institutions as (

    select * from {{ ref('stg_platform__institutions') }}

),

periods as (

    select
        platform_id,
        'creators_with_income' as dataset,
        period_start,
        period_end
    from creators

    union

    select
        platform_id,
        'creator_tiers' as dataset,
        period_start,
        period_end
    from tiers

    union

    select
        platform_id,
        'institutions' as dataset,
        period_start,
        period_end
    from institutions

),

ranked as (

    select
        windows.platform_id,
        windows.window_end,
        periods.dataset,
        periods.period_start,
        periods.period_end,
        row_number() over (
            partition by windows.platform_id, windows.window_end, periods.dataset
            order by periods.period_start desc, periods.period_end desc
        ) as recency
    from windows
    inner join periods
        on
            windows.platform_id = periods.platform_id
            and windows.window_end >= periods.period_start

),

final as (

    select
        platform_id,
        window_end,
        dataset,
        period_start,
        period_end,
        period_end < window_end as is_carried_forward
    from ranked
    where recency = 1

)

select * from final
