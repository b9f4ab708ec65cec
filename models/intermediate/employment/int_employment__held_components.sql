-- A scenario at one end of the assumptions is about that end, and does not vary them.
with scenarios as (

    select * from {{ ref('dim_scenarios') }}

),

content_inputs as (

    select * from {{ ref('int_content__uncertain_inputs') }}

),

component_leaves as (

    select * from {{ ref('int_employment__component_leaves') }}

),

final as (

    select distinct
        scenarios.platform_id,
        scenarios.scenario_id,
        component_leaves.component_id
    from scenarios
    cross join content_inputs
    inner join component_leaves
        on content_inputs.component_id = component_leaves.leaf_component_id
    where scenarios.assumption_level != 'central'

)

select * from final
