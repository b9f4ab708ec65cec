-- The mean turnover of a merchant by where it comes from. The report does not disclose
-- its own; it is implied by the published jobs: f(m) = GMV / jobs has the smaller root
--     m = 2 (p - b0) / (b1 + sqrt(b1^2 + 4 b2 (p - b0))),  p = GMV / jobs
-- in the form that keeps its digits when b2 is small.
with published as (

    select * from {{ ref('stg_platform__published_coefficients') }}

),

trailing_gmv as (

    select * from {{ ref('int_gmv__trailing_four_quarters') }}

),

samples as (

    select * from {{ ref('int_survey__samples') }}

),

published_productivity as (

    select
        published.platform_id,
        published.window_end,
        cast(published.intercept as double) as intercept,
        cast(published.turnover as double) as turnover,
        cast(published.turnover_squared as double) as turnover_squared,
        cast(trailing_gmv.gmv_yi_yuan as double)
        / cast(published.merchant_jobs_wan as double)
            as productivity_wan_yuan_per_job,
        published.source_id
    from published
    inner join trailing_gmv
        on
            published.platform_id = trailing_gmv.platform_id
            and published.window_end = trailing_gmv.window_end

),

final as (

    select
        platform_id,
        'implied' as mean_turnover_source,
        cast(null as varchar) as sample_id,
        window_end as reference_window_end,
        cast(
            2 * (productivity_wan_yuan_per_job - intercept) / (
                turnover + sqrt(
                    turnover * turnover
                    + 4 * turnover_squared
                    * (productivity_wan_yuan_per_job - intercept)
                )
            ) as decimal(18, 6)
        ) as mean_turnover_wan_yuan,
        'derived' as provenance,
        source_id
    from published_productivity

    union all

    select
        platform_id,
        'sample' as mean_turnover_source,
        sample_id,
        cast(null as date) as reference_window_end,
        mean_turnover_wan_yuan,
        provenance,
        source_id
    from samples

)

select * from final
