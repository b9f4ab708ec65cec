with input_values as (

    select * from {{ ref('stg_platform__input_values') }}

),

inputs as (

    select * from {{ ref('dim_inputs') }}

),

problems as (

    select
        input_values.seed,
        input_values.seed_line,
        input_values.unit as value,
        input_values.input_name || ' is in ' || inputs.unit || ', not in '
        || input_values.unit as problem
    from input_values
    inner join inputs
        on input_values.input_name = inputs.input_name
    where input_values.unit != inputs.unit

    union all

    select
        input_values.seed,
        input_values.seed_line,
        input_values.element_id as value,
        input_values.input_name || ' has '
        || case inputs.element_set
            when '-' then 'one value and no elements'
            else 'a value for each ' || inputs.element_set
        end || ', not one for ' || input_values.element_id as problem
    from input_values
    inner join inputs
        on input_values.input_name = inputs.input_name
    where
        (inputs.element_set = '-')
        != (input_values.element_id = '-')

)

select * from problems
