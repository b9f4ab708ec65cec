with source as (

    select * from {{ ref('inputs') }}

),

final as (

    select
        input_name,
        unit,
        element_set,
        role,
        value_constraint,
        {{ boolean_from_text('is_carried') }} as is_carried,
        name_zh,
        name_en,
        seed_file as seed,
        seed_line
    from source

)

select * from final
