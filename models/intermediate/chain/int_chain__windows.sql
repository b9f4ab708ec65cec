-- A window exists because twelve months of GMV, a report or a value of that very period
-- name it, or a quarter ends after the first GMV was disclosed: what it lacks is said.
-- Every scenario of the platform is tried in each that it may be of.
with recursive quarters as (

    select
        platform_id,
        min(period_end) as window_end,
        max(period_end) as last_end
    from {{ ref('stg_platform__gmv_disclosures') }}
    group by platform_id

    union all

    select
        platform_id,
        {{ add_to_date('day', -1, add_to_date(
            'month', 3, add_to_date('day', 1, 'window_end')
        )) }} as window_end,
        last_end
    from quarters
    where window_end < last_end

),

scenarios as (

    select * from {{ ref('dim_scenarios') }}

),

-- values that count in their own window alone
own_values as (

    select input_values.*
    from {{ ref('stg_platform__input_values') }} as input_values
    inner join {{ ref('dim_inputs') }} as inputs
        on
            input_values.input_name = inputs.input_name
            and not inputs.is_carried
    where
        input_values.platform_id is not null
        and input_values.period_end is not null

),

named as (

    select
        platform_id,
        window_start,
        window_end
    from {{ ref('int_gmv__trailing_four_quarters') }}

    union all

    select
        platform_id,
        {{ add_to_date('month', -12, add_to_date('day', 1, 'window_end')) }}
            as window_start,
        window_end
    from {{ ref('dim_reports') }}

    union all

    select
        platform_id,
        {{ add_to_date('month', -12, add_to_date('day', 1, 'window_end')) }}
            as window_start,
        window_end
    from quarters
    where window_end <= last_end

    union all

    select
        platform_id,
        period_start as window_start,
        period_end as window_end
    from own_values

),

windows as (

    select
        platform_id,
        window_end,
        -- twelve months before a shorter period with the same end
        min(window_start) as window_start
    from named
    group by platform_id, window_end

),

-- a scenario that states such values is of their windows alone
scenario_windows as (

    select distinct
        platform_id,
        scenario_id,
        period_end as window_end
    from own_values
    where scenario_id is not null

),

final as (

    select
        windows.platform_id,
        scenarios.scenario_id,
        scenarios.method_id,
        windows.window_start,
        windows.window_end
    from windows
    inner join scenarios
        on windows.platform_id = scenarios.platform_id
    left join scenario_windows
        on
            scenarios.platform_id = scenario_windows.platform_id
            and scenarios.scenario_id = scenario_windows.scenario_id
    group by
        windows.platform_id,
        scenarios.scenario_id,
        scenarios.method_id,
        windows.window_start,
        windows.window_end
    having
        count(scenario_windows.window_end) = 0
        or sum(
            case when windows.window_end = scenario_windows.window_end then 1 else 0 end
        ) > 0

)

select * from final
