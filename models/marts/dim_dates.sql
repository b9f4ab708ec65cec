-- Each day of all windows and disclosures of GMV, for a calendar in a BI tool and as the
-- time spine of MetricFlow.
with periods as (

    select
        window_start as first_day,
        window_end as last_day
    from {{ ref('int_chain__windows') }}

    union all

    select
        period_start as first_day,
        period_end as last_day
    from {{ ref('stg_platform__gmv_disclosures') }}

),

days as (

    select
        cast(
            unnest(
                generate_series(min(first_day), max(last_day), interval '1 day')
            ) as date
        ) as date_day
    from periods

),

final as (

    select
        date_day,
        cast(extract(year from date_day) as bigint) as year,
        cast(extract(quarter from date_day) as bigint) as quarter,
        cast(extract(month from date_day) as bigint) as month,
        extract(year from date_day) || '年第' || extract(quarter from date_day) || '季度'
            as quarter_zh,
        extract(year from date_day) || ' Q' || extract(quarter from date_day)
            as quarter_en,
        date_day + interval '1 day' = date_trunc('quarter', date_day + interval '1 day')
            as is_quarter_end
    from days

)

select * from final
order by date_day
