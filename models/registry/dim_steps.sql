with formulas as (

    select * from {{ ref('int_chain__formulas') }}

),

steps as (

    select * from {{ ref('steps') }}

),

components as (

    select * from {{ ref('dim_components') }}

),

final as (

    select
        formulas.method_id,
        formulas.step_id,
        formulas.evaluation_order,
        formulas.component_id,
        coalesce(steps.name_zh, components.name_zh) as name_zh,
        coalesce(steps.name_en, components.name_en) as name_en,
        formulas.formula,
        formulas.decimals,
        formulas.unit,
        formulas.element_set,
        steps.role,
        coalesce(steps.value_constraint, 'any') as value_constraint,
        coalesce(steps.can_be_overridden = 'true', false) as can_be_overridden,
        coalesce(steps.is_rounding = 'true', false) as is_rounding,
        formulas.stage,
        formulas.seed,
        formulas.seed_line
    from formulas
    left join steps
        on
            formulas.method_id = steps.method_id
            and formulas.step_id = steps.step_id
    left join components
        on
            formulas.method_id = components.method_id
            and formulas.step_id = components.component_id

)

select * from final
