-- A report beside others: those on other platforms that use the ratio of one table,
-- told by two digits; and a later one on its platform, beside what it would have said
-- itself with the mean turnover of its merchants, or their number, as it was.
with multiplied_jobs as (

    select * from {{ ref('int_findings__multiplied_jobs') }}

),

estimates as (

    select * from {{ ref('stg_reference__published_platform_estimates') }}

),

ratios as (

    select * from {{ ref('int_economy__supply_chain_ratios') }}

),

steps as (

    select * from {{ ref('est_steps') }}

),

users as (

    select
        multiplied_jobs.report_id,
        multiplied_jobs.multiplier_name,
        ratios.table_year,
        ratios.supply_chain_ratio,
        ratios.provenance,
        count(*) as reports,
        max(extract(year from estimates.period_end)) as latest_year
    from multiplied_jobs
    inner join ratios
        on multiplied_jobs.ratio_definition = ratios.ratio_definition
    inner join estimates
        on
            multiplied_jobs.platform_id != estimates.subject_id
            and round(ratios.supply_chain_ratio, 2) = round(coalesce(
                estimates.supply_chain_ratio,
                estimates.indirect_jobs_wan / estimates.direct_jobs_wan
            ), 2)
    group by
        multiplied_jobs.report_id,
        multiplied_jobs.multiplier_name,
        ratios.table_year,
        ratios.supply_chain_ratio,
        ratios.provenance

),

-- what gives the number of the report in its own window may go apart in a later one
variants as (

    select
        multiplied_jobs.report_id,
        multiplied_jobs.multiplier_name,
        later.window_end,
        max(
            case
                when later.scenario_id = multiplied_jobs.scenario_id
                    then cast(later.value as double)
            end
        ) as own_jobs_wan,
        min(cast(later.value as double)) as lowest_jobs_wan,
        max(later.weakest_provenance) as weakest_provenance
    from multiplied_jobs
    inner join steps
        on
            multiplied_jobs.platform_id = steps.platform_id
            and multiplied_jobs.window_end = cast(steps.window_end as date)
            and multiplied_jobs.parent_component_id = steps.component_id
            and steps.weakest_provenance != 'synthetic'
            and abs(cast(steps.value as double) - multiplied_jobs.parent_jobs_wan)
            < 0.00005
    inner join steps as later
        on
            steps.platform_id = later.platform_id
            and steps.scenario_id = later.scenario_id
            and steps.component_id = later.component_id
    group by
        multiplied_jobs.report_id,
        multiplied_jobs.multiplier_name,
        later.window_end

),

later_reports as (

    select
        variants.*,
        estimates.e_commerce_jobs_wan as published_jobs_wan
    from variants
    inner join multiplied_jobs
        on variants.report_id = multiplied_jobs.report_id
    inner join estimates
        on
            multiplied_jobs.platform_id = estimates.subject_id
            and multiplied_jobs.window_end < estimates.period_end
            and cast(variants.window_end as date) = estimates.period_end
    where estimates.e_commerce_jobs_wan > 0 and variants.own_jobs_wan is not null

),

final as (

    select
        report_id,
        'table_of_other_reports' as rule,
        cast(table_year as varchar) as subject,
        latest_year - table_year as value,
        cast(reports as varchar) as number_1,
        {{ rounded_number('supply_chain_ratio', 3) }} as number_2,
        cast(latest_year as varchar) as number_3,
        provenance as weakest_provenance,
        multiplier_name as about
    from users

    union all

    select
        report_id,
        'later_report' as rule,
        '-' as subject,
        100 * (own_jobs_wan / published_jobs_wan - 1) as value,
        {{ rounded_number('own_jobs_wan', 1) }} as number_1,
        {{ rounded_number('lowest_jobs_wan', 1) }} as number_2,
        {{ rounded_number('published_jobs_wan', 0) }} as number_3,
        weakest_provenance,
        'turnover ' || multiplier_name as about
    from later_reports

)

select * from final
