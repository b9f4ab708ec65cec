-- A window is estimated only when every component can be: a total of some of its parts
-- would pass for the whole.
with steps as (

    select * from {{ ref('int_chain__steps') }}
    qualify max(missing_inputs) over (
        partition by platform_id, window_end, scenario_id
    ) is null

),

final as (

    select
        steps.platform_id,
        cast(steps.window_end as date) as window_end,
        steps.scenario_id,
        {{ scenario_key('steps') }} as scenario_key,
        {{ window_key('steps') }} as window_key,
        {{ estimate_key('steps') }} as estimate_key,
        steps.method_id,
        steps.step_id,
        steps.element_id,
        steps.is_input,
        steps.component_id,
        cast(steps.value as decimal(38, 10)) as value,
        steps.unit,
        steps.formula,
        steps.calculation,
        steps.rests_on,
        steps.input_provenance,
        steps.weakest_provenance,
        steps.is_overridden,
        steps.is_extrapolated,
        steps.carried_since,
        steps.source_id,
        steps.seed,
        steps.seed_line
    from steps

)

select * from final
