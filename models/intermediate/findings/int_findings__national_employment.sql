-- The printed total of a report and the latest printed total of each other platform up
-- to then, added up, next to all employed persons of the year. What is printed of a
-- platform abroad, in full-time equivalents or net of what is replaced adds up with
-- nothing here.
with reports as (

    select * from {{ ref('dim_reports') }}
    where not is_abroad and not is_net

),

roots as (

    select distinct component_id
    from {{ ref('dim_components') }}
    where parent_component_id is null

),

figures as (

    select * from {{ ref('stg_report__figure_ledger') }}

),

estimates as (

    select * from {{ ref('stg_reference__published_platform_estimates') }}

),

counts as (

    select * from {{ ref('dim_units') }}
    where dimension in ('jobs', 'persons')

),

national_employment as (

    select * from {{ ref('stg_economy__national_employment') }}

),

printed_totals as (

    select
        reports.report_id,
        reports.platform_id,
        reports.window_end as period_end,
        max(figures.link_name) as component_id,
        max(cast(figures.value as double) * counts.scale / 10000) as jobs_wan
    from reports
    inner join figures
        on
            reports.report_id = figures.report_id
            and figures.link_relation != 'claims'
    inner join roots
        on figures.link_name = roots.component_id
    inner join counts
        on figures.unit = counts.unit
    group by reports.report_id, reports.platform_id, reports.window_end

),

all_totals as (

    select
        platform_id,
        period_end,
        jobs_wan
    from printed_totals

    union all

    select
        estimates.subject_id as platform_id,
        estimates.period_end,
        cast(estimates.value as double) * counts.scale / 10000 as jobs_wan
    from estimates
    inner join counts
        on estimates.unit = counts.unit
    where estimates.scope = 'platform'

),

latest_totals as (

    select
        printed_totals.*,
        extract(year from printed_totals.period_end) as year,
        others.jobs_wan as other_jobs_wan,
        row_number() over (
            partition by printed_totals.report_id, others.platform_id
            order by others.period_end desc
        ) as recency
    from printed_totals
    inner join all_totals as others
        on
            printed_totals.platform_id != others.platform_id
            and extract(year from others.period_end)
            <= extract(year from printed_totals.period_end)

),

sums as (

    select
        latest_totals.report_id,
        latest_totals.component_id,
        1 + count(*) as platforms,
        latest_totals.jobs_wan + sum(latest_totals.other_jobs_wan) as jobs_wan,
        national_employment.employed_persons_wan
    from latest_totals
    inner join national_employment
        on latest_totals.year = national_employment.year
    where latest_totals.recency = 1
    group by
        latest_totals.report_id,
        latest_totals.component_id,
        latest_totals.jobs_wan,
        national_employment.employed_persons_wan

),

final as (

    select
        report_id,
        'sum_over_platforms' as rule,
        '-' as subject,
        100 * jobs_wan / employed_persons_wan as value,
        cast(platforms as varchar) as number_1,
        {{ rounded_number('jobs_wan', 0) }} as number_2,
        {{ rounded_number('employed_persons_wan', 0) }} as number_3,
        'published' as weakest_provenance,
        component_id as about
    from sums

)

select * from final
