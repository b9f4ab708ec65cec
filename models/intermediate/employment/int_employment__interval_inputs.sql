-- Which uncertain inputs each interval covers. A method that covers none of a component
-- makes no interval of it.
with uncertain_inputs as (

    select * from {{ ref('int_employment__uncertain_inputs') }}

),

component_leaves as (

    select * from {{ ref('int_employment__component_leaves') }}

),

provenance_kinds as (

    select * from {{ ref('dim_provenance_kinds') }}

),

leaf_inputs as (

    select
        *,
        component_id as leaf_component_id
    from uncertain_inputs

    union all

    -- supply chain jobs are a multiple of merchant jobs
    select
        *,
        'supply_chain' as leaf_component_id
    from uncertain_inputs
    where component_id = 'merchants'

),

component_inputs as (

    select distinct
        leaf_inputs.platform_id,
        leaf_inputs.window_end,
        leaf_inputs.scenario_id,
        component_leaves.component_id,
        leaf_inputs.input_name,
        leaf_inputs.uncertainty_kind,
        provenance_kinds.provenance_rank
    from leaf_inputs
    inner join component_leaves
        on leaf_inputs.leaf_component_id = component_leaves.leaf_component_id
    inner join provenance_kinds
        on leaf_inputs.provenance = provenance_kinds.provenance

),

methods as (

    select
        *,
        'monte_carlo' as interval_method
    from component_inputs

    union all

    select
        *,
        'rounding' as interval_method
    from component_inputs
    where uncertainty_kind = 'rounding'

    union all

    select
        *,
        'delta_method' as interval_method
    from component_inputs
    where input_name = 'productivity_wan_yuan_per_job'

    union all

    select
        *,
        'bootstrap' as interval_method
    from component_inputs
    where input_name = 'productivity_wan_yuan_per_job'

),

final as (

    select
        platform_id,
        window_end,
        scenario_id,
        component_id,
        interval_method,
        {{ dbt.listagg('input_name', "', '", 'order by input_name') }} as varied_inputs,
        max(provenance_rank) as weakest_provenance_rank
    from methods
    group by platform_id, window_end, scenario_id, component_id, interval_method

)

select * from final
