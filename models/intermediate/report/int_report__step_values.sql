-- The steps of the calculation with the values that they have in this build, for the
-- platforms that it has.
with steps as (

    select * from {{ ref('stg_report__calculation_steps') }}

),

platforms as (

    select * from {{ ref('dim_platforms') }}

),

warehouse_values as (

    select * from {{ ref('int_verdicts__warehouse_values') }}

),

final as (

    select
        steps.step_id,
        steps.step_order,
        steps.leads_to_step_id,
        steps.name_zh,
        steps.name_en,
        steps.formula,
        warehouse_values.value,
        steps.unit,
        steps.model_name,
        steps.row_key,
        steps.column_name,
        warehouse_values.weakest_provenance,
        warehouse_values.source_id
    from steps
    inner join platforms
        on steps.platform_id = platforms.platform_id
    left join warehouse_values
        on
            steps.model_name = warehouse_values.model_name
            and steps.row_key = warehouse_values.row_key
            and steps.column_name = warehouse_values.column_name

)

select * from final
