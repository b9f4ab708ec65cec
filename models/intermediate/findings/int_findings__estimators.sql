-- Total turnover / f(mean x) beside other totals of the same merchants. It takes a
-- sample to tell them apart, the largest one of a platform; the one that ships is
-- synthetic.
with reports as (

    select * from {{ ref('dim_reports') }}

),

scenarios as (

    select * from {{ ref('dim_scenarios') }}

),

comparison as (

    select * from {{ ref('fct_estimator_comparison') }}

),

samples as (

    select distinct
        reports.report_id,
        scenarios.sample_id
    from reports
    inner join scenarios as own
        on
            reports.platform_id = own.platform_id
            and reports.scenario_id = own.scenario_id
    inner join scenarios
        on
            own.platform_id = scenarios.platform_id
            and own.method_id = scenarios.method_id
            and scenarios.mean_turnover_source = 'sample'

),

ranked as (

    select
        reports.report_id,
        comparison.*,
        dense_rank() over (
            partition by reports.report_id
            order by comparison.nobs desc, comparison.sample_id asc
        ) as sample_rank
    from reports
    inner join samples
        on reports.report_id = samples.report_id
    inner join comparison
        on
            reports.platform_id = comparison.platform_id
            and reports.window_end = comparison.window_end
            and samples.sample_id = comparison.sample_id

),

final as (

    select
        report_id,
        'estimator' as rule,
        estimator_id as subject,
        cast(100 * (ratio_to_report_formula - 1) as double) as value,
        {{ rounded_number('jobs_wan', 1) }} as number_1,
        {{ rounded_number('jobs_wan / ratio_to_report_formula', 1) }} as number_2,
        null as number_3,
        weakest_provenance,
        'productivity' as about
    from ranked
    where sample_rank = 1 and ratio_to_report_formula is not null

)

select * from final
