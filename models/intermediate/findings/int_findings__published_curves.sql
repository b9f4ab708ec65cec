-- The productivity curve that a report prints, f(x) = b0 + b1 x + b2 x^2, with the GMV
-- and the mean turnover that it is used with.
with reports as (

    select * from {{ ref('dim_reports') }}

),

scenarios as (

    select * from {{ ref('dim_scenarios') }}

),

published as (

    select * from {{ ref('stg_platform__published_coefficients') }}

),

steps as (

    select * from {{ ref('int_verdicts__report_steps') }}

),

used_with as (

    select
        report_id,
        max(case when role = 'gmv' then cast(value as double) end) as gmv_yi_yuan,
        max(case when role = 'turnover' then cast(value as double) end)
            as mean_turnover_wan_yuan,
        max(case when role = 'turnover' then weakest_provenance end)
            as mean_turnover_provenance
    from steps
    where is_input
    group by report_id

),

final as (

    select
        reports.report_id,
        cast(published.intercept as double) as b0,
        cast(published.turnover as double) as b1,
        cast(published.turnover_squared as double) as b2,
        cast(published.intercept_half_width as double) as b0_half_width,
        cast(published.turnover_half_width as double) as b1_half_width,
        cast(published.turnover_squared_half_width as double) as b2_half_width,
        published.provenance as curve_provenance,
        used_with.gmv_yi_yuan,
        used_with.mean_turnover_wan_yuan,
        used_with.mean_turnover_provenance,
        scenarios.mean_turnover_source = 'implied' as is_implied
    from reports
    inner join scenarios
        on
            reports.platform_id = scenarios.platform_id
            and reports.scenario_id = scenarios.scenario_id
    inner join published
        on
            reports.platform_id = published.platform_id
            and reports.window_end = published.window_end
    inner join used_with
        on reports.report_id = used_with.report_id

)

select * from final
