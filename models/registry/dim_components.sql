with recursive source as (

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

-- from the total downwards: which large and which middle group a component belongs to
levels as (

    select
        component_key,
        method_id,
        component_id,
        0 as depth,
        name_zh as level_1_zh,
        name_en as level_1_en,
        name_zh as level_2_zh,
        name_en as level_2_en
    from typed
    where parent_component_id is null

    union all

    select
        typed.component_key,
        typed.method_id,
        typed.component_id,
        levels.depth + 1 as depth,
        case when levels.depth = 0 then typed.name_zh else levels.level_1_zh end
            as level_1_zh,
        case when levels.depth = 0 then typed.name_en else levels.level_1_en end
            as level_1_en,
        case when levels.depth < 2 then typed.name_zh else levels.level_2_zh end
            as level_2_zh,
        case when levels.depth < 2 then typed.name_en else levels.level_2_en end
            as level_2_en
    from typed
    inner join levels
        on
            typed.method_id = levels.method_id
            and typed.parent_component_id = levels.component_id

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
        levels.level_1_zh,
        levels.level_1_en,
        levels.level_2_zh,
        levels.level_2_en,
        parents.parent_component_id is null as is_leaf,
        typed.seed,
        typed.seed_line
    from typed
    left join parents
        on
            typed.method_id = parents.method_id
            and typed.component_id = parents.parent_component_id
    left join levels
        on typed.component_key = levels.component_key

)

select * from final
