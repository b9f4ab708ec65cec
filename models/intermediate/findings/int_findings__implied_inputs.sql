-- What the published result implies about the merchants that the report does not
-- describe: f(m) = GMV / jobs has the mean turnover m as its smaller root, so GMV / m
-- merchants.
with merchant_jobs as (

    select * from {{ ref('rpt_table_2_2__merchant_jobs') }}

),

implied as (

    select
        platform_id,
        jobs_wan,
        cast(mean_turnover_wan_yuan as double) as mean_turnover,
        -- the two roots add up to -b1 / b2; a straight line has one
        -cast(turnover as double) / nullif(turnover_squared, 0)
        - mean_turnover_wan_yuan as other_root,
        cast(gmv_yi_yuan as double) / mean_turnover_wan_yuan as merchants_wan,
        gmv_yi_yuan / (
            intercept
            + turnover * 1.1 * cast(mean_turnover_wan_yuan as double)
            + turnover_squared * power(1.1 * mean_turnover_wan_yuan, 2)
        ) as jobs_at_higher_mean_wan,
        weakest_provenance
    from merchant_jobs

),

final as (

    select
        platform_id,
        'implied_mean_turnover' as finding_id,
        mean_turnover as value,
        {{ rounded_number('jobs_wan', 1) }} as number_1,
        {{ rounded_number('mean_turnover', 2) }} as number_2,
        {{ rounded_number('other_root', 0) }} as number_3,
        weakest_provenance
    from implied

    union all

    select
        platform_id,
        'implied_merchants' as finding_id,
        merchants_wan as value,
        {{ rounded_number('merchants_wan', 1) }} as number_1,
        {{ rounded_number('jobs_wan / merchants_wan', 1) }} as number_2,
        null as number_3,
        weakest_provenance
    from implied

    union all

    select
        platform_id,
        'mean_turnover_sensitivity' as finding_id,
        100 * (jobs_at_higher_mean_wan / jobs_wan - 1) as value,
        {{ rounded_number('jobs_at_higher_mean_wan', 1) }} as number_1,
        {{ rounded_number('jobs_wan', 1) }} as number_2,
        null as number_3,
        weakest_provenance
    from implied

)

select * from final
