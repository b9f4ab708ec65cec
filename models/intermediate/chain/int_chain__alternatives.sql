-- Other limits of a fitted productivity than those of the distribution that is drawn.
with windows as (

    select * from {{ ref('int_chain__windows') }}

),

scenarios as (

    select * from {{ ref('dim_scenarios') }}

),

productivities as (

    select * from {{ ref('int_chain__productivities') }}

),

intervals as (

    select
        platform_id,
        sample_id,
        mean_turnover_source,
        window_end,
        'delta_method' as interval_method,
        conf_low as low,
        conf_high as high
    from productivities

    union all

    select
        platform_id,
        sample_id,
        mean_turnover_source,
        window_end,
        'bootstrap' as interval_method,
        bootstrap_conf_low as low,
        bootstrap_conf_high as high
    from productivities

),

final as (

    select
        windows.platform_id,
        windows.window_end,
        windows.scenario_id,
        'productivity' as input_name,
        intervals.interval_method,
        intervals.low,
        intervals.high
    from windows
    inner join scenarios
        on
            windows.platform_id = scenarios.platform_id
            and windows.scenario_id = scenarios.scenario_id
            and scenarios.coefficient_source = 'fitted'
    inner join intervals
        on
            scenarios.platform_id = intervals.platform_id
            and scenarios.sample_id = intervals.sample_id
            and scenarios.mean_turnover_source = intervals.mean_turnover_source
            and windows.window_end = coalesce(intervals.window_end, windows.window_end)
    -- a small sample has no bootstrap, nor has a curve at the implied mean
    where intervals.low is not null

)

select * from final
