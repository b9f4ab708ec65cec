-- Every kind of input that a component rests on, and the weakest.
with leaf_inputs as (

    select * from {{ ref('int_employment__leaf_inputs') }}

),

component_leaves as (

    select * from {{ ref('int_employment__component_leaves') }}

),

provenance_kinds as (

    select * from {{ ref('dim_provenance_kinds') }}

),

component_inputs as (

    select distinct
        leaf_inputs.platform_id,
        leaf_inputs.window_end,
        leaf_inputs.scenario_id,
        component_leaves.component_id,
        provenance_kinds.provenance,
        provenance_kinds.provenance_rank
    from leaf_inputs
    inner join component_leaves
        on leaf_inputs.component_id = component_leaves.leaf_component_id
    inner join provenance_kinds
        on leaf_inputs.provenance = provenance_kinds.provenance

),

final as (

    select
        platform_id,
        window_end,
        scenario_id,
        component_id,
        {{ dbt.listagg('provenance', "', '", 'order by provenance_rank') }}
            as input_provenance,
        max(provenance_rank) as weakest_provenance_rank
    from component_inputs
    group by platform_id, window_end, scenario_id, component_id

)

select * from final
