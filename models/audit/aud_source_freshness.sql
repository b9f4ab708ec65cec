-- The dates follow from the latest period and the variable as_of alone, so that a rebuild gives the
-- same rows on any day; whether a source is overdue is decided where the rows are read.
with series as (

    select * from {{ ref('recurring_sources') }}

),

gmv as (

    select
        platform_id,
        max(period_end) as latest_period_end
    from {{ ref('stg_platform__gmv_disclosures') }}
    group by platform_id

),

dated as (

    select
        series.series_id,
        cast(series.sort_order as bigint) as sort_order,
        series.platform_id,
        coalesce(
            {{ date_from_text('series.latest_period_end') }}, gmv.latest_period_end
        ) as latest_period_end,
        cast(series.months_between as bigint) as months_between,
        cast(series.days_to_publication as bigint) as days_to_publication,
        {{ date_from_text('series.stopped_on') }} as stopped_on,
        series.title_zh,
        series.title_en,
        series.publisher,
        {{ date_from_text('series.searched_on') }} as searched_on,
        series.searched,
        series.source_id
    from series
    left join gmv
        on series.platform_id = gmv.platform_id

),

-- a period ends on the last day of a month
periods as (

    select
        *,
        cast(
            date_trunc('month', latest_period_end)
            + (months_between + 1) * interval 1 month - interval 1 day as date
        ) as next_period_end
    from dated

),

final as (

    select
        series_id,
        sort_order,
        platform_id,
        title_zh,
        title_en,
        publisher,
        latest_period_end,
        next_period_end,
        cast(
            next_period_end + days_to_publication * interval 1 day as date
        ) as expected_by,
        cast({{ "'" ~ var('as_of') ~ "'" if var('as_of') else 'null' }} as date) as as_of,
        stopped_on,
        searched_on,
        searched,
        source_id
    from periods

)

select * from final
