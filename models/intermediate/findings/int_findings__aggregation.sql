-- Total turnover / f(mean x) beside two other totals of the same merchants: each
-- merchant by its own f(x), and the ratio of people to turnover. It takes a sample to
-- tell them apart; the one that ships is synthetic.
with scenarios as (

    select * from {{ ref('stg_reference__scenarios') }}

),

merchant_jobs as (

    select * from {{ ref('int_merchants__jobs') }}

),

merchants as (

    select * from {{ ref('int_merchants__sample') }}

),

formula_jobs as (

    select
        merchant_jobs.*,
        sample_scenarios.sample_id
    from scenarios as report_scenarios
    inner join scenarios as sample_scenarios
        on
            report_scenarios.platform_id = sample_scenarios.platform_id
            and sample_scenarios.mean_turnover_source = 'sample'
    inner join merchant_jobs
        on
            sample_scenarios.platform_id = merchant_jobs.platform_id
            and sample_scenarios.scenario_id = merchant_jobs.scenario_id
            and report_scenarios.report_window_end = merchant_jobs.window_end

),

totals as (

    select
        formula_jobs.platform_id,
        cast(formula_jobs.gmv_yi_yuan as double)
        / sum(merchants.turnover_wan_yuan) as gmv_multiple,
        formula_jobs.jobs_wan,
        sum(merchants.headcount) as headcount,
        -- decimals: a sum of doubles depends on its order
        sum(cast(
            merchants.turnover_wan_yuan / (
                formula_jobs.intercept
                + formula_jobs.turnover * merchants.turnover_wan_yuan
                + formula_jobs.turnover_squared * power(merchants.turnover_wan_yuan, 2)
            ) as decimal(28, 12)
        )) as modelled_headcount,
        max(merchants.provenance) as weakest_provenance
    from formula_jobs
    inner join merchants
        on
            formula_jobs.platform_id = merchants.platform_id
            and formula_jobs.sample_id = merchants.sample_id
    group by
        formula_jobs.platform_id,
        formula_jobs.sample_id,
        formula_jobs.gmv_yi_yuan,
        formula_jobs.jobs_wan

),

final as (

    select
        platform_id,
        'sum_of_ratios' as finding_id,
        100 * (gmv_multiple * modelled_headcount / jobs_wan - 1) as value,
        {{ rounded_number('gmv_multiple * modelled_headcount', 1) }} as number_1,
        {{ rounded_number('jobs_wan', 1) }} as number_2,
        null as number_3,
        weakest_provenance
    from totals

    union all

    select
        platform_id,
        'ratio_estimator' as finding_id,
        100 * (gmv_multiple * headcount / jobs_wan - 1) as value,
        {{ rounded_number('gmv_multiple * headcount', 1) }} as number_1,
        {{ rounded_number('jobs_wan', 1) }} as number_2,
        null as number_3,
        weakest_provenance
    from totals

)

select * from final
