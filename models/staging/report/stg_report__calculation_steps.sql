with source as (

    select * from {{ ref('calculation_steps') }}

),

final as (

    select
        step_id,
        platform_id,
        {{ integer_from_text('step_order') }} as step_order,
        leads_to_step_id,
        name_zh,
        name_en,
        formula,
        model_name,
        row_key,
        column_name,
        unit
    from source

)

select * from final
