-- How far each component can be off, in layers that are not pooled: a row where
-- something moves it.
with limits as (

    select * from {{ ref('est_limits') }}

),

steps as (

    select * from {{ ref('fct_steps') }}

),

components as (

    select * from {{ ref('dim_components') }}

),

final as (

    select
        steps.platform_id,
        steps.window_end,
        steps.scenario_id,
        components.component_key,
        limits.layer,
        limits.interval_method,
        -- a definition by itself, beside all of them together
        coalesce(limits.input_name, {{ no_element() }}) as definition_id,
        components.component_id,
        cast(limits.low as decimal(18, 4)) as low_wan,
        cast(coalesce(limits.central, steps.value) as decimal(18, 4)) as central_wan,
        cast(limits.high as decimal(18, 4)) as high_wan,
        case
            when limits.interval_method = 'corners' then 'range'
            when limits.layer = 'assumptions' then 'quantiles_of_assumptions'
            else 'confidence_limits'
        end as limits_are,
        limits.interval_method != 'corners' and limits.layer != 'assumptions'
            as is_probability,
        cast(
            case when limits.interval_method != 'corners' then 0.95 end
            as decimal(4, 2)
        ) as level,
        limits.is_bounded,
        limits.varied_inputs,
        limits.held_inputs,
        limits.invalid_draws,
        steps.is_extrapolated,
        steps.weakest_provenance
    from limits
    inner join steps
        on
            limits.platform_id = steps.platform_id
            and cast(limits.window_end as date) = steps.window_end
            and limits.scenario_id = steps.scenario_id
            and limits.component_id = steps.component_id
    inner join components
        on
            steps.method_id = components.method_id
            and steps.component_id = components.component_id
    where limits.layer != 'swing'

)

select * from final
