with limits as (

    select * from {{ ref('est_limits') }}

),

inputs as (

    select * from {{ ref('int_chain__all_inputs') }}

),

names as (

    select
        cast(null as {{ dbt.type_string() }}) as method_id,
        input_name,
        name_zh,
        name_en,
        unit
    from {{ ref('dim_inputs') }}

    union all

    -- a step that rows of input values may give is an input too
    select
        steps.method_id,
        steps.step_id as input_name,
        steps.name_zh,
        steps.name_en,
        steps.unit
    from {{ ref('dim_steps') }} as steps
    left join {{ ref('dim_inputs') }} as known
        on steps.step_id = known.input_name
    where steps.can_be_overridden and known.input_name is null

),

totals as (

    select
        method_id,
        unit_counted
    from {{ ref('dim_components') }}
    where parent_component_id is null

),

estimates as (

    select * from {{ ref('dim_estimates') }}

),

units as (

    select * from {{ ref('dim_units') }}

),

-- an input that cancels moves nothing
swings as (

    select
        *,
        cast(window_end as date) as window_date,
        cast(low as decimal(18, 4)) as total_at_low_wan,
        cast(high as decimal(18, 4)) as total_at_high_wan
    from limits
    where
        layer = 'swing'
        and (abs(high - low) > 0.00005 or high is null or low is null)

),

final as (

    select
        swings.platform_id,
        swings.window_date as window_end,
        swings.scenario_id,
        {{ scenario_key('swings') }} as scenario_key,
        {{ window_key('swings') }} as window_key,
        {{ estimate_key('swings') }} as estimate_key,
        swings.input_name,
        names.name_zh,
        names.name_en,
        units.name_zh as unit_zh,
        units.name_en as unit_en,
        inputs.low as input_low,
        inputs.central as input_central,
        inputs.high as input_high,
        inputs.distribution,
        inputs.uncertainty_kind,
        totals.unit_counted,
        swings.total_at_low_wan,
        swings.total_at_high_wan,
        cast(
            abs(swings.total_at_high_wan - swings.total_at_low_wan) as decimal(18, 4)
        ) as swing_wan,
        row_number() over (
            partition by swings.platform_id, swings.window_date, swings.scenario_id
            order by
                abs(swings.total_at_high_wan - swings.total_at_low_wan) desc,
                swings.input_name asc
        ) as swing_rank,
        inputs.provenance,
        estimates.is_extrapolated
    from swings
    inner join estimates
        on {{ estimate_key('swings') }} = estimates.estimate_key
    inner join totals
        on swings.method_id = totals.method_id
    inner join names
        on
            swings.input_name = names.input_name
            and swings.method_id = coalesce(names.method_id, swings.method_id)
    inner join units
        on names.unit = units.unit
    -- the elements of an input that is varied each have a low and a high value
    left join inputs
        on
            swings.platform_id = inputs.platform_id
            and swings.window_date = inputs.window_end
            and swings.scenario_id = inputs.scenario_id
            and swings.input_name = inputs.input_name
            and inputs.element_id = '-'

)

select * from final
