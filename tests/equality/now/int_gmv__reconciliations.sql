-- The audit compares with other disclosures; here with the quarters, as before.
with disclosures as (

    select * from staging.stg_platform__gmv_disclosures

),

quarters as (

    select * from intermediate.int_gmv__quarters

),

compared as (

    select
        disclosures.platform_id,
        disclosures.disclosure_id,
        disclosures.period_start,
        disclosures.period_end,
        disclosures.gmv_yi_yuan,
        count(*) as number_of_quarters,
        sum(quarters.gmv_yi_yuan) as quarters_gmv_yi_yuan,
        disclosures.half_width_yi_yuan
        + sum(quarters.half_width_yi_yuan) as tolerance_yi_yuan
    from disclosures
    inner join quarters
        on
            disclosures.platform_id = quarters.platform_id
            and disclosures.period_start <= quarters.quarter_start
            and disclosures.period_end >= quarters.quarter_end
    group by
        disclosures.platform_id,
        disclosures.disclosure_id,
        disclosures.period_start,
        disclosures.period_end,
        disclosures.gmv_yi_yuan,
        disclosures.half_width_yi_yuan

),

final as (

    select
        platform_id,
        disclosure_id,
        period_start,
        period_end,
        gmv_yi_yuan,
        quarters_gmv_yi_yuan,
        quarters_gmv_yi_yuan - gmv_yi_yuan as difference_yi_yuan,
        tolerance_yi_yuan,
        abs(quarters_gmv_yi_yuan - gmv_yi_yuan) <= tolerance_yi_yuan as is_reconciled
    from compared
    where
        number_of_quarters > 1
        -- only where the quarters cover the period
        and cast(period_start + to_months(cast(3 * number_of_quarters as integer)) as date)
        = period_end + 1

)

select * from final
