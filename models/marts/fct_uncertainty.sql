-- A component has a row for each method that varies an input of it, and one without
-- limits where nothing does: it rests on assumptions that its scenario holds at one
-- end, or nobody discloses how far it can be off.
with steps as (

    select * from {{ ref('fct_steps') }}

),

inputs as (

    select * from {{ ref('int_chain__inputs') }}

),

limits as (

    select * from {{ ref('est_limits') }}

),

components as (

    select
        steps.*,
        dim_components.component_key
    from steps
    inner join {{ ref('dim_components') }} as dim_components
        on
            steps.method_id = dim_components.method_id
            and steps.component_id = dim_components.component_id

),

held as (

    select distinct
        components.platform_id,
        components.window_end,
        components.scenario_id,
        components.component_id
    from components
    inner join inputs
        on
            components.platform_id = inputs.platform_id
            and components.window_end = inputs.window_end
            and components.scenario_id = inputs.scenario_id
            and {{ is_listed(
                'inputs.input_name', "replace(components.rests_on, ',', '')"
            ) }}
    where
        inputs.uncertainty_kind = 'assumption'
        and inputs.low is null

),

final as (

    select
        components.platform_id,
        components.window_end,
        components.scenario_id,
        components.component_key,
        components.component_id,
        case
            when limits.interval_method is not null then limits.interval_method
            when held.component_id is not null then 'held_by_scenario'
            else 'not_disclosed'
        end as interval_method,
        -- the rounding band is no probability
        cast(
            case when limits.interval_method != 'rounding' then 0.95 end
            as decimal(4, 2)
        ) as confidence_level,
        cast(limits.low as decimal(18, 4)) as conf_low,
        cast(limits.high as decimal(18, 4)) as conf_high,
        limits.varied_inputs,
        limits.invalid_draws,
        components.weakest_provenance
    from components
    left join limits
        on
            components.platform_id = limits.platform_id
            and components.window_end = limits.window_end
            and components.scenario_id = limits.scenario_id
            and components.component_id = limits.component_id
            and limits.interval_method != 'one_input'
    left join held
        on
            components.platform_id = held.platform_id
            and components.window_end = held.window_end
            and components.scenario_id = held.scenario_id
            and components.component_id = held.component_id

)

select * from final
