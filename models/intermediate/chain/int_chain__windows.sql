-- A window exists because twelve months of GMV, a report or a value of that very period
-- name it; every scenario of the platform is tried in each.
with scenarios as (

    select * from {{ ref('dim_scenarios') }}

),

gmv_windows as (

    select * from {{ ref('int_gmv__trailing_four_quarters') }}

),

reports as (

    select * from {{ ref('dim_reports') }}

),

input_values as (

    select * from {{ ref('stg_platform__input_values') }}

),

inputs as (

    select * from {{ ref('dim_inputs') }}

),

named as (

    select
        platform_id,
        window_start,
        window_end
    from gmv_windows

    union all

    select
        platform_id,
        {{ add_to_date('day', 1, add_to_date('month', -12, 'window_end')) }}
            as window_start,
        window_end
    from reports

    union all

    select
        input_values.platform_id,
        input_values.period_start as window_start,
        input_values.period_end as window_end
    from input_values
    inner join inputs
        on
            input_values.input_name = inputs.input_name
            and not inputs.is_carried
    where
        input_values.platform_id is not null
        and input_values.period_end is not null

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

)

select * from final
