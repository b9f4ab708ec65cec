-- The value that a window takes: one of its scenario before one of all scenarios, one
-- of its platform before one of all platforms, then the latest that began by its end.
-- All elements of an input are of one period, so that a tier which is gone stays gone.
with windows as (

    select * from {{ ref('int_chain__windows') }}

),

dated_values as (

    select * from {{ ref('int_chain__dated_values') }}

),

inputs as (

    select * from {{ ref('dim_inputs') }}

),

ranked as (

    select
        windows.platform_id as window_platform_id,
        windows.window_end,
        windows.scenario_id as window_scenario_id,
        dated_values.*,
        dense_rank() over (
            partition by
                windows.platform_id,
                windows.window_end,
                windows.scenario_id,
                dated_values.input_name
            order by
                dated_values.scenario_id is null asc,
                dated_values.platform_id is null asc,
                dated_values.period_start desc nulls last,
                dated_values.period_end desc
        ) as preference
    from windows
    inner join dated_values
        on
            windows.platform_id
            = coalesce(dated_values.platform_id, windows.platform_id)
            and windows.scenario_id
            = coalesce(dated_values.scenario_id, windows.scenario_id)
    inner join inputs
        on dated_values.input_name = inputs.input_name
    where
        dated_values.period_start is null
        or inputs.is_carried and dated_values.period_start <= windows.window_end
        or dated_values.period_start = windows.window_start
        and dated_values.period_end = windows.window_end

),

final as (

    select
        window_platform_id as platform_id,
        window_end,
        window_scenario_id as scenario_id,
        input_name,
        element_id,
        low,
        central,
        high,
        distribution,
        uncertainty_kind,
        -- a draw belongs to the value and not to the window
        rtrim(input_name || ' ' || element_id, ' -') as stream,
        coalesce(period_end >= window_end, true) as is_of_window,
        coalesce(period_end < window_end, false) as is_carried_forward,
        provenance,
        source_id,
        seed,
        seed_line,
        coalesce(cast(period_start as {{ dbt.type_string() }}), 'every window')
            as reference
    from ranked
    where preference = 1

)

select * from final
