-- Every twelve months that a mart may be about: those that GMV gives, and those that a
-- scenario was tried in.
with gmv_windows as (

    select * from {{ ref('int_gmv__trailing_four_quarters') }}

),

scenario_windows as (

    select * from {{ ref('int_chain__windows') }}

),

reports as (

    select * from {{ ref('dim_reports') }}

),

totals as (

    select * from {{ ref('fct_job_totals') }}

),

windows as (

    select
        platform_id,
        window_end,
        min(window_start) as window_start
    from (
        select
            platform_id,
            window_start,
            window_end
        from gmv_windows
        union all
        select
            platform_id,
            window_start,
            window_end
        from scenario_windows
    ) as named
    group by platform_id, window_end

),

final as (

    select
        {{ window_key() }} as window_key,
        platform_id,
        window_end,
        window_start,
        cast(extract(year from window_end) as bigint) as year,
        cast(extract(quarter from window_end) as bigint) as quarter,
        '截至' || extract(year from window_end) || '年' || extract(month from window_end)
        || '月的12个月' as label_zh,
        '12 months to ' || strftime(window_end, '%Y-%m') as label_en,
        row_number() over (partition by platform_id order by window_end) as sort_order,
        exists(
            select 1 from reports
            where
                reports.platform_id = windows.platform_id
                and reports.window_end = windows.window_end
        ) as is_report_window,
        window_end = max(window_end) over (partition by platform_id) as is_latest,
        exists(
            select 1 from totals
            where
                totals.platform_id = windows.platform_id
                and totals.window_end = windows.window_end
        ) as has_estimate
    from windows

)

select * from final
