-- What each step was calculated from, for anyone who asks where a number comes from, or
-- what it would be with another one.
with inputs as (

    select * from {{ ref('int_chain__all_inputs') }}

),

windows as (

    select * from {{ ref('int_chain__windows') }}

),

final as (

    select
        inputs.platform_id,
        inputs.window_end,
        inputs.scenario_id,
        {{ scenario_key('inputs') }} as scenario_key,
        {{ window_key('inputs') }} as window_key,
        {{ estimate_key('inputs') }} as estimate_key,
        inputs.method_id,
        windows.window_start,
        inputs.input_name,
        inputs.element_id,
        inputs.low,
        inputs.central,
        inputs.high,
        inputs.distribution,
        inputs.uncertainty_kind,
        inputs.stream,
        inputs.is_of_window,
        inputs.is_carried_forward,
        case when inputs.is_carried_forward then inputs.period_end end as carried_since,
        inputs.provenance,
        inputs.source_id,
        inputs.seed,
        inputs.seed_line,
        inputs.reference
    from inputs
    inner join windows
        on
            inputs.platform_id = windows.platform_id
            and inputs.window_end = windows.window_end
            and inputs.scenario_id = windows.scenario_id

)

select * from final
