-- The printed total of a report and the latest total of each other platform up to then,
-- added up, beside all employed persons of the year.
with reports as (

    select * from {{ ref('dim_reports') }}

),

roots as (

    select distinct component_id
    from {{ ref('dim_components') }}
    where parent_component_id is null

),

links as (

    select * from {{ ref('stg_report__figure_links') }}

),

figures as (

    select * from {{ ref('stg_report__figure_ledger') }}

),

estimates as (

    select * from {{ ref('stg_reference__published_platform_estimates') }}

),

national_employment as (

    select * from {{ ref('stg_economy__national_employment') }}

),

printed_totals as (

    select
        reports.report_id,
        reports.platform_id,
        extract(year from reports.window_end) as year,
        links.name as component_id,
        max(figures.value) as total_jobs_wan
    from reports
    inner join links
        on
            reports.report_id = links.report_id
            and links.relation != 'claims'
    inner join figures
        on
            links.report_id = figures.report_id
            and links.figure_id = figures.figure_id
    inner join roots
        on links.name = roots.component_id
    group by
        reports.report_id,
        reports.platform_id,
        reports.window_end,
        links.name

),

latest_estimates as (

    select
        printed_totals.*,
        estimates.total_jobs_wan as other_jobs_wan,
        estimates.provenance,
        row_number() over (
            partition by printed_totals.report_id, estimates.subject_id
            order by estimates.period_end desc
        ) as recency
    from printed_totals
    inner join estimates
        on
            printed_totals.platform_id != estimates.subject_id
            and extract(year from estimates.period_end) <= printed_totals.year
    where estimates.scope = 'platform'

),

sums as (

    select
        latest_estimates.report_id,
        latest_estimates.component_id,
        1 + count(*) as platforms,
        latest_estimates.total_jobs_wan + sum(latest_estimates.other_jobs_wan)
            as jobs_wan,
        national_employment.employed_persons_wan,
        -- all published: tested on staging
        max(latest_estimates.provenance) as provenance
    from latest_estimates
    inner join national_employment
        on latest_estimates.year = national_employment.year
    where latest_estimates.recency = 1
    group by
        latest_estimates.report_id,
        latest_estimates.component_id,
        latest_estimates.total_jobs_wan,
        national_employment.employed_persons_wan

),

final as (

    select
        report_id,
        'sum_over_platforms' as rule,
        '-' as subject,
        100 * cast(jobs_wan as double) / employed_persons_wan as value,
        cast(platforms as varchar) as number_1,
        {{ rounded_number('jobs_wan', 0) }} as number_2,
        {{ rounded_number('employed_persons_wan', 0) }} as number_3,
        provenance as weakest_provenance,
        component_id as about
    from sums

)

select * from final
