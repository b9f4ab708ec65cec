-- Of reports that print a productivity curve: its coefficients, and the step of their
-- method that divides GMV by the productivity.
with reports as (

    select * from {{ ref('dim_reports') }}

),

published as (

    select * from {{ ref('stg_platform__published_coefficients') }}

),

steps as (

    select * from {{ ref('int_verdicts__report_steps') }}

),

marked as (

    select
        steps.*,
        steps.component_id is not null
        and {{ is_listed('productivity.step_id', words_of('steps.formula')) }}
            as is_divided_by_productivity
    from steps
    left join steps as productivity
        on
            steps.report_id = productivity.report_id
            and productivity.role = 'productivity'

),

pivoted as (

    select
        report_id,
        max(case when role = 'gmv' then value end) as gmv_yi_yuan,
        max(case when role = 'turnover' then value end) as mean_turnover_wan_yuan,
        max(case when role = 'turnover' then weakest_provenance end)
            as mean_turnover_provenance,
        max(case when role = 'productivity' then value end)
            as productivity_wan_yuan_per_job,
        max(case when is_divided_by_productivity then value end) as jobs_wan,
        max(case when is_divided_by_productivity then input_provenance end)
            as input_provenance,
        max(case when is_divided_by_productivity then weakest_provenance end)
            as weakest_provenance
    from marked
    group by report_id

),

final as (

    select
        reports.report_id,
        reports.platform_id,
        reports.window_end,
        cast(published.intercept as decimal(18, 12)) as intercept,
        cast(published.turnover as decimal(18, 12)) as turnover,
        cast(published.turnover_squared as decimal(18, 12)) as turnover_squared,
        cast(pivoted.gmv_yi_yuan as decimal(18, 4)) as gmv_yi_yuan,
        cast(pivoted.mean_turnover_wan_yuan as decimal(18, 6))
            as mean_turnover_wan_yuan,
        pivoted.mean_turnover_provenance,
        cast(pivoted.productivity_wan_yuan_per_job as decimal(18, 6))
            as productivity_wan_yuan_per_job,
        cast(pivoted.jobs_wan as decimal(18, 4)) as jobs_wan,
        pivoted.input_provenance,
        pivoted.weakest_provenance
    from reports
    inner join published
        on
            reports.platform_id = published.platform_id
            and reports.window_end = published.window_end
    inner join pivoted
        on reports.report_id = pivoted.report_id
    where pivoted.jobs_wan is not null

)

select * from final
