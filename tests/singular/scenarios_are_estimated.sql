with scenarios as (

    select * from {{ ref('dim_scenarios') }}

),

reports as (

    select * from {{ ref('dim_reports') }}

),

coverage as (

    select * from {{ ref('aud_estimate_coverage') }}

),

latest as (

    select
        platform_id,
        scenario_id,
        max(window_end) as window_end,
        bool_or(is_estimated) as is_estimated
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
    left join latest
        on
            scenarios.platform_id = latest.platform_id
            and scenarios.scenario_id = latest.scenario_id
    left join reports
        on
            scenarios.platform_id = reports.platform_id
            and scenarios.scenario_id = reports.scenario_id
            and latest.window_end = reports.window_end
    where
        latest.is_estimated is not true
        -- of the window of a report that is reported below
        and reports.report_id is null

    union all

    select
        platform_id,
        scenario_id,
        window_end,
        'the window of the report ' || report_id || ' is not estimated' as problem
    from reports

),

problems as (

    select
        {{ row_name(['expected.platform_id', 'expected.scenario_id']) }}
        || ': ' || expected.problem
        || coalesce(
            ': the window to ' || coverage.window_end || ' lacks '
            || coverage.missing_components || ' for want of '
            || coalesce(coverage.missing_inputs, 'any input'),
            ': no such scenario, or no window'
        ) as problem
    from expected
    left join coverage
        on
            expected.platform_id = coverage.platform_id
            and expected.scenario_id = coverage.scenario_id
            and expected.window_end = coverage.window_end
    where coverage.is_estimated is not true

)

select * from problems
