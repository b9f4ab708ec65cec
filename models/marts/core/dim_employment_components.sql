with components as (

    select * from {{ ref('stg_reference__employment_components') }}

),

component_leaves as (

    select * from {{ ref('int_employment__component_leaves') }}

),

final as (

    select
        components.component_id,
        components.parent_component_id,
        components.sort_order,
        components.name_zh,
        components.name_en,
        components.definition_zh,
        components.definition_en,
        component_leaves.leaf_component_id is not null as is_leaf
    from components
    left join component_leaves
        on
            components.component_id = component_leaves.component_id
            and components.component_id = component_leaves.leaf_component_id

)

select * from final
