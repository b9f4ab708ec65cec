-- The total of this report and the latest total of each other platform up to then,
-- added up, beside all employed persons of the year.
with linked_figures as (

    select
        linked_values.*,
        figures.value as published_value
    from {{ ref('int_verdicts__linked_values') }} as linked_values
    inner join {{ ref('stg_report__figure_ledger') }} as figures
        on
            linked_values.report_id = figures.report_id
            and linked_values.figure_id = figures.figure_id

),

employment_scale as (

    select * from {{ ref('rpt_figure_2_3__employment_scale') }}

),

estimates as (

    select * from {{ ref('stg_reference__published_platform_estimates') }}

),

national_employment as (

    select * from {{ ref('stg_economy__national_employment') }}

),

reports as (

    select
        employment_scale.platform_id,
        employment_scale.window_end,
        linked_figures.published_value as total_jobs_wan
    from employment_scale
    inner join linked_figures
        on
            linked_figures.relation = 'steps'
            and linked_figures.report_id = employment_scale.report_id
            and linked_figures.name = employment_scale.component_id
    where employment_scale.component_id = 'total'

),

latest_estimates as (

    select
        reports.platform_id,
        estimates.total_jobs_wan,
        estimates.provenance,
        row_number() over (
            partition by reports.platform_id, estimates.subject_id
            order by estimates.period_end desc
        ) as recency
    from reports
    inner join estimates
        on
            reports.platform_id != estimates.subject_id
            and extract(year from estimates.period_end)
            <= extract(year from reports.window_end)
    where estimates.scope = 'platform'

),

sums as (

    select
        reports.platform_id,
        1 + count(latest_estimates.platform_id) as platforms,
        reports.total_jobs_wan + sum(latest_estimates.total_jobs_wan)
            as total_jobs_wan,
        national_employment.employed_persons_wan,
        -- all published: tested on staging
        max(latest_estimates.provenance) as provenance
    from reports
    inner join latest_estimates
        on reports.platform_id = latest_estimates.platform_id
    inner join national_employment
        on extract(year from reports.window_end) = national_employment.year
    where latest_estimates.recency = 1
    group by
        reports.platform_id,
        reports.total_jobs_wan,
        national_employment.employed_persons_wan

),

final as (

    select
        platform_id,
        'sum_over_platforms' as finding_id,
        100 * cast(total_jobs_wan as double) / employed_persons_wan as value,
        cast(platforms as varchar) as number_1,
        {{ rounded_number('total_jobs_wan', 0) }} as number_2,
        {{ rounded_number('employed_persons_wan', 0) }} as number_3,
        provenance as weakest_provenance
    from sums

)

select * from final
