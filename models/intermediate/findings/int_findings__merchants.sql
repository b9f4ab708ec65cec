-- What was said of the growth of merchants next to the one of GMV, in windows that a report
-- on the platform is not of: the mean turnover is what merchants do not take of it.
with merchant_growth as (

    select
        platform_id,
        {{ date_from_text('period_start') }} as period_start,
        {{ date_from_text('period_end') }} as period_end,
        cast({{ decimal_from_text('value', 18, 4) }} as double) as growth_percent
    from {{ ref('merchants_and_buyers') }}
    where
        measure in ('active_merchants_growth', 'daily_active_merchants_growth')
        and comparator != 'up_to'

),

gmv as (

    select
        platform_id,
        'quarter' as subject,
        quarter_start as period_start,
        quarter_end as period_end,
        cast(gmv_yi_yuan as double) as gmv_yi_yuan
    from {{ ref('int_gmv__quarters') }}

    union all

    select
        platform_id,
        'year' as subject,
        window_start as period_start,
        window_end as period_end,
        cast(gmv_yi_yuan as double) as gmv_yi_yuan
    from {{ ref('int_gmv__trailing_four_quarters') }}

),

growth as (

    select
        gmv.platform_id,
        gmv.subject,
        gmv.period_end,
        merchant_growth.growth_percent,
        100 * (gmv.gmv_yi_yuan / year_before.gmv_yi_yuan - 1) as gmv_growth_percent,
        -- of the growth of GMV in logarithms: the rest is turnover_growth_share
        ln(1 + merchant_growth.growth_percent / 100)
        / ln(gmv.gmv_yi_yuan / year_before.gmv_yi_yuan) as share_of_merchants
    from merchant_growth
    inner join gmv
        on
            merchant_growth.platform_id = gmv.platform_id
            and merchant_growth.period_start = gmv.period_start
            and merchant_growth.period_end = gmv.period_end
    inner join gmv as year_before
        on
            gmv.platform_id = year_before.platform_id
            and gmv.subject = year_before.subject
            and gmv.period_start
            = {{ add_to_date('month', 12, 'year_before.period_start') }}
    where gmv.gmv_yi_yuan > year_before.gmv_yi_yuan

),

turnovers as (

    select
        reports.report_id,
        growth.*,
        steps.step_id,
        steps.weakest_provenance,
        row_number() over (
            partition by reports.report_id, growth.subject
            order by growth.share_of_merchants desc, growth.period_end desc
        ) as place
    from growth
    inner join {{ ref('dim_reports') }} as reports
        on
            growth.platform_id = reports.platform_id
            and growth.period_end > reports.window_end
    inner join {{ ref('int_chain__steps') }} as steps
        on
            reports.platform_id = steps.platform_id
            and reports.scenario_id = steps.scenario_id
            and growth.period_end = cast(steps.window_end as date)
    inner join {{ ref('dim_steps') }} as known_steps
        on
            steps.method_id = known_steps.method_id
            and steps.step_id = known_steps.step_id
            and known_steps.role = 'turnover'

),

final as (

    select
        report_id,
        'merchants_outgrow_gmv' as rule,
        subject,
        round(share_of_merchants, 4) as value,
        {{ rounded_number('growth_percent', 0) }} as number_1,
        {{ rounded_number('gmv_growth_percent', 1) }} as number_2,
        cast(period_end as varchar) as number_3,
        weakest_provenance,
        step_id as about
    from turnovers
    where place = 1

)

select * from final
