-- The report's coefficients, frozen, beside what a later report of the same platform
-- says.
with estimates as (

    select * from {{ ref('fct_job_totals') }}

),

published_estimates as (

    select * from {{ ref('stg_reference__published_platform_estimates') }}

),

report_chain as (

    select * from {{ ref('int_findings__report_chain') }}

),

trailing_gmv as (

    select * from {{ ref('int_gmv__trailing_four_quarters') }}

),

compared as (

    select
        report_chain.platform_id,
        cast(estimates.jobs_wan as double) as frozen_jobs_wan,
        published_estimates.e_commerce_jobs_wan as published_jobs_wan,
        report_chain.gmv_yi_yuan / report_chain.e_commerce_jobs_wan
            as gmv_per_job_wan_yuan,
        cast(trailing_gmv.gmv_yi_yuan as double)
        / published_estimates.e_commerce_jobs_wan as later_gmv_per_job_wan_yuan,
        estimates.weakest_provenance
    from report_chain
    inner join estimates
        on
            report_chain.platform_id = estimates.platform_id
            and report_chain.scenario_id = estimates.scenario_id
            and estimates.component_id = 'e_commerce_ecosystem'
    inner join published_estimates
        on
            estimates.platform_id = published_estimates.subject_id
            and estimates.window_end = published_estimates.period_end
    inner join trailing_gmv
        on
            estimates.platform_id = trailing_gmv.platform_id
            and estimates.window_end = trailing_gmv.window_end
    where published_estimates.e_commerce_jobs_wan is not null

),

final as (

    select
        platform_id,
        'frozen_coefficients' as finding_id,
        100 * (frozen_jobs_wan / published_jobs_wan - 1) as value,
        {{ rounded_number('gmv_per_job_wan_yuan', 2) }} as number_1,
        {{ rounded_number('later_gmv_per_job_wan_yuan', 2) }} as number_2,
        {{ rounded_number('frozen_jobs_wan', 1) }} as number_3,
        weakest_provenance
    from compared

)

select * from final
