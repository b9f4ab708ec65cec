-- Every input that is varied. One without known uncertainty has no row: creators with
-- income ("over 2000"), shares and sizes of tiers and institutions apart from their
-- factors, the implied mean turnover, the input-output ratio.
with merchant_inputs as (

    select * from {{ ref('int_merchants__uncertain_inputs') }}

),

content_inputs as (

    select * from {{ ref('int_content__uncertain_inputs') }}

),

scenarios as (

    select * from {{ ref('dim_scenarios') }}

),

coverage as (

    select * from {{ ref('aud_estimate_coverage') }}

),

inputs as (

    select
        platform_id,
        window_end,
        scenario_id,
        input_name,
        'merchants' as component_id,
        low,
        central,
        high,
        distribution,
        uncertainty_kind,
        provenance
    from merchant_inputs

    union all

    select
        coverage.platform_id,
        coverage.window_end,
        coverage.scenario_id,
        content_inputs.input_name,
        content_inputs.component_id,
        content_inputs.low,
        content_inputs.central,
        content_inputs.high,
        content_inputs.distribution,
        content_inputs.uncertainty_kind,
        content_inputs.provenance
    from coverage
    inner join scenarios
        on
            coverage.platform_id = scenarios.platform_id
            and coverage.scenario_id = scenarios.scenario_id
            -- low and high are the very values that such a scenario is about
            and scenarios.assumption_level = 'central'
    cross join content_inputs

),

final as (

    select
        inputs.platform_id,
        inputs.window_end,
        inputs.scenario_id,
        inputs.input_name,
        inputs.component_id,
        inputs.low,
        inputs.central,
        inputs.high,
        inputs.distribution,
        inputs.uncertainty_kind,
        inputs.provenance
    from inputs
    inner join coverage
        on
            inputs.platform_id = coverage.platform_id
            and inputs.window_end = coverage.window_end
            and inputs.scenario_id = coverage.scenario_id
            and coverage.is_estimated
    where inputs.low < inputs.high

)

select * from final
