with source as (

    select * from {{ ref('components') }}

),

parents as (

    select distinct
        method_id,
        parent_component_id
    from source
    where parent_component_id is not null

),

typed as (

    select
        method_id || '/' || component_id as component_key,
        method_id,
        component_id,
        parent_component_id,
        {{ integer_from_text('sort_order') }} as sort_order,
        layer,
        unit_counted,
        name_zh,
        name_en,
        definition_zh,
        definition_en,
        seed_file as seed,
        seed_line
    from source

),

final as (

    select
        typed.component_key,
        typed.method_id,
        typed.component_id,
        typed.parent_component_id,
        typed.sort_order,
        typed.layer,
        typed.unit_counted,
        typed.name_zh,
        typed.name_en,
        typed.definition_zh,
        typed.definition_en,
        parents.parent_component_id is null as is_leaf,
        typed.seed,
        typed.seed_line
    from typed
    left join parents
        on
            typed.method_id = parents.method_id
            and typed.component_id = parents.parent_component_id

)

select * from final
