{{ config(pre_hook="{{ stop_on_refusals() }}") }}
with merchants as (

    select * from {{ ref('stg_survey__merchant_counts') }}

),

scenarios as (

    select * from {{ ref('dim_scenarios') }}

),

reports as (

    select * from {{ ref('dim_reports') }}

),

-- Only a report of a scenario can say which window a merchant sample is of.
windows as (

    select
        scenarios.platform_id,
        scenarios.sample_id,
        max(reports.window_end) as report_window_end
    from scenarios
    inner join reports
        on
            scenarios.platform_id = reports.platform_id
            and scenarios.scenario_id = reports.scenario_id
    where
        scenarios.coefficient_source = 'fitted'
        or scenarios.mean_turnover_source = 'sample'
    group by scenarios.platform_id, scenarios.sample_id

),

totals as (

    select
        platform_id,
        sample_id,
        cast(sum(merchants) as bigint) as nobs,
        cast(sum(turnover_wan_yuan) as decimal(38, 2)) as turnover_wan_yuan,
        cast(sum(headcount) as bigint) as headcount,
        {{ rounded_decimal(
            'cast(sum(weighted_turnover_wan_yuan) as double)'
            ~ ' / cast(sum(survey_weight) as double)', 6
        ) }} as mean_turnover_wan_yuan,
        -- one sample has one provenance and one source: tested on staging
        max(provenance) as provenance,
        max(source_id) as source_id
    from merchants
    group by platform_id, sample_id

),

final as (

    select
        totals.platform_id,
        totals.sample_id,
        totals.nobs,
        totals.turnover_wan_yuan,
        totals.headcount,
        totals.mean_turnover_wan_yuan,
        windows.report_window_end,
        {{ provenance_of(['platform_id'], 'totals') }} as provenance,
        totals.source_id
    from totals
    left join windows
        on
            totals.platform_id = windows.platform_id
            and totals.sample_id = windows.sample_id

)

select * from final
