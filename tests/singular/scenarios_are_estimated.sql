with scenarios as (

    select * from {{ ref('dim_scenarios') }}

),

coverage as (

    select * from {{ ref('aud_estimate_coverage') }}

),

estimated as (

    select distinct
        platform_id,
        scenario_id
    from coverage
    where is_estimated

),

latest as (

    select
        platform_id,
        scenario_id,
        max(window_end) as window_end
    from coverage
    group by platform_id, scenario_id

),

expected as (

    select
        scenarios.platform_id,
        scenarios.scenario_id,
        latest.window_end,
        'no window is estimated' as problem
    from scenarios
    left join estimated
        on
            scenarios.platform_id = estimated.platform_id
            and scenarios.scenario_id = estimated.scenario_id
    left join latest
        on
            scenarios.platform_id = latest.platform_id
            and scenarios.scenario_id = latest.scenario_id
    where estimated.scenario_id is null

    union all

    select
        platform_id,
        scenario_id,
        report_window_end as window_end,
        'the window of the report, ' || report_window_end || ', is not estimated'
            as problem
    from scenarios
    where report_window_end is not null

),

problems as (

    select
        {{ row_name(['expected.platform_id', 'expected.scenario_id']) }}
        || ': ' || expected.problem
        || coalesce(
            ': the window to ' || coverage.window_end || ' lacks '
            || coverage.missing_components,
            ': GMV of its twelve months is not there'
        ) as problem
    from expected
    left join coverage
        on
            expected.platform_id = coverage.platform_id
            and expected.scenario_id = coverage.scenario_id
            and expected.window_end = coverage.window_end
    where coverage.is_estimated is not true

)

{{ stop_if_any('problems') }}
