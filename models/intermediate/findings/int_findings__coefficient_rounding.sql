-- Interval arithmetic: a printed coefficient may lie anywhere within half a unit of
-- its last digit. At a given mean turnover f rises with each of them, and the jobs
-- fall.
with merchant_jobs as (

    select * from {{ ref('rpt_table_2_2__merchant_jobs') }}

),

published as (

    select * from {{ ref('stg_platform__published_coefficients') }}

),

half_widths as (

    select
        merchant_jobs.platform_id,
        merchant_jobs.jobs_wan,
        cast(merchant_jobs.gmv_yi_yuan as double) as gmv_yi_yuan,
        cast(merchant_jobs.gmv_yi_yuan as double) / merchant_jobs.jobs_wan
            as productivity,
        cast(published.intercept_half_width as double) as from_intercept,
        cast(published.turnover_half_width as double)
        * merchant_jobs.mean_turnover_wan_yuan as from_turnover,
        cast(published.turnover_squared_half_width as double)
        * power(merchant_jobs.mean_turnover_wan_yuan, 2) as from_turnover_squared,
        merchant_jobs.weakest_provenance
    from merchant_jobs
    inner join published
        on
            merchant_jobs.platform_id = published.platform_id
            and merchant_jobs.window_end = published.window_end

),

cases as (

    select
        *,
        'rounding_of_all_coefficients' as finding_id,
        from_intercept + from_turnover + from_turnover_squared as half_width
    from half_widths

    union all

    select
        *,
        'rounding_of_intercept' as finding_id,
        from_intercept as half_width
    from half_widths

    union all

    select
        *,
        'rounding_of_turnover' as finding_id,
        from_turnover as half_width
    from half_widths

    union all

    select
        *,
        'rounding_of_turnover_squared' as finding_id,
        from_turnover_squared as half_width
    from half_widths

),

final as (

    select
        platform_id,
        finding_id,
        gmv_yi_yuan / (productivity - half_width) - jobs_wan as value,
        {{ rounded_number('gmv_yi_yuan / (productivity + half_width)', 2) }}
            as number_1,
        {{ rounded_number('gmv_yi_yuan / (productivity - half_width)', 2) }}
            as number_2,
        null as number_3,
        weakest_provenance
    from cases

)

select * from final
