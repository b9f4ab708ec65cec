-- Every component with the calculated components that it adds up, itself included.
with recursive components as (

    select * from {{ ref('stg_reference__employment_components') }}

),

descendants as (

    select
        component_id,
        component_id as descendant_id
    from components

    union all

    select
        descendants.component_id,
        components.component_id as descendant_id
    from descendants
    inner join components
        on descendants.descendant_id = components.parent_component_id

),

final as (

    select
        descendants.component_id,
        descendants.descendant_id as leaf_component_id
    from descendants
    left join components
        on descendants.descendant_id = components.parent_component_id
    where components.component_id is null

)

select * from final
