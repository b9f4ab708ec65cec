-- Total turnover / f(mean x) next to other totals of the same merchants. It takes a
-- sample to tell them apart, the largest one of a platform; the one that ships is
-- synthetic. And what its curve explains next to what it explains of headcounts permuted at
-- random: the turnover is on both sides of equation 2.1. And what the formula of a report
-- misses on real firms, whose headcount is known.
with reports as (

    select * from {{ ref('dim_reports') }}

),

scenarios as (

    select * from {{ ref('dim_scenarios') }}

),

comparison as (

    select * from {{ ref('fct_estimator_comparison') }}

),

placebos as (

    select * from {{ ref('est_merchant_fits') }}

),

published as (

    select distinct
        platform_id,
        window_end
    from {{ ref('stg_platform__published_coefficients') }}

),

-- the error on the half of the firms that the curve was not fitted on
real_firms as (

    select
        count(*) as samples,
        max(unseen_error_median) as highest,
        min(unseen_error_median) as lowest,
        max_by(unseen_error_median, abs(unseen_error_median)) as largest
    from {{ ref('fct_estimator_validation') }}
    where estimator_id = 'report_formula'

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
        {{ rounded_number('jobs_wan_of_estimator', 1) }} as number_1,
        {{ rounded_number('jobs_wan_of_estimator / ratio_to_report_formula', 1) }}
            as number_2,
        null as number_3,
        weakest_provenance,
        'productivity' as about
    from ranked
    where sample_rank = 1 and ratio_to_report_formula is not null

    union all

    select distinct
        ranked.report_id,
        'placebo' as rule,
        '-' as subject,
        100 * placebos.placebo_r_squared as value,
        {{ rounded_number('100 * placebos.sample_r_squared', 0) }} as number_1,
        {{ rounded_number('100 * placebos.placebo_r_squared', 0) }} as number_2,
        null as number_3,
        ranked.weakest_provenance,
        'productivity' as about
    from ranked
    inner join placebos
        on
            ranked.platform_id = placebos.platform_id
            and ranked.sample_id = placebos.sample_id
            and placebos.industry_code = '-'
    where ranked.sample_rank = 1 and placebos.placebo_r_squared is not null

    union all

    select
        reports.report_id,
        'real_firms' as rule,
        '-' as subject,
        100 * real_firms.largest as value,
        cast(real_firms.samples as {{ dbt.type_string() }}) as number_1,
        {{ rounded_number('100 * real_firms.highest', 1) }} as number_2,
        {{ rounded_number('100 * real_firms.lowest', 1) }} as number_3,
        -- numbers of firms that are on no platform
        'borrowed' as weakest_provenance,
        'productivity' as about
    from reports
    inner join published
        on
            reports.platform_id = published.platform_id
            and reports.window_end = published.window_end
    cross join real_firms
    where real_firms.samples > 0

)

select * from final
