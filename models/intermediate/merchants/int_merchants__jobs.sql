-- Equation 2.2: merchant jobs = total turnover / f(mean turnover).
with scenarios as (

    select * from {{ ref('dim_scenarios') }}

),

trailing_gmv as (

    select * from {{ ref('int_gmv__trailing_four_quarters') }}

),

coefficients as (

    select * from {{ ref('int_merchants__coefficients') }}

),

mean_turnover as (

    select * from {{ ref('int_merchants__mean_turnover') }}

),

inputs as (

    select
        scenarios.platform_id,
        trailing_gmv.window_end,
        scenarios.scenario_id,
        trailing_gmv.gmv_yi_yuan,
        trailing_gmv.formula as gmv_formula,
        trailing_gmv.provenance as gmv_provenance,
        coefficients.intercept,
        coefficients.turnover,
        coefficients.turnover_squared,
        coefficients.coefficient_source,
        -- a sample is of the window that its scenario names
        {{ provenance_in_window(
            'coefficients.provenance',
            'coalesce(coefficients.reference_window_end, scenarios.report_window_end)',
            'trailing_gmv.window_end'
        ) }} as coefficient_provenance,
        mean_turnover.mean_turnover_wan_yuan,
        mean_turnover.mean_turnover_source,
        {{ provenance_in_window(
            'mean_turnover.provenance',
            'coalesce(mean_turnover.reference_window_end, scenarios.report_window_end)',
            'trailing_gmv.window_end'
        ) }} as mean_turnover_provenance
    from scenarios
    inner join trailing_gmv
        on scenarios.platform_id = trailing_gmv.platform_id
    inner join coefficients
        on
            scenarios.platform_id = coefficients.platform_id
            and scenarios.coefficient_source = coefficients.coefficient_source
            and (
                coefficients.coefficient_source = 'published'
                or scenarios.sample_id = coefficients.sample_id
            )
    inner join mean_turnover
        on
            scenarios.platform_id = mean_turnover.platform_id
            and scenarios.mean_turnover_source = mean_turnover.mean_turnover_source
            and (
                mean_turnover.mean_turnover_source = 'implied'
                or scenarios.sample_id = mean_turnover.sample_id
            )

),

productivity as (

    select
        *,
        intercept
        + turnover * cast(mean_turnover_wan_yuan as double)
        + turnover_squared
        * cast(mean_turnover_wan_yuan as double)
        * cast(mean_turnover_wan_yuan as double) as productivity_wan_yuan_per_job
    from inputs

),

final as (

    select
        platform_id,
        window_end,
        scenario_id,
        gmv_yi_yuan,
        gmv_formula,
        gmv_provenance,
        intercept,
        turnover,
        turnover_squared,
        coefficient_source,
        coefficient_provenance,
        mean_turnover_wan_yuan,
        mean_turnover_source,
        mean_turnover_provenance,
        productivity_wan_yuan_per_job,
        -- 亿元 / (万元 a job) = 万 jobs
        cast(
            cast(gmv_yi_yuan as double) / productivity_wan_yuan_per_job
            as decimal(18, 4)
        ) as jobs_wan
    from productivity

)

select * from final
