-- One row a day over all windows, as MetricFlow asks for.
with windows as (

    select
        min(window_start) as first_day,
        max(window_end) as last_day
    from {{ ref('int_chain__windows') }}

),

final as (

    select
        cast(
            unnest(generate_series(first_day, last_day, interval '1 day')) as date
        ) as date_day
    from windows

)

select * from final
