-- Every estimate that was tried: its report, what it is called, what it counts.
with windows as (

    select * from {{ ref('int_chain__windows') }}

),

window_names as (

    select * from {{ ref('dim_windows') }}

),

platforms as (

    select * from {{ ref('dim_platforms') }}

),

scenarios as (

    select * from {{ ref('dim_scenarios') }}

),

totals as (

    select * from {{ ref('dim_components') }}
    where parent_component_id is null

),

steps as (

    select * from {{ ref('fct_steps') }}

),

reports as (

    select
        *,
        row_number() over (
            partition by estimate_key
            order by is_default desc, sort_order asc, report_id asc
        ) as report_number
    from {{ ref('dim_reports') }}

),

report_platforms as (

    select
        platform_id,
        max(case when is_abroad then 1 else 0 end) = 1 as is_abroad
    from reports
    group by platform_id

),

report_scenarios as (

    select distinct scenario_key
    from reports

),

final as (

    select
        {{ estimate_key('windows') }} as estimate_key,
        windows.platform_id,
        windows.window_end,
        windows.scenario_id,
        {{ scenario_key('windows') }} as scenario_key,
        {{ window_key('windows') }} as window_key,
        windows.method_id,
        reports.report_id,
        coalesce(
            reports.title_zh,
            platforms.name_zh || '，' || scenarios.name_zh || '，'
            || window_names.label_zh
        ) as label_zh,
        coalesce(
            reports.title_en,
            platforms.name_en || ', ' || scenarios.name_en || ', '
            || window_names.label_en
        ) as label_en,
        totals.unit_counted,
        coalesce(reports.is_default, false) as is_default,
        window_names.is_report_window,
        report_scenarios.scenario_key is not null as is_report_scenario,
        steps.value is not null as is_estimated,
        steps.is_extrapolated,
        coalesce(report_platforms.is_abroad, false) as is_abroad,
        steps.weakest_provenance,
        row_number() over (
            order by
                coalesce(reports.is_default, false) desc,
                reports.sort_order asc nulls last,
                windows.platform_id asc,
                windows.scenario_id asc,
                windows.window_end asc
        ) as sort_order
    from windows
    inner join platforms
        on windows.platform_id = platforms.platform_id
    inner join scenarios
        on
            windows.platform_id = scenarios.platform_id
            and windows.scenario_id = scenarios.scenario_id
    inner join window_names
        on
            windows.platform_id = window_names.platform_id
            and windows.window_end = window_names.window_end
    inner join totals
        on windows.method_id = totals.method_id
    left join reports
        on
            {{ estimate_key('windows') }} = reports.estimate_key
            and reports.report_number = 1
    left join report_platforms
        on windows.platform_id = report_platforms.platform_id
    left join report_scenarios
        on {{ scenario_key('windows') }} = report_scenarios.scenario_key
    left join steps
        on
            {{ estimate_key('windows') }} = steps.estimate_key
            and totals.component_id = steps.component_id

)

select * from final
