with reports as (

    select * from {{ ref('dim_reports') }}

),

scenarios as (

    select * from {{ ref('dim_scenarios') }}

),

totals as (

    select * from {{ ref('fct_job_totals') }}

),

combinations as (

    select * from {{ ref('fct_choice_combinations') }}
    where is_report and not is_leaf

),

problems as (

    select
        reports.report_id || ': its choices make '
        || combinations.jobs_wan_of_combination
        || ' 万, its total is ' || totals.jobs_wan_of_scenario as problem
    from reports
    inner join scenarios
        on
            reports.platform_id = scenarios.platform_id
            and reports.scenario_id = scenarios.scenario_id
    inner join combinations
        on
            reports.platform_id = combinations.platform_id
            and reports.window_end = combinations.window_end
            and scenarios.choices = combinations.choices
    inner join totals
        on
            reports.platform_id = totals.platform_id
            and reports.window_end = totals.window_end
            and reports.scenario_id = totals.scenario_id
            and combinations.component_key = totals.component_key
    -- floats here, decimals there: a tie may be rounded the other way
    where
        abs(combinations.jobs_wan_of_combination - totals.jobs_wan_of_scenario) > 0.0005

)

select * from problems
