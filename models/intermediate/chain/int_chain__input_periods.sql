-- The period of every input that an estimate reads, so that a value of another period
-- is shown as that, and two windows are compared with care.
with steps as (

    select * from {{ ref('int_chain__steps') }}

),

inputs as (

    select * from {{ ref('int_chain__all_inputs') }}

),

read_inputs as (

    select distinct
        platform_id,
        cast(window_end as date) as window_end,
        scenario_id,
        step_id as input_name
    from steps
    where is_input

),

final as (

    -- all elements of an input belong to one period
    select
        inputs.platform_id,
        inputs.window_end,
        inputs.scenario_id,
        inputs.input_name,
        min(inputs.period_end) as period_end,
        bool_and(inputs.is_of_window) as is_of_window,
        bool_or(inputs.is_carried_forward) as is_carried_forward
    from inputs
    inner join read_inputs
        on
            inputs.platform_id = read_inputs.platform_id
            and inputs.window_end = read_inputs.window_end
            and inputs.scenario_id = read_inputs.scenario_id
            and inputs.input_name = read_inputs.input_name
    group by
        inputs.platform_id,
        inputs.window_end,
        inputs.scenario_id,
        inputs.input_name

)

select * from final
