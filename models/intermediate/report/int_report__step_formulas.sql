-- The formulas of the steps with numbers in place of {step} and {step.column}.
with recursive steps as (

    select * from {{ ref('int_report__step_values') }}

),

warehouse_values as (

    select * from {{ ref('int_verdicts__warehouse_values') }}

),

names as (

    select
        '{' || step_id || '}' as name,
        {{ plain_number('value') }} as number
    from steps

    union all

    select
        '{' || steps.step_id || '.' || warehouse_values.column_name || '}' as name,
        {{ plain_number('warehouse_values.value') }} as number
    from steps
    inner join warehouse_values
        on
            steps.model_name = warehouse_values.model_name
            and steps.row_key = warehouse_values.row_key

),

replacements as (

    select
        steps.step_id,
        names.name,
        names.number,
        row_number() over (partition by steps.step_id order by names.name) as position
    from steps
    inner join names
        on {{ dbt.position('names.name', 'steps.formula') }} > 0

),

filled as (

    select
        step_id,
        formula,
        0 as position
    from steps

    union all

    select
        filled.step_id,
        replace(filled.formula, replacements.name, replacements.number) as formula,
        replacements.position
    from filled
    inner join replacements
        on
            filled.step_id = replacements.step_id
            and filled.position + 1 = replacements.position

),

ranked as (

    select
        *,
        row_number() over (partition by step_id order by position desc) as recency
    from filled

),

final as (

    select
        step_id,
        formula
    from ranked
    where recency = 1

)

select * from final
