-- A report beside others: those on other platforms that use the ratio of one table,
-- told by two digits; and a later one on its platform, beside its own coefficients,
-- frozen.
with multiplied_jobs as (

    select * from {{ ref('int_findings__multiplied_jobs') }}

),

estimates as (

    select * from {{ ref('stg_reference__published_platform_estimates') }}

),

ratios as (

    select * from {{ ref('int_economy__supply_chain_ratios') }}

),

trailing_gmv as (

    select * from {{ ref('int_gmv__trailing_four_quarters') }}

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

frozen as (

    select
        multiplied_jobs.*,
        cast(steps.value as double) as frozen_jobs_wan,
        steps.weakest_provenance as frozen_provenance,
        estimates.e_commerce_jobs_wan as published_jobs_wan,
        cast(trailing_gmv.gmv_yi_yuan as double) / estimates.e_commerce_jobs_wan
            as later_gmv_per_job_wan_yuan
    from multiplied_jobs
    inner join estimates
        on
            multiplied_jobs.platform_id = estimates.subject_id
            and multiplied_jobs.window_end < estimates.period_end
    inner join steps
        on
            multiplied_jobs.platform_id = steps.platform_id
            and estimates.period_end = cast(steps.window_end as date)
            and multiplied_jobs.scenario_id = steps.scenario_id
            and multiplied_jobs.parent_component_id = steps.component_id
    inner join trailing_gmv
        on
            steps.platform_id = trailing_gmv.platform_id
            and cast(steps.window_end as date) = trailing_gmv.window_end
    where estimates.e_commerce_jobs_wan > 0 and steps.value is not null

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
        100 * (frozen_jobs_wan / published_jobs_wan - 1) as value,
        {{ rounded_number('gmv_yi_yuan / parent_jobs_wan', 2) }} as number_1,
        {{ rounded_number('later_gmv_per_job_wan_yuan', 2) }} as number_2,
        {{ rounded_number('frozen_jobs_wan', 1) }} as number_3,
        frozen_provenance as weakest_provenance,
        'coefficient ' || multiplier_name as about
    from frozen

)

select * from final
