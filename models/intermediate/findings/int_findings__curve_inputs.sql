-- What the inputs of a printed curve leave open. The mean turnover m that its jobs
-- imply: the two roots add up to -b1 / b2, and GMV / m are the merchants. The printing:
-- a coefficient may lie anywhere within half a unit of its last digit; at a given m f
-- rises with each of them, and the jobs fall.
with published_curves as (

    select * from {{ ref('int_findings__published_curves') }}

),

curves as (

    select
        *,
        mean_turnover_wan_yuan as m,
        b0 + b1 * mean_turnover_wan_yuan + b2 * power(mean_turnover_wan_yuan, 2)
            as productivity,
        b0 + 1.1 * b1 * mean_turnover_wan_yuan
        + b2 * power(1.1 * mean_turnover_wan_yuan, 2) as productivity_at_higher_m
    from published_curves

),

half_widths as (

    select
        *,
        'all' as subject,
        b0_half_width + b1_half_width * m + b2_half_width * power(m, 2) as half_width
    from curves

    union all

    select
        *,
        'intercept' as subject,
        b0_half_width as half_width
    from curves

    union all

    select
        *,
        'turnover' as subject,
        b1_half_width * m as half_width
    from curves

    union all

    select
        *,
        'turnover_squared' as subject,
        b2_half_width * power(m, 2) as half_width
    from curves

),

final as (

    select
        report_id,
        'implied_turnover' as rule,
        '-' as subject,
        m as value,
        {{ rounded_number('gmv_yi_yuan / productivity', 1) }} as number_1,
        {{ rounded_number('m', 2) }} as number_2,
        -- a straight line has one root
        {{ rounded_number('-b1 / nullif(b2, 0) - m', 0) }} as number_3,
        mean_turnover_provenance as weakest_provenance,
        'turnover' as about
    from curves
    where is_implied

    union all

    select
        report_id,
        'implied_merchants' as rule,
        '-' as subject,
        gmv_yi_yuan / m as value,
        {{ rounded_number('gmv_yi_yuan / m', 1) }} as number_1,
        {{ rounded_number('m / productivity', 1) }} as number_2,
        null as number_3,
        mean_turnover_provenance as weakest_provenance,
        'turnover' as about
    from curves
    where is_implied

    union all

    select
        report_id,
        'higher_turnover' as rule,
        '-' as subject,
        100 * (productivity / productivity_at_higher_m - 1) as value,
        {{ rounded_number('gmv_yi_yuan / productivity_at_higher_m', 1) }} as number_1,
        {{ rounded_number('gmv_yi_yuan / productivity', 1) }} as number_2,
        null as number_3,
        mean_turnover_provenance as weakest_provenance,
        'turnover' as about
    from curves

    union all

    select
        report_id,
        'printed_coefficients' as rule,
        subject,
        gmv_yi_yuan / (productivity - half_width) - gmv_yi_yuan / productivity as value,
        {{ rounded_number('gmv_yi_yuan / (productivity + half_width)', 2) }}
            as number_1,
        {{ rounded_number('gmv_yi_yuan / (productivity - half_width)', 2) }}
            as number_2,
        null as number_3,
        mean_turnover_provenance as weakest_provenance,
        'coefficient' as about
    from half_widths

)

select * from final
