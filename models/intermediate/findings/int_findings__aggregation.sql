-- Total turnover / f(mean x) beside two other totals of the same merchants: each
-- merchant by its own f(x), and the ratio of people to turnover. It takes a sample to
-- tell them apart, the largest one of a platform; the one that ships is synthetic.
with scenarios as (

    select * from {{ ref('dim_scenarios') }}

),

estimator_jobs as (

    select * from {{ ref('fct_estimator_comparison') }}

),

report_windows as (

    select distinct
        platform_id,
        window_end
    from {{ ref('dim_reports') }}

),

samples as (

    select distinct
        platform_id,
        sample_id
    from scenarios
    where mean_turnover_source = 'sample'

),

ranked as (

    select
        estimator_jobs.*,
        dense_rank() over (
            partition by estimator_jobs.platform_id
            order by
                estimator_jobs.nobs desc,
                estimator_jobs.sample_id asc,
                estimator_jobs.window_end desc
        ) as sample_rank
    from estimator_jobs
    inner join report_windows
        on
            estimator_jobs.platform_id = report_windows.platform_id
            and estimator_jobs.window_end = report_windows.window_end
    inner join samples
        on
            estimator_jobs.platform_id = samples.platform_id
            and estimator_jobs.sample_id = samples.sample_id

),

jobs as (

    select * from ranked
    where sample_rank = 1

),

final as (

    select
        jobs.platform_id,
        case jobs.estimator_id
            when 'sum_of_predictions' then 'sum_of_ratios'
            when 'ratio' then 'ratio_estimator'
        end as finding_id,
        cast(100 * (jobs.ratio_to_report_formula - 1) as double) as value,
        {{ rounded_number('jobs.jobs_wan', 1) }} as number_1,
        {{ rounded_number('formula_jobs.jobs_wan', 1) }} as number_2,
        null as number_3,
        jobs.weakest_provenance
    from jobs
    inner join jobs as formula_jobs
        on
            jobs.platform_id = formula_jobs.platform_id
            and formula_jobs.estimator_id = 'report_formula'
    where
        jobs.estimator_id in ('sum_of_predictions', 'ratio')
        and jobs.ratio_to_report_formula is not null

)

select * from final
