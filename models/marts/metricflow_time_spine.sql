-- One row a day, as MetricFlow asks for: over all windows.
with windows as (

    select
        min(window_start) as first_day,
        max(window_end) as last_day
    from {{ ref('dim_windows') }}

),

final as (

    select cast(unnest(generate_series(first_day, last_day, interval '1 day')) as date)
        as date_day
    from windows

)

select * from final
