-- A window is estimated only when every component can be: a total of some of its parts
-- would pass for the whole.
with steps as (

    select * from {{ ref('est_steps') }}

),

complete as (

    select
        platform_id,
        window_end,
        scenario_id
    from steps
    group by platform_id, window_end, scenario_id
    having max(missing_inputs) is null

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
        steps.source_id,
        steps.seed,
        steps.seed_line
    from steps
    inner join complete
        on
            steps.platform_id = complete.platform_id
            and steps.window_end = complete.window_end
            and steps.scenario_id = complete.scenario_id

)

select * from final
