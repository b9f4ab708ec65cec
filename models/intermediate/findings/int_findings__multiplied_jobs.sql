-- Components of reports that are other jobs times a multiplier of output, and what they
-- are added into: the chain that the findings on multipliers question.
with reports as (

    select * from {{ ref('dim_reports') }}

),

scenarios as (

    select * from {{ ref('dim_scenarios') }}

),

components as (

    select * from {{ ref('dim_components') }}

),

steps as (

    select * from {{ ref('int_verification__report_steps') }}

),

totals as (

    select
        report_id,
        max(case when role = 'gmv' then cast(value as double) end) as gmv_yi_yuan,
        max(case when component_id is not null then cast(value as double) end)
            as total_jobs_wan
    from steps
    group by report_id

),

bases as (

    select
        multiplied.report_id,
        multiplied.step_id,
        sum(cast(base.value as double)) as jobs_wan
    from steps as multiplied
    inner join steps as base
        on
            multiplied.report_id = base.report_id
            and base.role = 'jobs'
            and {{ is_listed('base.step_id', 'multiplied.operands') }}
    group by multiplied.report_id, multiplied.step_id

),

chains as (

    select
        reports.report_id,
        reports.platform_id,
        reports.window_end,
        reports.scenario_id,
        scenarios.method_id,
        scenarios.table_year,
        scenarios.ratio_definition,
        multiplied.component_id,
        cast(multiplied.value as double) as jobs_wan,
        bases.jobs_wan as base_jobs_wan,
        multipliers.step_id as multiplier_name,
        multipliers.is_input as is_printed,
        cast(multipliers.value as double) as multiplier,
        components.parent_component_id,
        cast(parents.value as double) as parent_jobs_wan,
        totals.gmv_yi_yuan,
        totals.total_jobs_wan,
        multiplied.weakest_provenance,
        row_number() over (
            partition by reports.report_id
            order by
                multiplied.value desc,
                multiplied.step_id asc,
                multipliers.step_id asc
        ) as size_rank
    from steps as multiplied
    inner join steps as multipliers
        on
            multiplied.report_id = multipliers.report_id
            and multipliers.role = 'multiplier'
            and {{ is_listed('multipliers.step_id', 'multiplied.operands') }}
    inner join bases
        on
            multiplied.report_id = bases.report_id
            and multiplied.step_id = bases.step_id
    inner join reports
        on multiplied.report_id = reports.report_id
    inner join scenarios
        on
            reports.platform_id = scenarios.platform_id
            and reports.scenario_id = scenarios.scenario_id
    inner join components
        on
            scenarios.method_id = components.method_id
            and multiplied.component_id = components.component_id
    inner join steps as parents
        on
            multiplied.report_id = parents.report_id
            and components.parent_component_id = parents.component_id
    inner join totals
        on multiplied.report_id = totals.report_id

),

-- a finding is reported once a report, of its largest one
final as (

    select
        report_id,
        platform_id,
        window_end,
        scenario_id,
        method_id,
        table_year,
        ratio_definition,
        component_id,
        jobs_wan,
        base_jobs_wan,
        multiplier_name,
        is_printed,
        multiplier,
        parent_component_id,
        parent_jobs_wan,
        gmv_yi_yuan,
        total_jobs_wan,
        weakest_provenance
    from chains
    where size_rank = 1

)

select * from final
