with scenarios as (

    select * from {{ ref('dim_scenarios') }}

),

input_rows as (

    select
        platform_id,
        unnest(options) as option_text
    from {{ ref('int_inputs__all_rows') }}

),

samples as (

    select
        platform_id,
        count(distinct sample_id) as samples
    from scenarios
    group by platform_id

),

-- values of a scenario alone are in no combination
comparable as (

    select scenarios.*
    from scenarios
    inner join samples
        on scenarios.platform_id = samples.platform_id
    left join input_rows as own
        on
            scenarios.platform_id = own.platform_id
            and own.option_text = 'scenario=' || scenarios.scenario_id
    where
        own.option_text is null
        and (scenarios.sample_id is null or samples.samples = 1)

),

combinations as (

    select * from {{ ref('fct_choice_combinations') }}

),

jobs as (

    select
        platform_id,
        window_end,
        scenario_id,
        component_key,
        jobs_wan_of_scenario
    from {{ ref('fct_all_jobs') }}

    union all

    select
        platform_id,
        window_end,
        scenario_id,
        component_key,
        jobs_wan_of_scenario
    from {{ ref('fct_job_totals') }}

),

problems as (

    select
        jobs.platform_id || ' ' || jobs.window_end || ' ' || jobs.scenario_id
        || ': ' || jobs.component_key || ' is ' || jobs.jobs_wan_of_scenario
        || ' 万, the combination of its choices gives '
        || combinations.jobs_wan_of_combination as problem
    from comparable as scenarios
    inner join combinations
        on
            scenarios.platform_id = combinations.platform_id
            and scenarios.choices = combinations.choices
    inner join jobs
        on
            scenarios.platform_id = jobs.platform_id
            and scenarios.scenario_id = jobs.scenario_id
            and combinations.window_end = jobs.window_end
            and combinations.component_key = jobs.component_key
    -- floats here, decimals there: a tie may be rounded the other way
    where
        abs(combinations.jobs_wan_of_combination - jobs.jobs_wan_of_scenario) > 0.0005

    union all

    -- one other option than the report's, which makes a difference, is a combination
    select
        reports.report_id || ' ' || scenarios.scenario_id
        || ': no combination has its options' as problem
    from {{ ref('dim_reports') }} as reports
    inner join scenarios as of_report
        on
            reports.platform_id = of_report.platform_id
            and reports.scenario_id = of_report.scenario_id
    inner join comparable as scenarios
        on
            of_report.platform_id = scenarios.platform_id
            and of_report.method_id = scenarios.method_id
            and 1 = len(list_distinct(string_split(
                scenarios.choices || ' ' || of_report.choices, ' '
            ))) - len(string_split(of_report.choices, ' '))
    inner join jobs
        on
            reports.platform_id = jobs.platform_id
            and reports.window_end = jobs.window_end
            and scenarios.scenario_id = jobs.scenario_id
    inner join jobs as jobs_of_report
        on
            reports.platform_id = jobs_of_report.platform_id
            and reports.window_end = jobs_of_report.window_end
            and reports.scenario_id = jobs_of_report.scenario_id
            and jobs.component_key = jobs_of_report.component_key
    left join combinations
        on
            reports.platform_id = combinations.platform_id
            and reports.window_end = combinations.window_end
            and scenarios.choices = combinations.choices
    where combinations.choices is null
    group by reports.report_id, scenarios.scenario_id
    having max(abs(jobs.jobs_wan_of_scenario - jobs_of_report.jobs_wan_of_scenario)) > 0.0005

)

select * from problems
