{#- The steps that are components, as jobs in 万: those that are calculated, or those that add
    others up.

    condition   on the columns of dim_components, as `components`
    relation    of steps like est_steps -#}
{% macro component_jobs(condition, relation) -%}
-- a window is estimated only when every component can be: a total of some of its parts
-- would pass for the whole
with steps as (

    select * from {{ relation }}
    qualify max(missing_inputs) over (
        partition by platform_id, window_end, scenario_id
    ) is null

),

components as (

    select * from {{ ref('dim_components') }}

),

units as (

    select * from {{ ref('dim_units') }}

),

final as (

    select
        steps.platform_id,
        cast(steps.window_end as date) as window_end,
        steps.scenario_id,
        {{ scenario_key('steps') }} as scenario_key,
        {{ window_key('steps') }} as window_key,
        {{ estimate_key('steps') }} as estimate_key,
        components.component_key,
        components.component_id,
        components.unit_counted,
        cast(
            cast(cast(steps.value as decimal(38, 10)) as decimal(24, 8))
            * cast(units.scale / 10000 as decimal(14, 8)) as decimal(18, 4)
        ) as jobs_wan_of_scenario,
        steps.is_extrapolated,
        steps.carried_since,
        steps.input_provenance,
        steps.weakest_provenance
    from steps
    inner join components
        on
            steps.method_id = components.method_id
            and steps.component_id = components.component_id
    inner join units
        on steps.unit = units.unit
    -- a component with two ends and no central value is in fct_uncertainty alone
    where {{ condition }} and steps.value is not null

)

select * from final
{%- endmacro %}
