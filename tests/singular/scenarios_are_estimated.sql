with scenarios as (

    select * from {{ ref('dim_scenarios') }}

),

coverage as (

    select * from {{ ref('aud_estimate_coverage') }}

),

estimated as (

    select
        platform_id,
        scenario_id,
        window_end
    from coverage
    where is_estimated

),

problems as (

    select
        {{ row_name(['scenarios.platform_id', 'scenarios.scenario_id']) }}
        || ': no window is estimated' as problem
    from scenarios
    left join estimated
        on
            scenarios.platform_id = estimated.platform_id
            and scenarios.scenario_id = estimated.scenario_id
    where estimated.window_end is null

    union all

    select
        {{ row_name(['scenarios.platform_id', 'scenarios.scenario_id']) }}
        || ': the window of the report, ' || scenarios.report_window_end
        || ', is not estimated' as problem
    from scenarios
    left join estimated
        on
            scenarios.platform_id = estimated.platform_id
            and scenarios.scenario_id = estimated.scenario_id
            and scenarios.report_window_end = estimated.window_end
    where
        scenarios.report_window_end is not null
        and estimated.window_end is null

)

{{ stop_if_any('problems') }}
