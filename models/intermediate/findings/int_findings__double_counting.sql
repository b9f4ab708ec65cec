-- People that two components count. Service providers: institutions by our assumed
-- table, e-commerce by table 2.1 of the report. Streamers of merchants: creators with
-- income and merchant staff, if each merchant has one, which is assumed.
with steps as (

    select * from {{ ref('fct_steps') }}

),

reports as (

    select * from {{ ref('dim_reports') }}

),

institution_jobs as (

    select
        steps.platform_id,
        steps.window_end,
        steps.element_id as institution_type_id,
        steps.value as jobs_wan
    from steps
    inner join reports
        on
            steps.platform_id = reports.platform_id
            and steps.window_end = reports.window_end
            and steps.scenario_id = reports.scenario_id
    where steps.step_id = 'institution_jobs'

),

employment_types as (

    select * from {{ ref('stg_report__employment_types') }}

),

merchant_jobs as (

    select * from {{ ref('rpt_table_2_2__merchant_jobs') }}

),

employment_scale as (

    select * from {{ ref('rpt_figure_2_3__employment_scale') }}

),

totals as (

    select
        platform_id,
        window_end,
        cast(jobs_wan as double) as total_jobs_wan
    from employment_scale
    where component_id = 'total'

),

counted_twice as (

    select
        institution_jobs.platform_id,
        'service_providers_twice' as finding_id,
        sum(institution_jobs.jobs_wan) as jobs_wan
    from institution_jobs
    inner join employment_types
        on
            institution_jobs.institution_type_id = employment_types.employment_type_id
            and employment_types.component_id != 'institutions'
    inner join totals
        on
            institution_jobs.platform_id = totals.platform_id
            and institution_jobs.window_end = totals.window_end
    group by institution_jobs.platform_id

    union all

    select
        platform_id,
        'merchant_streamers_twice' as finding_id,
        cast(gmv_yi_yuan / mean_turnover_wan_yuan as decimal(18, 4)) as jobs_wan
    from merchant_jobs

),

final as (

    select
        counted_twice.platform_id,
        counted_twice.finding_id,
        100 * counted_twice.jobs_wan / totals.total_jobs_wan as value,
        {{ rounded_number('counted_twice.jobs_wan', 1) }} as number_1,
        null as number_2,
        null as number_3,
        'assumed' as weakest_provenance
    from counted_twice
    inner join totals
        on counted_twice.platform_id = totals.platform_id

)

select * from final
