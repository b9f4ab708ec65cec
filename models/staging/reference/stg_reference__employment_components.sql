with source as (

    select * from {{ ref('employment_components') }}

),

final as (

    select
        component_id,
        parent_component_id,
        {{ integer_from_text('sort_order') }} as sort_order,
        name_zh,
        name_en,
        definition_zh,
        definition_en
    from source

)

select * from final
